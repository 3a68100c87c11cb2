import type { Words } from './words.ts'

/** A possible entity in the folded text. Of two that overlap the higher rank stays, then the longer one. */
export type Candidate = {
  readonly kind: string
  readonly value: string | number
  readonly start: number
  readonly end: number
  readonly rank: number
  /** The value is what the merchant wrote there, letter for letter. */
  readonly asWritten?: boolean
}

/** How specific a find is; the order decides overlaps. */
export const RANK = {
  masked: 100,
  labelled: 90,
  address: 85,
  phone: 80,
  name: 75,
  dated: 70,
  word: 65,
  amount: 60,
  code: 55,
  screen: 50,
  answer: 45,
  hint: 40,
} as const

/** What the extractors look at: the folded message, the words known, the clock, and what was asked. */
export type Scan = {
  readonly text: string
  readonly words: Words
  readonly now: number
  readonly asked: ReadonlySet<string>
  readonly asksCode: boolean
  /** Something in the text could be a number or a code; most messages hold none, and then much can be skipped. */
  readonly mayHoldNumber: boolean
}

/** Kind of a stretch that is spoken for but no entity, such as a masked number. */
export const NOTHING = ''

/**
 * Picks the candidates that stand, in order of their place: one stretch of text is one entity, except that a
 * response code may stand beside the screen text that implies it. Pure.
 */
export function settle(candidates: readonly Candidate[], length: number): Candidate[] {
  const taken = new Uint8Array(length)
  const kept: Candidate[] = []
  const order = [...candidates].sort(
    (a, b) => b.rank - a.rank || b.end - b.start - (a.end - a.start) || a.start - b.start,
  )
  for (const candidate of order) {
    if (isTaken(taken, candidate)) continue
    taken.fill(1, candidate.start, candidate.end)
    if (candidate.kind !== NOTHING) kept.push(candidate)
  }
  return kept.sort((a, b) => a.start - b.start || a.end - b.end)
}

function isTaken(taken: Uint8Array, { start, end }: Candidate): boolean {
  for (let i = start; i < end; i++) if (taken[i] === 1) return true
  return false
}

/** Marks which units of a text the candidates cover. Pure. */
export function coverage(candidates: readonly Candidate[], length: number): Uint8Array {
  const covered = new Uint8Array(length)
  for (const { start, end } of candidates) covered.fill(1, start, end)
  return covered
}
