import type { Answer, Step } from './flow.ts'
import { type Tokenizer, bare, clausesOf, withoutNegated } from './wording.ts'

type TextKeys = {
  readonly text: string
  readonly raw: readonly string[]
  readonly clauses: readonly string[]
  readonly whole: string
}
/** A word that is nothing but a report (用不了了) must stand there itself: 失败 says something else. */
const REPORT_ONLY = /^<(?:fails|works)>[了的]?$/u

/**
 * Finds authors' words in what merchants say: whatever word of a group stands there, and not where it is denied.
 * Deterministic; the words of an author are prepared once.
 */
export class HeardWords {
  readonly #tokenizer: Tokenizer
  readonly #wordKeys = new WeakMap<readonly string[], readonly string[]>()
  #lastKeys: TextKeys | undefined

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer
  }

  /** Finds the answer of a step that an earlier or longer utterance tells without being asked. Pure. */
  told(step: Step, heard: readonly string[]): { answer: Answer; said: string } | undefined {
    for (let index = heard.length - 1; index >= 0; index--) {
      const said = heard[index] ?? ''
      const { clauses, whole } = this.#keysOfText(said)
      const texts = [...clauses, whole]
      let best: { answer: Answer; length: number } | undefined
      for (const answer of step.answers) {
        for (const key of this.#keysOfWords(answer.told)) {
          const length = key.length
          if ((best === undefined || length > best.length) && texts.some((text) => text.includes(key))) {
            best = { answer, length }
          }
        }
      }
      if (best !== undefined) return { answer: best.answer, said }
    }
    return undefined
  }

  /** Says whether an utterance contains one of some words, not denied right before them. Pure. */
  says(text: string, words: readonly string[]): boolean {
    const { clauses, raw } = this.#keysOfText(text)
    return this.#keysOfWords(words).some((key, at) =>
      REPORT_ONLY.test(key)
        ? raw.some((clause) => clause.includes(words[at] ?? key))
        : clauses.some((clause) => clause.includes(key)),
    )
  }

  /** An author's words do not change: their keys are made once. */
  #keysOfWords(words: readonly string[]): readonly string[] {
    let keys = this.#wordKeys.get(words)
    if (keys === undefined) {
      keys = words.map((word) => this.#key(clausesOf(word).join('')))
      this.#wordKeys.set(words, keys)
    }
    return keys
  }

  /** One turn asks many things of the same text. */
  #keysOfText(text: string): TextKeys {
    if (this.#lastKeys?.text !== text) {
      const { clauses } = withoutNegated(clausesOf(text))
      const keys = clauses.map((clause) => this.#key(clause))
      this.#lastKeys = { text, raw: clauses, clauses: keys, whole: this.#key(clauses.join('')) }
    }
    return this.#lastKeys
  }

  #key(clause: string): string {
    return this.#tokenizer
      .tokens(bare(clause))
      .map((token) => token.key)
      .join('')
  }
}
