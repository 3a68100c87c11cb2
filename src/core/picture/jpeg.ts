import { orientationBlock, orientationOf } from './orientation.ts'
import { broken, isText, joined, type Checked, viewOf, type Walked } from './picture.ts'

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const DQT = 0xdb
const DHT = 0xc4
const DRI = 0xdd
const APP0 = 0xe0
const APP1 = 0xe1
const APP14 = 0xee
const APP15 = 0xef
const COMMENT = 0xfe
/** Baseline, extended and progressive: what browsers decode. */
const FRAMES = [0xc0, 0xc1, 0xc2]
/** Each scan makes a decoder go over the whole picture; cameras make about ten. */
const MOST_SCANS = 100
const JFIF_BYTES = 14
const ADOBE_BYTES = 12

type Segment = { readonly marker: number; readonly body: Uint8Array; readonly whole: Uint8Array }

/**
 * Walks a JPEG file to its end and gives back the segments that make up the picture: tables, frame, scans, and how
 * the camera was held. Everything else (EXIF, XMP, IPTC, comments, profiles, previews, what follows the end) is left
 * out. Pure; a file that is cut short or wrong inside is `broken`.
 */
export function walkJpeg(bytes: Uint8Array): Checked<Walked> {
  const kept: Uint8Array[] = []
  let size: { readonly width: number; readonly height: number } | undefined
  let orientation = 1
  let scans = 0
  let at = 2
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1
    const marker = bytes[at + 1]
    if (bytes[at] !== 0xff || marker === undefined) return broken('the picture ends too soon')
    if (marker === EOI) {
      if (size === undefined || scans === 0) return broken('the picture has no pixels')
      return { ok: { ...size, orientation, parts: withHead(kept, orientation) } }
    }
    const segment = segmentAt(bytes, at, marker)
    if (segment === undefined) return broken('the picture ends too soon, or is damaged inside')
    at += segment.whole.length
    if (marker === APP1 && isText(segment.body, 0, 'Exif\0\0')) orientation = orientationOf(segment.body)
    if (FRAMES.includes(marker)) {
      if (size !== undefined) return broken('the picture has more than one frame')
      size = sizeOf(segment.body)
      if (size === undefined) return broken('the picture says no size that can be read')
    }
    const part = keptPart(segment)
    if (part === 'unknown') return broken('this way of JPEG compression is not taken')
    if (part !== undefined) kept.push(part)
    if (marker !== SOS) continue
    scans += 1
    if (scans > MOST_SCANS) return broken('the picture has too many scans')
    const end = scanEnd(bytes, at)
    kept.push(bytes.subarray(at, end))
    at = end
  }
}

function segmentAt(bytes: Uint8Array, at: number, marker: number): Segment | undefined {
  if (at + 4 > bytes.length) return undefined
  const length = viewOf(bytes).getUint16(at + 2)
  const end = at + 2 + length
  if (length < 2 || end > bytes.length) return undefined
  return { marker, body: bytes.subarray(at + 4, end), whole: bytes.subarray(at, end) }
}

/** What stays of a segment; undefined for one that is left out. */
function keptPart({ marker, body, whole }: Segment): Uint8Array | 'unknown' | undefined {
  if (marker === DQT) return isQuantisation(body) ? whole : 'unknown'
  if (marker === DHT) return isHuffman(body) ? whole : 'unknown'
  if (marker === DRI) return body.length === 2 ? whole : 'unknown'
  if (marker === SOS) return body.length === 4 + 2 * (body[0] ?? 0) ? whole : 'unknown'
  if (FRAMES.includes(marker)) return body.length === 6 + 3 * (body[5] ?? 0) ? whole : 'unknown'
  if (marker === APP0 && isText(body, 0, 'JFIF\0')) return jfif(body)
  // Says how the colours are stored: without it CMYK pictures come out inverted.
  if (marker === APP14 && isText(body, 0, 'Adobe') && body.length >= ADOBE_BYTES) return adobe(body)
  if ((marker >= APP0 && marker <= APP15) || marker === COMMENT) return undefined
  return 'unknown'
}

/** The JFIF head without its preview picture. */
function jfif(body: Uint8Array): Uint8Array | undefined {
  if (body.length < JFIF_BYTES) return undefined
  const kept = body.slice(0, JFIF_BYTES)
  kept.fill(0, JFIF_BYTES - 2)
  return segment(APP0, kept)
}

function adobe(body: Uint8Array): Uint8Array {
  return segment(APP14, body.subarray(0, ADOBE_BYTES))
}

function segment(marker: number, body: Uint8Array): Uint8Array {
  const length = body.length + 2
  return joined([new Uint8Array([0xff, marker, length >> 8, length & 0xff]), body])
}

/** Tables of 64 values, of one byte each or two, and nothing between or behind them. */
function isQuantisation(body: Uint8Array): boolean {
  let at = 0
  while (at < body.length) at += 1 + ((body[at] ?? 0) >> 4 === 0 ? 64 : 128)
  return at === body.length && at > 0
}

/** Tables of 16 counts and as many values as these add up to, and nothing between or behind them. */
function isHuffman(body: Uint8Array): boolean {
  let at = 0
  while (at < body.length) {
    const counts = body.subarray(at + 1, at + 17)
    at += 17 + counts.reduce((sum, count) => sum + count, 0)
  }
  return at === body.length && at > 0
}

function sizeOf(body: Uint8Array): { width: number; height: number } | undefined {
  if (body.length < 6) return undefined
  const view = viewOf(body)
  const [height, width] = [view.getUint16(1), view.getUint16(3)]
  return width === 0 || height === 0 ? undefined : { width, height }
}

/** Where the coded pixels end: at the next marker that is neither an escaped 0xff nor a restart. */
function scanEnd(bytes: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0) return bytes.length
    const next = bytes[at + 1]
    const isPixels = next === 0 || (next !== undefined && next >= 0xd0 && next <= 0xd7)
    if (!isPixels && next !== 0xff) return at
    at += next === 0xff ? 1 : 2
  }
}

function withHead(kept: readonly Uint8Array[], orientation: number): Uint8Array[] {
  const [first, ...rest] = kept
  const turned = orientation === 1 ? [] : [exifSegment(orientation)]
  const hasJfif = first?.[1] === APP0
  const head = hasJfif && first !== undefined ? [first, ...turned, ...rest] : [...turned, ...kept]
  return [new Uint8Array([0xff, SOI]), ...head, new Uint8Array([0xff, EOI])]
}

function exifSegment(orientation: number): Uint8Array {
  const name = new Uint8Array([0x45, 0x78, 0x69, 0x66, 0, 0])
  return segment(APP1, joined([name, orientationBlock(orientation)]))
}
