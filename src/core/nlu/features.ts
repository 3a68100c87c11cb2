import { soundOf, soundsOfLetters } from './characters.ts'
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

/** 32-bit feature keys of a message with their groups; a key stands as often as it occurs. */
export type Features = { readonly keys: number[]; readonly groups: number[] }

/** Pairs are formed within this many characters or words, so that a long message costs no more than linear time. */
const PAIR_WINDOW = 32
const START = 0x2
const END = 0x3

/** Draws every feature from a normalised message. Pure. */
export function extractFeatures(text: string, concepts: ConceptMatcher): Features {
  const features: Features = { keys: [], groups: [] }
  const { ideographs, words, stems } = splitWords(text)
  if (ideographs.length > 0) {
    addCharacters(ideographs, features)
    addPairs(
      ideographs.filter((code, at) => ideographs.indexOf(code) === at),
      0x51,
      features,
    )
  }
  for (const word of words) if (!word.startsWith('#')) addWordPieces(word, features)
  if (stems.length > 0) addStems(stems.map(hashText), features)
  addSounds(ideographs, words, features)
  addConcepts(concepts.find(text), features)
  return features
}

function addCharacters(codes: readonly number[], features: Features): void {
  let before = START
  for (const code of codes) {
    add(features, CHARACTERS, mix(0x11, code))
    add(features, CHARACTERS, mix(mix(0x12, before), code))
    before = code
  }
  add(features, CHARACTERS, mix(mix(0x12, before), END))
}

function addWordPieces(word: string, features: Features): void {
  const marked = `_${word}_`
  for (let start = 0; start < marked.length - 1; start++) {
    let hash = mix(0x21, marked.charCodeAt(start))
    for (let end = start + 1; end < Math.min(marked.length, start + 5); end++) {
      hash = mix(hash, marked.charCodeAt(end))
      add(features, CHARACTERS, hash)
    }
  }
  if (marked.length > 5) add(features, CHARACTERS, mix(0x22, hashText(marked)))
}

function addStems(stems: readonly number[], features: Features): void {
  let before = START
  for (const stem of stems) {
    add(features, WORDS, mix(0x31, stem))
    add(features, WORDS, mix(mix(0x32, before), stem))
    before = stem
  }
  add(features, WORDS, mix(mix(0x32, before), END))
  addPairs(stems, 0x52, features)
}

function addPairs(items: readonly number[], salt: number, features: Features): void {
  for (let i = 0; i < items.length; i++) {
    const left = items[i] ?? 0
    for (let j = i + 1; j < Math.min(items.length, i + PAIR_WINDOW); j++) {
      const right = items[j] ?? 0
      add(features, PAIRS, left < right ? mix(mix(salt, left), right) : mix(mix(salt, right), left))
    }
  }
}

/** Pinyin typed in Latin letters counts as the characters it stands for, but only beside Chinese or when all is pinyin. */
function addSounds(ideographs: readonly number[], words: readonly string[], features: Features): void {
  const sounds: number[] = []
  for (const code of ideographs) sounds.push(soundOf(code))
  addSoundGrams(sounds, features)
  if (words.length === 0) return
  const typed = words.map(soundsOfLetters)
  if (ideographs.length > 0 || typed.every((syllables) => syllables.length > 0))
    addSoundGrams(typed.flat(), features)
}

function addSoundGrams(sounds: readonly number[], features: Features): void {
  let beforeLast = 0
  let last = 0
  for (const sound of sounds) {
    if (last > 0 && sound > 0) {
      add(features, SOUNDS, mix(mix(0x41, last), sound))
      if (beforeLast > 0) add(features, SOUNDS, mix(mix(mix(0x42, beforeLast), last), sound))
    }
    beforeLast = last
    last = sound
  }
}

function addConcepts(found: readonly number[], features: Features): void {
  for (const concept of found) add(features, CONCEPTS, mix(0x61, concept))
  for (let i = 0; i < found.length; i++) {
    for (let j = i + 1; j < found.length; j++) {
      const [low, high] = [found[i] ?? 0, found[j] ?? 0].sort((a, b) => a - b)
      add(features, CONCEPTS, mix(mix(0x62, low ?? 0), high ?? 0))
    }
  }
}

function add(features: Features, group: number, key: number): void {
  features.keys.push(key)
  features.groups.push(group)
}
