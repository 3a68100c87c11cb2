import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { AppError } from '../../core/errors.ts'

const VERSION = 1
const HEAD = /^\{"v":(\d{1,6}),"sum":"([0-9a-f]{64})","data":/
const LONGEST_HEAD = 128
const TAIL = Buffer.from('}\n')

/** A file whose content is not what was written. `bytes` is what was found, absent when the file is gone. */
export class CorruptFileError extends AppError {
  readonly path: string
  readonly bytes: Buffer | undefined

  constructor(path: string, found: string, bytes?: Buffer, cause?: unknown) {
    super('internal', `${path}: ${found}`, cause === undefined ? {} : { cause })
    this.path = path
    this.bytes = bytes
  }
}

/** A file's bytes for `data`: JSON whose checksum covers every byte of the data. */
export function seal(data: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(data))
  return Buffer.concat([Buffer.from(`{"v":${VERSION},"sum":"${sumOf(body)}","data":`), body, TAIL])
}

/** The data in a file's bytes. Throws `CorruptFileError` when they are not exactly what `seal` made. */
export function unseal<T>(path: string, bytes: Buffer, schema: z.ZodType<T>): T {
  const head = HEAD.exec(bytes.toString('latin1', 0, LONGEST_HEAD))
  if (head === null) throw new CorruptFileError(path, 'the beginning of the file is damaged', bytes)
  if (head[1] !== String(VERSION)) {
    throw new CorruptFileError(path, `format ${head[1]} is not format ${VERSION}`, bytes)
  }
  const body = bytes.subarray(head[0].length, bytes.length - TAIL.length)
  const tail = bytes.subarray(bytes.length - TAIL.length)
  if (!tail.equals(TAIL)) throw new CorruptFileError(path, 'the end of the file is missing', bytes)
  if (sumOf(body) !== head[2]) throw new CorruptFileError(path, 'the checksum does not match', bytes)
  const parsed = schema.safeParse(JSON.parse(body.toString('utf8')))
  if (!parsed.success) {
    throw new CorruptFileError(path, 'the content does not fit its schema', bytes, parsed.error)
  }
  return parsed.data
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
