import { READINGS, TRADITIONAL_PAIRS } from './character-tables.ts'

const FIRST_IDEOGRAPH = 0x3400
const LAST_IDEOGRAPH = 0x9fff

const simpleForm = new Uint16Array(LAST_IDEOGRAPH + 1 - FIRST_IDEOGRAPH)
const syllableOf = new Uint16Array(LAST_IDEOGRAPH + 1 - FIRST_IDEOGRAPH)
const syllableByLetters = new Map<string, number>()

for (let i = 0; i + 1 < TRADITIONAL_PAIRS.length; i += 2) {
  simpleForm[TRADITIONAL_PAIRS.charCodeAt(i) - FIRST_IDEOGRAPH] = TRADITIONAL_PAIRS.charCodeAt(i + 1)
}

const soundIds = new Map<string, number>()
for (const entry of READINGS.split(' ')) {
  const letters = /^[a-z]+/.exec(entry)?.[0] ?? ''
  const sound = soundKey(letters)
  const id = soundIds.get(sound) ?? soundIds.size + 1
  soundIds.set(sound, id)
  syllableByLetters.set(letters, id)
  for (let i = letters.length; i < entry.length; i++) {
    syllableOf[entry.charCodeAt(i) - FIRST_IDEOGRAPH] = id
  }
}

/** Merges what many speakers, and so many input methods, do not tell apart. */
function soundKey(letters: string): string {
  return letters
    .replace(/^([zcs])h/, '$1')
    .replace(/^n(?=.)/, 'l')
    .replace(/([aei])ng$/, '$1n')
}

/** Tells whether a UTF-16 unit is a Chinese character of the basic planes. Pure. */
export function isIdeograph(code: number): boolean {
  return code >= FIRST_IDEOGRAPH && code <= LAST_IDEOGRAPH
}

/** Gives the simplified form of a Chinese character, or the unit itself. Pure. */
export function simplified(code: number): number {
  if (!isIdeograph(code)) return code
  return simpleForm[code - FIRST_IDEOGRAPH] || code
}

/** Gives the number of a character's toneless, fuzzily merged syllable; 0 when it has none. Pure. */
export function soundOf(code: number): number {
  return isIdeograph(code) ? (syllableOf[code - FIRST_IDEOGRAPH] ?? 0) : 0
}

const LONGEST_SYLLABLE = 6

/**
 * Splits Latin letters into pinyin syllables, longest first with a step back where that fails.
 * Pure. Gives the syllables' sounds, or none when the letters are not pinyin from end to end.
 */
export function soundsOfLetters(letters: string): readonly number[] {
  if (letters.length > 24) return []
  return splitFrom(letters, 0) ?? []
}

function splitFrom(letters: string, start: number): number[] | undefined {
  if (start === letters.length) return []
  for (let size = Math.min(LONGEST_SYLLABLE, letters.length - start); size > 0; size--) {
    const sound = syllableByLetters.get(letters.slice(start, start + size))
    if (sound === undefined) continue
    const rest = splitFrom(letters, start + size)
    if (rest) return [sound, ...rest]
  }
  return undefined
}
