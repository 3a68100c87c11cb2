import { JaroWinklerDistance } from 'natural/lib/natural/distance/index.js'

import type { TrainingLine } from '../classifier.ts'
import { withoutCourtesy } from '../courtesy.ts'
import { normalize } from '../normalize.ts'

/** Two training lines that say nearly the same; `similarity` is at most 1. */
export type NearDuplicate = {
  readonly first: TrainingLine
  readonly second: TrainingLine
  readonly similarity: number
}

const NO_LETTERS = /[^\p{L}\p{N}]+/gu
/** Lines share most of their pairs of neighbouring characters before it is worth comparing them letter by letter. */
const SHARED_PAIRS = 0.6
const NEAR = 0.93
/** A pair of characters that this many lines hold finds nothing. */
const TOO_COMMON = 400

/**
 * Finds lines that say nearly the same, the most alike first. Within one intent the second of them teaches nothing;
 * in two intents one of them stands wrong. Pure.
 */
export function nearDuplicates(lines: readonly TrainingLine[]): readonly NearDuplicate[] {
  const texts = lines.map(({ text }) => lettersOf(text))
  const pairs = texts.map(pairsOf)
  const linesWith = new Map<string, number[]>()
  const found: NearDuplicate[] = []
  lines.forEach((second, at) => {
    // Emoji and dots alone are all alike.
    if (texts[at] === '') return
    const own = pairs[at] ?? []
    const shared = new Map<number, number>()
    for (const pair of own) {
      const others = linesWith.get(pair) ?? []
      if (others.length < TOO_COMMON)
        for (const other of others) shared.set(other, (shared.get(other) ?? 0) + 1)
      others.push(at)
      linesWith.set(pair, others)
    }
    for (const [other, count] of shared) {
      const all = own.length + (pairs[other]?.length ?? 0)
      if ((2 * count) / all < SHARED_PAIRS) continue
      const similarity = JaroWinklerDistance(texts[at] ?? '', texts[other] ?? '')
      const first = lines[other]
      if (similarity >= NEAR && first !== undefined) found.push({ first, second, similarity })
    }
  })
  return found.sort((a, b) => b.similarity - a.similarity)
}

/** What two messages that say the same have in common: their letters and digits, courtesies left out. Pure. */
export function lettersOf(text: string): string {
  return withoutCourtesy(normalize(text)).replace(NO_LETTERS, '')
}

function pairsOf(text: string): readonly string[] {
  const marked = `^${text}$`
  return [...new Set(Array.from({ length: marked.length - 1 }, (_, at) => marked.slice(at, at + 2)))]
}
