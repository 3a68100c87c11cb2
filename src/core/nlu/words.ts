import porter from 'natural/lib/natural/stemmers/porter_stemmer.js'
import { isIdeograph } from './characters.ts'

/** The pieces of a normalised message that features are made of, each stream in the order of the text. */
export type Words = {
  /** UTF-16 units of the Chinese characters, everything between them left out. */
  readonly ideographs: readonly number[]
  /** Latin words as written, `#3` for a run of three digits, `#code` before the parts of a code such as A0. */
  readonly words: readonly string[]
  /** Porter stems of `words`. */
  readonly stems: readonly string[]
}

const CONTRACTED: ReadonlyMap<string, readonly string[]> = new Map([
  ['im', ['i', 'am']],
  ['ive', ['i', 'have']],
  ['id', ['i', 'would']],
  ['dont', ['do', 'not']],
  ['doesnt', ['does', 'not']],
  ['didnt', ['did', 'not']],
  ['isnt', ['is', 'not']],
  ['wasnt', ['was', 'not']],
  ['arent', ['are', 'not']],
  ['havent', ['have', 'not']],
  ['hasnt', ['has', 'not']],
  ['hadnt', ['had', 'not']],
  ['wont', ['will', 'not']],
  ['wouldnt', ['would', 'not']],
  ['cant', ['can', 'not']],
  ['cannot', ['can', 'not']],
  ['couldnt', ['could', 'not']],
  ['shouldnt', ['should', 'not']],
  ['whats', ['what', 'is']],
  ['wheres', ['where', 'is']],
  ['hows', ['how', 'is']],
  ['whos', ['who', 'is']],
  ['theres', ['there', 'is']],
  ['thats', ['that', 'is']],
  ['youre', ['you', 'are']],
  ['theyre', ['they', 'are']],
  ['lets', ['let', 'us']],
])

const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['m', 'am'],
  ['re', 'are'],
  ['ve', 'have'],
  ['ll', 'will'],
  ['d', 'would'],
  ['s', ''],
])

/** Words and numbers; a letter and digits that stand together; what mixes them further is no word. */
const PIECE = /[a-z\u00df-\u024f\d]+(?:['’][a-z]+)?/g
const CODE = /^[a-z]\d$/
const PARTS = /[a-z\u00df-\u024f]+(?:['’][a-z]+)?|\d+/g
/** More changes between letters and digits than any model's name or code has. */
const MOST_PARTS = 3

/** Splits a normalised message into its Chinese characters and its other words. Pure. */
export function splitWords(text: string): Words {
  const ideographs: number[] = []
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isIdeograph(code)) ideographs.push(code)
  }
  const words: string[] = []
  if (ideographs.length < text.length) {
    for (const piece of text.match(PIECE) ?? []) {
      const parts = piece.match(PARTS) ?? []
      if (CODE.test(piece)) words.push('#code')
      if (parts.length <= MOST_PARTS) for (const part of parts) pushWords(part, words)
      else words.push(piece)
    }
  }
  return { ideographs, words, stems: words.map(stem) }
}

function pushWords(piece: string, words: string[]): void {
  const first = piece.charCodeAt(0)
  if (first >= 0x30 && first <= 0x39) {
    words.push(`#${Math.min(piece.length, 20)}`)
    return
  }
  const mark = piece.search(/['’]/)
  const whole = mark < 0 ? piece : piece.slice(0, mark) + piece.slice(mark + 1)
  const expansion = CONTRACTED.get(whole)
  if (expansion) {
    words.push(...expansion)
    return
  }
  if (mark < 0) {
    words.push(piece)
    return
  }
  const head = piece.slice(0, mark)
  const tail = SUFFIXES.get(piece.slice(mark + 1))
  if (tail === undefined) words.push(whole)
  else words.push(...(tail === '' ? [head] : [head, tail]))
}

const MOST_REMEMBERED = 20_000
const remembered = new Map<string, string>()

/** Gives the Porter stem of a word. Pure; remembers what it has seen, since the stemmer is slow. */
export function stem(word: string): string {
  const known = remembered.get(word)
  if (known !== undefined) return known
  const result = word.startsWith('#') ? word : porter.stem(word)
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(word, result)
  return result
}
