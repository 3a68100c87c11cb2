import { AppError } from '../errors.ts'

type Column = Int32Array | Int16Array | Uint8Array | Float32Array | Float64Array

/** Writes numbers, texts and typed arrays one after the other, each starting on a multiple of eight bytes. */
export type ByteWriter = {
  readonly number: (value: number) => void
  readonly text: (value: string) => void
  readonly column: (values: Column) => void
  readonly finish: () => Uint8Array
}

/** Reads back what a `ByteWriter` wrote, in the same order. Throws `invalid` past the end. */
export type ByteReader = {
  readonly number: () => number
  readonly text: () => string
  readonly int32: () => Int32Array
  readonly int16: () => Int16Array
  readonly uint8: () => Uint8Array
  readonly float32: () => Float32Array
  readonly float64: () => Float64Array
}

export function byteWriter(): ByteWriter {
  const chunks: Uint8Array[] = []
  let size = 0
  const encoder = new TextEncoder()
  const number = (value: number): void => {
    chunks.push(new Uint8Array(Float64Array.of(value).buffer))
    size += 8
  }
  const bytes = (values: Uint8Array): void => {
    number(values.length)
    const padded = new Uint8Array(Math.ceil(values.length / 8) * 8)
    padded.set(values)
    chunks.push(padded)
    size += padded.length
  }
  return {
    number,
    text: (value) => bytes(encoder.encode(value)),
    column: (values) => bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    finish: () => {
      const all = new Uint8Array(size + 8)
      let at = 0
      for (const chunk of chunks) {
        all.set(chunk, at)
        at += chunk.length
      }
      new Float64Array(all.buffer)[size / 8] = checksum(all, size)
      return all
    },
  }
}

export function byteReader(source: Uint8Array): ByteReader {
  const aligned = source.byteOffset % 8 === 0 ? source : source.slice()
  const size = aligned.length - 8
  if (size < 0 || size % 8 !== 0) throw damaged('its length is wrong')
  const numbers = new Float64Array(aligned.buffer, aligned.byteOffset, aligned.length / 8)
  if (numbers[size / 8] !== checksum(aligned, size)) throw damaged('its checksum does not match')
  const decoder = new TextDecoder()
  let at = 0
  const number = (): number => {
    const value = at < size ? numbers[at / 8] : undefined
    if (value === undefined) throw damaged('it ends too early')
    at += 8
    return value
  }
  const span = (): { from: number; length: number } => {
    const length = number()
    const from = aligned.byteOffset + at
    at += Math.ceil(length / 8) * 8
    if (!(at <= size)) throw damaged('it ends too early')
    return { from, length }
  }
  const { buffer } = aligned
  const view = <T>(make: (from: number, length: number) => T): T => {
    const { from, length } = span()
    return make(from, length)
  }
  return {
    number,
    text: () => view((from, length) => decoder.decode(new Uint8Array(buffer, from, length))),
    int32: () => view((from, length) => new Int32Array(buffer, from, length / 4)),
    int16: () => view((from, length) => new Int16Array(buffer, from, length / 2)),
    uint8: () => view((from, length) => new Uint8Array(buffer, from, length)),
    float32: () => view((from, length) => new Float32Array(buffer, from, length / 4)),
    float64: () => view((from, length) => new Float64Array(buffer, from, length / 8)),
  }
}

function checksum(bytes: Uint8Array, size: number): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, size / 4)
  let sum = 0x1505
  for (const word of words) sum = (Math.imul(sum, 33) + word) | 0
  return sum
}

function damaged(why: string): AppError {
  return new AppError(
    'invalid',
    `the stored classifier cannot be read: ${why}; delete the file and train again`,
  )
}
