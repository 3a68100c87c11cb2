import { DIGIT, kindOf, LOOKALIKE, MASKED_CARD, MASKED_OTHER, MASKED_SECRET, WALL } from './numerals.ts'
import type { Piece } from './pieces.ts'

export type MaskKind =
  | 'card'
  | 'track'
  | 'chip'
  /** CVV, PIN, one-time password, expiry. */
  | 'secret'
  | 'identity'
  | 'payment_code'
  | 'account'
  | 'phone'

/** Something to be masked. Offsets are of the reading. */
export type Find = {
  readonly kind: MaskKind | 'kept'
  readonly start: number
  readonly end: number
  readonly last4?: string
}

export type Found = Find & { readonly kind: MaskKind }

/** A reading on which what is found is blotted out step by step, so that nothing is found twice. */
export type Page = { readonly text: string; readonly pieces: readonly Piece[] }

/** Blots out `finds` (in order, apart from each other): later searches see a wall there. Pure, linear. */
export function blot(text: string, finds: readonly Find[]): string {
  if (finds.length === 0) return text
  let out = ''
  let at = 0
  for (const find of finds) {
    out += text.slice(at, find.start) + markOf(find.kind).repeat(find.end - find.start)
    at = find.end
  }
  return out + text.slice(at)
}

/** The page without `finds` (in order, apart from each other). Pure; the same page when there are none. */
export function blotPage(page: Page, finds: readonly Find[]): Page {
  if (finds.length === 0) return page
  const pieces: Piece[] = []
  let next = 0
  let cut = false
  for (const piece of page.pieces) {
    while ((finds[next]?.end ?? Infinity) <= piece.start) {
      next++
      cut = true
    }
    if ((finds[next]?.start ?? Infinity) < piece.end) continue
    pieces.push(cut && piece.chained ? { ...piece, chained: false } : piece)
    cut = false
  }
  return { text: blot(page.text, finds), pieces }
}

function markOf(kind: Find['kind']): string {
  if (kind === 'card') return MASKED_CARD
  return kind === 'secret' ? MASKED_SECRET : MASKED_OTHER
}

/** The words after `end`, up to the next number or masked place, at most 24 units. Pure. */
export function wordsAfter(text: string, end: number): string {
  const limit = Math.min(text.length, end + 24)
  let at = end
  while (at < limit && kindOf(text.charCodeAt(at)) !== DIGIT && !isMark(text.charAt(at))) at++
  return text.slice(end, at)
}

/**
 * Counts letters and ideographs: entry `i` is how many stand before unit `i`.
 *
 * This is how far words are from numbers. Numerals and masked places do not count, so that what is near stays
 * near when a number between is masked. Pure, linear.
 */
export function countLetters(text: string): Uint32Array {
  const counts = new Uint32Array(text.length + 1)
  let count = 0
  for (let at = 0; at < text.length; at++) {
    counts[at] = count
    const kind = kindOf(text.charCodeAt(at))
    if ((kind === WALL || kind === LOOKALIKE) && !isMark(text.charAt(at))) count++
  }
  counts[text.length] = count
  return counts
}

function isMark(character: string): boolean {
  return character >= MASKED_CARD && character <= MASKED_OTHER
}
