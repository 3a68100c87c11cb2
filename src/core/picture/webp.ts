import { broken, isText, joined, type Checked, viewOf, type Walked } from './picture.ts'

const FILE_HEAD_BYTES = 12
const CHUNK_HEAD_BYTES = 8
const ALPHA = 0x10
const ANIMATION = 0x02
const KEY_FRAME_START = [0x9d, 0x01, 0x2a]
const LOSSLESS_START = 0x2f

type Size = { readonly width: number; readonly height: number }
type Chunk = { readonly name: string; readonly body: Uint8Array; readonly end: number }
type Found = { canvas?: Size; alpha?: Uint8Array; frame?: Chunk; size?: Size }

/**
 * Walks a WebP file to its end and gives back the chunks that make up the picture. EXIF, XMP, profiles, unknown chunks
 * and what follows the end are left out; browsers do not ask a WebP file how the camera was held. Pure; a file that is
 * cut short or wrong inside, or moves, is `broken`.
 */
export function walkWebp(bytes: Uint8Array): Checked<Walked> {
  const end = CHUNK_HEAD_BYTES + viewOf(bytes).getUint32(4, true)
  if (end > bytes.length) return broken('the picture ends too soon')
  const found: Found = {}
  for (let at = FILE_HEAD_BYTES; at < end;) {
    const chunk = chunkAt(bytes, at, end)
    if (chunk === undefined) return broken('the picture ends too soon, or is damaged inside')
    const fault = take(found, chunk, at === FILE_HEAD_BYTES)
    if (fault !== undefined) return broken(fault)
    at = chunk.end
  }
  const { canvas, frame, size } = found
  if (frame === undefined || size === undefined) return broken('the picture has no pixels')
  if (canvas !== undefined && (canvas.width !== size.width || canvas.height !== size.height)) {
    return broken('the picture says two different sizes')
  }
  return { ok: { ...size, orientation: 1, parts: partsOf(found, frame, size) } }
}

/** Notes what a chunk holds; a sentence for one that makes the file unusable. */
function take(found: Found, { name, body, end }: Chunk, isFirst: boolean): string | undefined {
  if (isFirst && !['VP8X', 'VP8 ', 'VP8L'].includes(name)) return 'the picture does not begin with its head'
  if (name === 'ANIM' || name === 'ANMF') return 'moving pictures are not taken'
  if (name === 'VP8X') {
    if (!isFirst || body.length !== 10) return 'the head of the picture makes no sense'
    if (((body[0] ?? 0) & ANIMATION) !== 0) return 'moving pictures are not taken'
    found.canvas = { width: 1 + uint24(body, 4), height: 1 + uint24(body, 7) }
  } else if (name === 'VP8 ' || name === 'VP8L') {
    if (found.frame !== undefined) return 'the picture has more than one frame'
    const size = name === 'VP8 ' ? lossySize(body) : losslessSize(body)
    if (size === undefined) return 'the pixels are damaged'
    found.frame = { name, body, end }
    found.size = size
  } else if (name === 'ALPH') {
    if (found.alpha !== undefined || found.frame !== undefined)
      return 'the transparency is in the wrong place'
    found.alpha = body
  }
  return undefined
}

function chunkAt(bytes: Uint8Array, at: number, fileEnd: number): Chunk | undefined {
  if (at + CHUNK_HEAD_BYTES > fileEnd) return undefined
  const length = viewOf(bytes).getUint32(at + 4, true)
  const bodyEnd = at + CHUNK_HEAD_BYTES + length
  if (bodyEnd > fileEnd) return undefined
  const name = String.fromCharCode(...bytes.subarray(at, at + 4))
  const body = bytes.subarray(at + CHUNK_HEAD_BYTES, bodyEnd)
  // Chunks begin at even places; some writers leave the last filling byte out.
  return { name, body, end: Math.min(bodyEnd + (length % 2), fileEnd) }
}

function lossySize(body: Uint8Array): Size | undefined {
  if (body.length < 10 || KEY_FRAME_START.some((byte, index) => body[3 + index] !== byte)) return undefined
  const view = viewOf(body)
  const tag = (body[0] ?? 0) | ((body[1] ?? 0) << 8) | ((body[2] ?? 0) << 16)
  // The first bit is 0 for a picture that stands alone; from the sixth on stands the length of the first part.
  if ((tag & 1) !== 0 || tag >> 5 > body.length - 10) return undefined
  const size = { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff }
  return size.width === 0 || size.height === 0 ? undefined : size
}

function losslessSize(body: Uint8Array): Size | undefined {
  if (body.length < 5 || body[0] !== LOSSLESS_START) return undefined
  const bits = viewOf(body).getUint32(1, true)
  if (bits >>> 29 !== 0) return undefined
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
}

function partsOf(found: Found, frame: Chunk, size: Size): Uint8Array[] {
  // A lossless frame holds its own transparency.
  const alpha = frame.name === 'VP8 ' ? found.alpha : undefined
  const chunks = [
    ...(alpha === undefined ? [] : [chunk('VP8X', transparentHead(size)), chunk('ALPH', alpha)]),
    chunk(frame.name, frame.body),
  ]
  return [fileHead(chunks.reduce((sum, { length }) => sum + length, 4)), ...chunks]
}

function transparentHead({ width, height }: Size): Uint8Array {
  const body = new Uint8Array(10)
  body[0] = ALPHA
  for (const [at, value] of [
    [4, width - 1],
    [7, height - 1],
  ] as const)
    body.set([value & 0xff, (value >> 8) & 0xff, value >> 16], at)
  return body
}

function fileHead(length: number): Uint8Array {
  const made = new Uint8Array(FILE_HEAD_BYTES)
  write(made, 0, 'RIFF')
  viewOf(made).setUint32(4, length, true)
  write(made, 8, 'WEBP')
  return made
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const made = new Uint8Array(CHUNK_HEAD_BYTES)
  write(made, 0, name)
  viewOf(made).setUint32(4, body.length, true)
  return joined([made, body, new Uint8Array(body.length % 2)])
}

function write(bytes: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index)
}

function uint24(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
}

/** Says whether the bytes begin as a WebP file does. Pure. */
export function isWebp(bytes: Uint8Array): boolean {
  return isText(bytes, 0, 'RIFF') && isText(bytes, 8, 'WEBP')
}
