export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const
export type PictureType = (typeof PICTURE_TYPES)[number]

/** A picture without anything but its pixels: sizes are those a viewer shows, after turning it upright. */
export type Picture = {
  readonly mime: PictureType
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Why bytes are no picture we take: `type` another kind of file, `broken` cut short or wrong inside, `large` too many pixels. */
export type PictureFault = { readonly kind: 'type' | 'broken' | 'large'; readonly message: string }

export type Checked<Value> = { readonly ok: Value } | { readonly fault: PictureFault }

/** What a walk over one kind of file found. `width` and `height` are as stored, before turning. */
export type Walked = {
  readonly width: number
  readonly height: number
  readonly orientation: number
  readonly parts: readonly Uint8Array[]
}

// A camera of “50 megapixels” makes 8192 × 6144; decoded, that is 200 MB in the browser of whoever looks at it.
export const MOST_PIXELS = 8192 * 6144
export const LONGEST_SIDE = 20_000

export function broken(message: string): { readonly fault: PictureFault } {
  return { fault: { kind: 'broken', message } }
}

/** Joins parts into one piece of memory of its own. Pure. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Says whether the bytes at `at` are those of `text` (ASCII). Pure. */
export function isText(bytes: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > bytes.length) return false
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false
  }
  return true
}

/** A window on the bytes that reads numbers. Pure. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
