import { crc32 } from './crc.ts'
import { orientationBlock, orientationOf } from './orientation.ts'
import { broken, isText, joined, type Checked, viewOf, type Walked } from './picture.ts'

const SIGNATURE_BYTES = 8
/** Length, name and check sum. */
const AROUND_BYTES = 12
/** What the pixels need, and the hints for colours that hold no words. */
const KEPT = ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT']
/** Bit depths by colour type. */
const DEPTHS: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
])

type Chunk = { readonly name: string; readonly body: Uint8Array; readonly whole: Uint8Array }

/**
 * Walks a PNG file to its end, checking every chunk's sum, and gives back the chunks that make up the picture. Texts,
 * EXIF but for how the camera was held, profiles, times, animation and what follows the end are left out. Pure; a
 * file that is cut short or wrong inside is `broken`.
 */
export function walkPng(bytes: Uint8Array): Checked<Walked> {
  const kept: Uint8Array[] = []
  let size: { readonly width: number; readonly height: number } | undefined
  let orientation = 1
  let before = ''
  let hasPixels = false
  let at = SIGNATURE_BYTES
  for (;;) {
    const chunk = chunkAt(bytes, at)
    if (chunk === undefined) return broken('the picture ends too soon, or is damaged inside')
    const { name, body, whole } = chunk
    at += whole.length
    if ((name === 'IHDR') !== (size === undefined)) return broken('the picture does not begin with its head')
    if (name === 'IHDR') {
      size = sizeOf(body)
      if (size === undefined) return broken('the head of the picture makes no sense')
    }
    if (name === 'eXIf') orientation = orientationOf(body)
    if (name === 'IDAT' && hasPixels && before !== 'IDAT') return broken('the pixels are not in one piece')
    hasPixels ||= name === 'IDAT' && body.length > 0
    before = name
    if (KEPT.includes(name)) kept.push(whole)
    else if (isCritical(name)) return broken(`the picture needs a chunk "${name}", which is not taken`)
    if (name !== 'IEND') continue
    if (size === undefined || !hasPixels || body.length > 0) return broken('the picture has no pixels')
    return { ok: { ...size, orientation, parts: withHead(bytes, kept, orientation) } }
  }
}

function chunkAt(bytes: Uint8Array, at: number): Chunk | undefined {
  if (at + AROUND_BYTES > bytes.length) return undefined
  const view = viewOf(bytes)
  const end = at + AROUND_BYTES + view.getUint32(at)
  if (end > bytes.length) return undefined
  const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
  if (!/^[A-Za-z]{4}$/.test(name)) return undefined
  if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) return undefined
  return { name, body: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) }
}

/** A capital first letter says that the picture cannot be shown without this chunk. */
function isCritical(name: string): boolean {
  return /^[A-Z]/.test(name)
}

function sizeOf(body: Uint8Array): { width: number; height: number } | undefined {
  if (body.length !== 13) return undefined
  const view = viewOf(body)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth, colour, compression, filter, interlace] = body.subarray(8)
  const isColour = DEPTHS.get(colour ?? -1)?.includes(depth ?? -1) === true
  const isPlain = compression === 0 && filter === 0 && (interlace === 0 || interlace === 1)
  return isColour && isPlain && width > 0 && height > 0 ? { width, height } : undefined
}

function withHead(bytes: Uint8Array, kept: readonly Uint8Array[], orientation: number): Uint8Array[] {
  const [head, ...rest] = kept
  const turned = orientation === 1 ? [] : [chunk('eXIf', orientationBlock(orientation))]
  return [bytes.subarray(0, SIGNATURE_BYTES), ...(head === undefined ? [] : [head]), ...turned, ...rest]
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const named = joined([Uint8Array.from(name, (letter) => letter.charCodeAt(0)), body])
  const around = new Uint8Array(AROUND_BYTES + body.length)
  around.set(named, 4)
  const view = viewOf(around)
  view.setUint32(0, body.length)
  view.setUint32(around.length - 4, crc32(named))
  return around
}

/** Says whether the bytes begin as a PNG file does. Pure. */
export function isPng(bytes: Uint8Array): boolean {
  return isText(bytes, 0, '\x89PNG\r\n\x1a\n')
}
