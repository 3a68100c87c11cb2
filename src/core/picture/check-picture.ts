import { walkJpeg } from './jpeg.ts'
import { isOnItsSide } from './orientation.ts'
import {
  type Checked,
  isText,
  joined,
  LONGEST_SIDE,
  MOST_PIXELS,
  type Picture,
  type PictureType,
  type Walked,
} from './picture.ts'
import { isPng, walkPng } from './png.ts'
import { isWebp, walkWebp } from './webp.ts'

type Kind = {
  readonly mime: PictureType
  readonly is: (bytes: Uint8Array) => boolean
  readonly walk: (bytes: Uint8Array) => Checked<Walked>
}

const KINDS: readonly Kind[] = [
  { mime: 'image/jpeg', is: (bytes) => isText(bytes, 0, '\xff\xd8\xff'), walk: walkJpeg },
  { mime: 'image/png', is: isPng, walk: walkPng },
  { mime: 'image/webp', is: isWebp, walk: walkWebp },
]

/** What people try to send instead, by how it begins. */
const OTHERS: readonly (readonly [name: string, at: number, text: string])[] = [
  ['GIF', 0, 'GIF8'],
  ['PDF', 0, '%PDF'],
  ['BMP', 0, 'BM'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['HEIC', 4, 'ftyphei'],
  ['HEIC', 4, 'ftypmif'],
  ['AVIF', 4, 'ftypavi'],
  ['video', 4, 'ftyp'],
  ['ZIP', 0, 'PK'],
]

/**
 * Tells by its content whether a file is a picture we take, and gives it back with nothing in it but the pixels and,
 * for JPEG and PNG, how the camera was held: no place, no time, no camera, no words, nothing behind the end.
 *
 * Pure. The name and type a sender gave are not asked. Pixels themselves are not decoded: sizes are the declared ones.
 */
export function checkPicture(bytes: Uint8Array): Checked<Picture> {
  const kind = KINDS.find(({ is }) => is(bytes))
  if (kind === undefined) {
    return {
      fault: { kind: 'type', message: `${nameOf(bytes)}; only JPEG, PNG and WebP pictures are taken` },
    }
  }
  const walked = kind.walk(bytes)
  if ('fault' in walked) return walked
  const { width, height, orientation, parts } = walked.ok
  if (width * height > MOST_PIXELS || Math.max(width, height) > LONGEST_SIDE) {
    return {
      fault: {
        kind: 'large',
        message: `the picture is ${width} × ${height} pixels large; at most 50 megapixels are taken`,
      },
    }
  }
  const shown = isOnItsSide(orientation) ? { width: height, height: width } : { width, height }
  return { ok: { mime: kind.mime, ...shown, data: joined(parts) } }
}

function nameOf(bytes: Uint8Array): string {
  const other = OTHERS.find(([, at, text]) => isText(bytes, at, text))
  if (other !== undefined) return `this is a ${other[0]} file`
  return /^\s*(?:\uFEFF\s*)?</.test(String.fromCharCode(...bytes.subarray(0, 64)))
    ? 'this is a page or a drawing made of text'
    : 'this is no picture'
}
