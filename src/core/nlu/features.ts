import { isIdeograph, soundOf, soundsOfLetters } from './characters.ts'
import type { ConceptMatcher } from './concepts.ts'
import { hashText, mix } from './hash.ts'
import { splitWords } from './words.ts'

/** Feature groups, each weighed and scaled on its own (`vectors.ts`). */
export const GROUPS = ['characters', 'words', 'pairs', 'sounds', 'concepts'] as const
export const CHARACTERS = 0
export const WORDS = 1
export const PAIRS = 2
export const SOUNDS = 3
export const CONCEPTS = 4

/** Takes one feature of a message: its 32-bit key and its group; a feature comes as often as it occurs. */
export type TakeFeature = (key: number, group: number) => void

/** Pairs are formed within this many characters or words, so that a long message costs no more than linear time. */
const PAIR_WINDOW = 32
const START = 0x2
const END = 0x3

/** Draws every feature from a normalised message, always in the same order. Keeps none, so that none is garbage. */
export function eachFeature(text: string, concepts: ConceptMatcher, take: TakeFeature): void {
  const { ideographs, words, stems } = splitWords(text)
  if (ideographs.length > 0) {
    addCharacters(ideographs, take)
    addPairs(
      ideographs.filter((code, at) => ideographs.indexOf(code) === at),
      0x51,
      take,
    )
  }
  const mixed = ideographs.length > 0
  for (const word of words) {
    if (!word.startsWith('#') && !(mixed && soundsOfLetters(word).length > 0)) addWordPieces(word, take)
  }
  if (stems.length > 0) addStems(stems.map(hashText), take)
  addSounds(text, ideographs, words, take)
  addConcepts(concepts.find(text), take)
}

function addCharacters(codes: readonly number[], take: TakeFeature): void {
  let before = START
  for (const code of codes) {
    take(mix(0x11, code), CHARACTERS)
    take(mix(mix(0x12, before), code), CHARACTERS)
    before = code
  }
  take(mix(mix(0x12, before), END), CHARACTERS)
}

function addWordPieces(word: string, take: TakeFeature): void {
  const marked = `_${word}_`
  for (let start = 0; start < marked.length - 1; start++) {
    let hash = mix(0x21, marked.charCodeAt(start))
    for (let end = start + 1; end < Math.min(marked.length, start + 5); end++) {
      hash = mix(hash, marked.charCodeAt(end))
      take(hash, CHARACTERS)
    }
  }
  if (marked.length > 5) take(mix(0x22, hashText(marked)), CHARACTERS)
}

function addStems(stems: readonly number[], take: TakeFeature): void {
  let before = START
  for (const stem of stems) {
    take(keyOfStem(stem), WORDS)
    take(mix(mix(0x32, before), stem), WORDS)
    before = stem
  }
  take(mix(mix(0x32, before), END), WORDS)
  addPairs(stems, 0x52, take)
}

/** The key of one word, given the hash of its stem. Pure. */
export function keyOfStem(hash: number): number {
  return mix(0x31, hash)
}

function addPairs(items: readonly number[], salt: number, take: TakeFeature): void {
  for (let i = 0; i < items.length; i++) {
    const left = items[i] ?? 0
    for (let j = i + 1; j < Math.min(items.length, i + PAIR_WINDOW); j++) {
      const right = items[j] ?? 0
      take(left < right ? mix(mix(salt, left), right) : mix(mix(salt, right), left), PAIRS)
    }
  }
}

const SPOKEN = /\p{Script=Han}|[a-z]+/gu

/**
 * Pinyin typed in Latin letters counts as the characters it stands for, in its place (读不chu卡), but only beside
 * Chinese or when all is pinyin.
 */
function addSounds(
  text: string,
  ideographs: readonly number[],
  words: readonly string[],
  take: TakeFeature,
): void {
  if (words.length === 0) {
    addSoundGrams(ideographs.map(soundOf), take)
    return
  }
  const spoken = (text.match(SPOKEN) ?? []).map((piece) =>
    isIdeograph(piece.charCodeAt(0)) ? [soundOf(piece.charCodeAt(0))] : soundsOfLetters(piece),
  )
  if (ideographs.length === 0 && spoken.some((sounds) => sounds.length === 0)) return
  addSoundGrams(
    spoken.flatMap((sounds) => (sounds.length === 0 ? [0] : sounds)),
    take,
  )
}

function addSoundGrams(sounds: readonly number[], take: TakeFeature): void {
  let beforeLast = 0
  let last = 0
  for (const sound of sounds) {
    if (last > 0 && sound > 0) {
      take(mix(mix(0x41, last), sound), SOUNDS)
      if (beforeLast > 0) take(mix(mix(mix(0x42, beforeLast), last), sound), SOUNDS)
    }
    beforeLast = last
    last = sound
  }
}

function addConcepts(found: readonly number[], take: TakeFeature): void {
  for (const concept of found) take(mix(0x61, concept), CONCEPTS)
  for (let i = 0; i < found.length; i++) {
    for (let j = i + 1; j < found.length; j++) {
      const [low, high] = [found[i] ?? 0, found[j] ?? 0].sort((a, b) => a - b)
      take(mix(mix(0x62, low ?? 0), high ?? 0), CONCEPTS)
    }
  }
}
