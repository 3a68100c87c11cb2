import { isIdeograph, soundOf } from './characters.ts'
import { hashText } from './hash.ts'
import { normalize } from './normalize.ts'

/** Words that mean the same to us, by concept. */
export type Concepts = readonly { readonly id: string; readonly words: readonly string[] }[]

/** Finds the concepts a message speaks of. */
export type ConceptMatcher = {
  /** Hashes of the ids of the concepts in a normalised message, each once, in the order of the concept list. */
  readonly find: (text: string) => readonly number[]
}

type Node = { readonly next: Map<number, Node>; readonly concepts: number[] }

/** A homophone of a shorter word is as often a different word as a typo. */
const SHORTEST_BY_SOUND = 3

/**
 * Prepares the search for concepts. A Chinese word is found anywhere, and from three characters on also by its sound
 * (没道账 for 没到账); a Latin word only as a whole word. Pure.
 */
export function conceptMatcher(concepts: Concepts): ConceptMatcher {
  const bySpelling = newNode()
  const bySound = newNode()
  concepts.forEach((concept, index) => {
    for (const word of concept.words) {
      const codes = codesOf(normalize(word))
      if (codes.length === 0) continue
      insert(bySpelling, codes, index)
      if (codes.length >= SHORTEST_BY_SOUND && codes.every((code) => soundOf(code) > 0)) {
        insert(bySound, codes.map(soundOf), index)
      }
    }
  })
  const ids = concepts.map((concept) => hashText(concept.id))
  return {
    find: (text) => {
      if (ids.length === 0) return []
      const codes = codesOf(text)
      const found = new Set<number>()
      for (let at = 0; at < codes.length; at++) {
        collect(bySpelling, codes, at, true, found)
        collect(bySound, codes, at, false, found)
      }
      return [...found].sort((a, b) => a - b).map((index) => ids[index] ?? 0)
    },
  }
}

function newNode(): Node {
  return { next: new Map(), concepts: [] }
}

function codesOf(text: string): number[] {
  const codes: number[] = []
  for (let i = 0; i < text.length; i++) codes.push(text.charCodeAt(i))
  return codes
}

function insert(root: Node, codes: readonly number[], concept: number): void {
  let node = root
  for (const code of codes) {
    let child = node.next.get(code)
    if (!child) {
      child = newNode()
      node.next.set(code, child)
    }
    node = child
  }
  if (!node.concepts.includes(concept)) node.concepts.push(concept)
}

function collect(
  root: Node,
  codes: readonly number[],
  at: number,
  spelling: boolean,
  found: Set<number>,
): void {
  if (spelling && isLatin(codes[at]) && isLatin(codes[at - 1])) return
  let node = root
  for (let i = at; i < codes.length; i++) {
    const code = codes[i] ?? 0
    const key = spelling ? code : soundOf(code)
    const child = node.next.get(key)
    if (!child) return
    node = child
    if (node.concepts.length === 0) continue
    if (spelling && isLatin(code) && isLatin(codes[i + 1])) continue
    for (const concept of node.concepts) found.add(concept)
  }
}

function isLatin(code: number | undefined): boolean {
  return (
    code !== undefined &&
    !isIdeograph(code) &&
    ((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39))
  )
}
