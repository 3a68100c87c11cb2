import { isIdeograph } from './characters.ts'
import { keyOfStem } from './features.ts'
import { hashText } from './hash.ts'
import { findId, type Vocabulary } from './vocabulary.ts'
import { splitWords } from './words.ts'

/** Of what merchants write at least this share is known; of random characters less (tried on 10,000 of each). */
const LEAST_KNOWN = 0.2

/**
 * Tells whether a message in normal form is too strange to act on: random characters now and then hit just what
 * speaks for an intent. `coverage` is the known share of the message. Pure.
 */
export function isNoise(normal: string, coverage: number, vocabulary: Vocabulary): boolean {
  if (coverage < LEAST_KNOWN) return true
  for (let at = 0; at < normal.length; at++) if (isIdeograph(normal.charCodeAt(at))) return false
  return !splitWords(normal).stems.some(
    (stem) => isWord(stem) && findId(vocabulary, keyOfStem(hashText(stem))) >= 0,
  )
}

function isWord(stem: string): boolean {
  return stem === '#code' || (stem.length > 1 && !stem.startsWith('#'))
}
