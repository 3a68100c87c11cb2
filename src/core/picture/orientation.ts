import { isText, viewOf } from './picture.ts'

const ORIENTATION = 0x0112
const SHORT = 3
const ENTRY_BYTES = 12
/** Before the first directory: byte order, the number 42, where the directory is. */
const HEAD_BYTES = 8
const UPRIGHT = 1

/** How a camera was held, 1 to 8, from a block of EXIF (TIFF) data; 1, upright, when it says nothing readable. Pure. */
export function orientationOf(exif: Uint8Array): number {
  const bytes = isText(exif, 0, 'Exif\0\0') ? exif.subarray(6) : exif
  const isLittle = isText(bytes, 0, 'II*\0')
  if (!isLittle && !isText(bytes, 0, 'MM\0*')) return UPRIGHT
  if (bytes.length < HEAD_BYTES) return UPRIGHT
  const view = viewOf(bytes)
  const start = view.getUint32(4, isLittle)
  if (start + 2 > bytes.length) return UPRIGHT
  const count = view.getUint16(start, isLittle)
  for (let index = 0; index < count; index += 1) {
    const at = start + 2 + index * ENTRY_BYTES
    if (at + ENTRY_BYTES > bytes.length) return UPRIGHT
    if (view.getUint16(at, isLittle) !== ORIENTATION) continue
    const value = view.getUint16(at + 8, isLittle)
    return view.getUint16(at + 2, isLittle) === SHORT && value >= 1 && value <= 8 ? value : UPRIGHT
  }
  return UPRIGHT
}

/** A block of TIFF data that says how the camera was held, and nothing else. Pure. */
export function orientationBlock(orientation: number): Uint8Array {
  const block = new Uint8Array(HEAD_BYTES + 2 + ENTRY_BYTES + 4)
  const view = viewOf(block)
  block.set([0x4d, 0x4d, 0x00, 0x2a])
  view.setUint32(4, HEAD_BYTES)
  view.setUint16(HEAD_BYTES, 1)
  view.setUint16(HEAD_BYTES + 2, ORIENTATION)
  view.setUint16(HEAD_BYTES + 4, SHORT)
  view.setUint32(HEAD_BYTES + 6, 1)
  view.setUint16(HEAD_BYTES + 10, orientation)
  return block
}

/** Says whether a viewer turns such a picture onto its side, so that width and height change places. Pure. */
export function isOnItsSide(orientation: number): boolean {
  return orientation >= 5
}
