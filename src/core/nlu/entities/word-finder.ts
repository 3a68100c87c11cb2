import { foldWord } from './folded-text.ts'

/** A known word met in a text. */
export type Found<Value> = { readonly value: Value; readonly start: number; readonly end: number }

type Node<Value> = {
  readonly next: Map<number, Node<Value>>
  value?: Value
  isDecoy?: boolean
  asciiEnd: boolean
}

/**
 * Finds many words in folded text at once, longest first. Spaces and hyphens inside a word do not matter, and a
 * word that starts or ends with a Latin letter or digit must not be part of a longer one. Decoys are longer words
 * that only contain one of the others (“交易生效” has nothing of 易生): they win over it and are then dropped.
 */
export class WordFinder<Value> {
  readonly #root: Node<Value> = newNode(false)

  /** Adds a word in any width, case or script; the first value given to a word stays. */
  add(word: string, value: Value): void {
    const node = this.#nodeOf(word)
    if (node !== this.#root && node.value === undefined) node.value = value
  }

  addDecoy(word: string): void {
    const node = this.#nodeOf(word)
    if (node !== this.#root) node.isDecoy = true
  }

  /** Finds the words in a folded text, in order, none overlapping another. Time grows with its length only. */
  find(text: string): Found<Value>[] {
    const hits: { node: Node<Value>; start: number; end: number }[] = []
    for (let start = 0; start < text.length; start++) {
      const first = this.#root.next.get(text.charCodeAt(start))
      if (first === undefined) continue
      if (isAsciiWord(text.charCodeAt(start)) && isAsciiWord(text.charCodeAt(start - 1))) continue
      const hit = longestFrom(first, text, start)
      if (hit) hits.push(hit)
    }
    const kept = hits.length < 2 ? hits : withoutOverlaps(hits, text.length)
    const found: Found<Value>[] = []
    for (const { node, start, end } of kept) {
      if (node.isDecoy !== true && node.value !== undefined) found.push({ value: node.value, start, end })
    }
    return found
  }

  #nodeOf(word: string): Node<Value> {
    let node = this.#root
    for (const char of foldWord(word)) {
      const code = char.charCodeAt(0)
      if (isGap(code)) continue
      const next = node.next.get(code) ?? newNode<Value>(isAsciiWord(code))
      node.next.set(code, next)
      node = next
    }
    return node
  }
}

function newNode<Value>(asciiEnd: boolean): Node<Value> {
  return { next: new Map(), asciiEnd }
}

function longestFrom<Value>(
  first: Node<Value>,
  text: string,
  start: number,
): { node: Node<Value>; start: number; end: number } | undefined {
  let node: Node<Value> | undefined = first
  let best: { node: Node<Value>; start: number; end: number } | undefined
  let i = start + 1
  let gaps = 0
  for (;;) {
    const isWord: boolean = node.value !== undefined || node.isDecoy === true
    if (isWord && !(node.asciiEnd && isAsciiWord(text.charCodeAt(i)))) best = { node, start, end: i }
    let code = text.charCodeAt(i)
    while (isGap(code) && ++gaps <= MOST_GAPS) code = text.charCodeAt(++i)
    node = node.next.get(code)
    if (node === undefined) return best
    i++
  }
}

const MOST_GAPS = 4

function withoutOverlaps<Hit extends { start: number; end: number }>(hits: Hit[], length: number): Hit[] {
  const taken = new Uint8Array(length)
  return [...hits]
    .sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)
    .filter(({ start, end }) => {
      for (let i = start; i < end; i++) if (taken[i] === 1) return false
      taken.fill(1, start, end)
      return true
    })
    .sort((a, b) => a.start - b.start)
}

function isGap(code: number): boolean {
  return code === 0x20 || code === 0x2d
}

function isAsciiWord(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a)
}
