import { DamerauLevenshteinDistance, JaroWinklerDistance } from 'natural/lib/natural/distance/index.js'

/** Below this likeness a suggestion puzzles more than it helps (tried on the key names of the content files). */
const ENOUGH_LIKE = 0.84
const LONGEST_WORD = 64

/**
 * Finds the known word a mistyped one most likely stands for, or nothing when none is near.
 *
 * Pure. Case does not count; among equally like words the first wins. Words beyond 64 characters get no suggestion.
 */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  if (word === '' || word.length > LONGEST_WORD) return undefined
  let best: string | undefined
  let bestLikeness = 0
  for (const candidate of known) {
    const likeness = likenessOf(word.toLowerCase(), candidate.toLowerCase())
    if (likeness > bestLikeness) {
      best = candidate
      bestLikeness = likeness
    }
  }
  return bestLikeness >= ENOUGH_LIKE ? best : undefined
}

/** One slip (a letter too many, too few, wrong, or swapped) is near whatever Jaro-Winkler says of short words. */
function likenessOf(word: string, candidate: string): number {
  if (word === candidate) return 1
  const likeness = JaroWinklerDistance(word, candidate)
  const oneSlip =
    Math.min(word.length, candidate.length) >= 3 &&
    Math.abs(word.length - candidate.length) <= 1 &&
    DamerauLevenshteinDistance(word, candidate) === 1
  return oneSlip ? Math.max(likeness, ENOUGH_LIKE + likeness / 10) : likeness
}
