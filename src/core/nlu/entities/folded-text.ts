import { isIdeograph, simplified } from '../characters.ts'

/**
 * A text in the form the extractors compare, with a way back: unit `i` of `text` was written at
 * `starts[i]` to `ends[i]` of the original.
 */
export type FoldedText = {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** Invisible characters and, last, the ring that makes a key-cap emoji of a digit, as pairs from–to. */
const DROPPED = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x2064],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0x20e3, 0x20e3],
] as const
/** NFKC makes this an ASCII comma, which would join “3，500” into one number. */
const FULLWIDTH_COMMA = 0xff0c

const foldedForms = new Map<number, string>()

/** Folds width (NFKC), case and traditional characters, drops what is invisible, and keeps offsets. Pure. */
export function foldText(original: string): FoldedText {
  const starts: number[] = []
  const ends: number[] = []
  let text = ''
  for (let i = 0; i < original.length;) {
    const point = original.codePointAt(i) ?? 0
    const size = point > 0xffff ? 2 : 1
    const folded = foldPoint(point)
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(i)
      ends.push(i + size)
    }
    text += folded
    i += size
  }
  return { text, starts, ends }
}

/** Folds a word of the lexicon the way messages are folded. Pure. */
export function foldWord(word: string): string {
  return foldText(word).text
}

function foldPoint(point: number): string {
  const known = foldedForms.get(point)
  if (known !== undefined) return known
  const folded = computeFold(point)
  // Only the characters messages are made of are worth remembering; emoji and rare planes are not.
  if (point <= 0xffff) foldedForms.set(point, folded)
  return folded
}

function computeFold(point: number): string {
  if (isIdeograph(point)) return String.fromCharCode(simplified(point))
  const written = String.fromCodePoint(point)
  if (point === FULLWIDTH_COMMA) return written
  if (DROPPED.some(([from, to]) => point >= from && point <= to)) return ''
  return written.normalize('NFKC').toLowerCase()
}
