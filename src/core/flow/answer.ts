import type { Answer, GeneralAnswer, Step } from './flow.ts'
import {
  asksForExistence,
  existenceOf,
  featuresOf,
  type Phrase,
  type PreparedStep,
  REPORT_SCORE,
  sumOf,
  weights,
} from './prepared-step.ts'
import {
  type AnswerWords,
  Tokenizer,
  bare,
  clausesOf,
  isQuestion,
  polarityOf,
  withoutEnding,
} from './wording.ts'

/** How an utterance answers the open step. */
export type AnswerMatch =
  /** One of the step's answers. `specific`: by its own phrases, not by a general yes or no. */
  | {
      readonly kind: 'answer'
      readonly answer: Answer
      readonly score: number
      readonly specific: boolean
      /** Share of the utterance the answer accounts for, 0 to 1. */
      readonly coverage: number
    }
  /** “I don't know” or “I can't” where the step lists no such answer. */
  | { readonly kind: 'general'; readonly general: 'unsure' | 'cannot' }
  /** “OK” where a result is awaited. */
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'unclear' }

/** From this score on an answer is sure; it must lead the next one by this much. */
export const SURE_ANSWER = 0.56
const LEAD = 0.04
/** A weaker answer counts when nothing else comes near: noise stays below 0.36 (tests/core/flow/answer.test.ts). */
const WEAK = 0.41
const WEAK_LEAD = 0.14
/** A later clause says what the merchant came to. */
const LATER_CLAUSE = 0.02
const OPPOSITE_REPORT = 0.3
const GENERAL_SCORE = 0.97

/**
 * Matches what merchants say with the answers of a step: their own phrases by weighted word overlap, then the
 * general yes, no, don't know and can't. A negated clause (“不是都不行，就这张不行”) does not count when another
 * clause says what is so. Deterministic; steps are prepared once.
 */
export class AnswerMatcher {
  readonly #words: AnswerWords
  readonly #tokenizer: Tokenizer
  readonly #prepared = new WeakMap<Step, PreparedStep>()
  readonly #wordKeys = new WeakMap<readonly string[], readonly string[]>()
  #lastKeys: TextKeys | undefined

  constructor(words: AnswerWords) {
    this.#words = words
    this.#tokenizer = new Tokenizer(words.groups)
  }

  /** Finds the answer an utterance gives to a step. Pure apart from its own cache. */
  match(step: Step, text: string): AnswerMatch {
    const prepared = this.#prepare(step)
    const all = clausesOf(text)
    const { clauses, negated } = withoutNegated(all)
    const scored = new Map<Answer, Scored>()
    const keep = (answer: Answer, found: Scored): void => {
      const before = scored.get(answer)
      if (before === undefined || found.score > before.score) scored.set(answer, found)
    }
    clauses.forEach((clause, index) => {
      for (const { answer, phrases } of prepared.phrases) {
        const found = this.#bestPhrase(clause, phrases, prepared)
        if (found === 0) continue
        keep(answer, { score: found + index * LATER_CLAUSE, specific: true, length: clause.length })
      }
    })
    if (clauses.length > 1) {
      const whole = clauses.join('')
      for (const { answer, phrases } of prepared.phrases) {
        const found = this.#bestPhrase(whole, phrases, prepared)
        if (found > 0) keep(answer, { score: found, specific: true, length: whole.length })
      }
    }
    const best = this.#decide(scored, all)
    if (best !== undefined) return best
    if (clauses.length === 0 && negated !== undefined) return this.#opposite(step, prepared, negated)
    return this.#general(step, prepared, clauses, all)
  }

  /** How near a phrase comes to the answers of a step it does not stand at, 0 to 1. Pure. */
  nearestRival(step: Step, answer: Answer, phrase: string): { answer: Answer; score: number } | undefined {
    const prepared = this.#prepare(step)
    const { clauses } = withoutNegated(clausesOf(phrase))
    // “不是同一单” is told from “同一单” by its denial.
    if (clauses.length === 0) return undefined
    const clause = clauses.join('')
    let nearest: { answer: Answer; score: number } | undefined
    for (const other of prepared.phrases) {
      if (other.answer === answer) continue
      const score = this.#bestPhrase(clause, other.phrases, prepared)
      if (score > (nearest?.score ?? 0)) nearest = { answer: other.answer, score }
    }
    return nearest
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

  /**
   * A plain yes or no to one of the bot's own questions; undefined when the message says neither. With `inWords` a
   * report (“好了”, “还是不行”) does not count: it answers another question. Pure.
   */
  yesOrNo(text: string, inWords = false): boolean | undefined {
    for (const clause of [...clausesOf(text)].reverse()) {
      if (inWords && !this.#isPlain(clause)) continue
      const general = this.#generalOf(clause, false) ?? this.#generalOf(clause, true)
      if (general?.answer === 'yes' || this.#acknowledges(clause)) return true
      if (general?.answer === 'no') return false
    }
    return undefined
  }

  #isPlain(clause: string): boolean {
    const said = bare(clause)
    const { yes, no } = this.#words
    return (
      [said, withoutEnding(said)].some((form) => yes.has(form) || no.has(form)) || this.#acknowledges(clause)
    )
  }

  /** Says whether a message reports that something still does not work. Pure. */
  reportsFailure(text: string): boolean {
    const last = clausesOf(text).at(-1)
    return last !== undefined && polarityOf(this.#tokenizer.tokens(bare(last))) < 0
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

  #decide(scored: ReadonlyMap<Answer, Scored>, clauses: readonly string[]): AnswerMatch | undefined {
    const ranked = [...scored].sort((a, b) => b[1].score - a[1].score)
    const [first, second] = ranked
    if (first === undefined || first[1].score < WEAK) return undefined
    const lead = first[1].score - (second?.[1].score ?? 0)
    if (lead < (first[1].score < SURE_ANSWER ? WEAK_LEAD : LEAD)) return undefined
    const length = clauses.reduce((sum, clause) => sum + clause.length, 0)
    return {
      kind: 'answer',
      answer: first[0],
      score: Math.min(1, first[1].score),
      specific: first[1].specific,
      coverage: length === 0 ? 1 : first[1].length / length,
    }
  }

  #bestPhrase(clause: string, phrases: readonly Phrase[], step: PreparedStep): number {
    const stripped = bare(clause)
    // What asks is an answer only where the author foresaw these words.
    if (isQuestion(clause)) return phrases.some((phrase) => phrase.text === stripped) ? 1 : 0
    const tokens = this.#tokenizer.tokens(stripped)
    const features = featuresOf(tokens)
    const polarity = polarityOf(tokens)
    const weightOfClause = sumOf(features, step.weight)
    const ending = withoutEnding(stripped)
    let best = 0
    for (const phrase of phrases) {
      if (phrase.text === stripped || phrase.text === ending) return 1
      const shared = phrase.tokens.filter((feature) => features.has(feature))
      if (shared.length === 0) continue
      const weight = sumOf(shared, step.weight)
      const contained = weight / sumOf(phrase.tokens, step.weight)
      const covered = weight / weightOfClause
      const report = polarity !== 0 && phrase.polarity !== 0 && polarity !== phrase.polarity
      const short = phrase.text.length === 1 && stripped.length > 2 ? 0.5 : 1
      const score = contained * (0.6 + 0.4 * covered) * (report ? OPPOSITE_REPORT : 1) * short
      if (score > best) best = score
    }
    return best
  }

  #general(
    step: Step,
    prepared: PreparedStep,
    clauses: readonly string[],
    all: readonly string[],
  ): AnswerMatch {
    if (clauses.length === 1 && step.action !== null && this.#acknowledges(clauses[0] ?? '')) {
      return { kind: 'acknowledged' }
    }
    const meaningful = clauses.length > 1 ? clauses.filter((clause) => !this.#acknowledges(clause)) : clauses
    for (const clause of [...meaningful].reverse()) {
      const general = this.#generalOf(clause, prepared.asksForExistence)
      if (general === undefined) continue
      const answer = step.answers.find((candidate) => candidate.means.includes(general.answer))
      const length = all.reduce((sum, part) => sum + part.length, 0)
      if (answer !== undefined) {
        return {
          kind: 'answer',
          answer,
          score: general.score,
          specific: false,
          coverage: clause.length / Math.max(1, length),
        }
      }
      if (general.answer === 'unsure' || general.answer === 'cannot') {
        return { kind: 'general', general: general.answer }
      }
    }
    return { kind: 'unclear' }
  }

  #acknowledges(clause: string): boolean {
    return (
      this.#words.acknowledges.has(bare(clause)) || this.#words.acknowledges.has(withoutEnding(bare(clause)))
    )
  }

  #generalOf(clause: string, existence: boolean): { answer: GeneralAnswer; score: number } | undefined {
    const stripped = bare(clause)
    const ending = withoutEnding(stripped)
    const listed = (words: ReadonlySet<string>): boolean => words.has(stripped) || words.has(ending)
    if (listed(this.#words.no)) return { answer: 'no', score: GENERAL_SCORE }
    if (listed(this.#words.yes)) return { answer: 'yes', score: GENERAL_SCORE }
    if (this.#words.unsure.some((word) => stripped.includes(word))) return { answer: 'unsure', score: 0.9 }
    if (this.#words.cannot.some((word) => stripped.includes(word))) return { answer: 'cannot', score: 0.9 }
    if (isQuestion(clause)) return undefined
    const tokens = this.#tokenizer.tokens(stripped)
    if (existence) return existenceOf(tokens)
    const polarity = polarityOf(tokens)
    if (polarity === 0) return undefined
    return { answer: polarity > 0 ? 'yes' : 'no', score: REPORT_SCORE }
  }

  /** “不是都不行” and nothing more: of two answers the other one is meant. */
  #opposite(step: Step, prepared: PreparedStep, negated: string): AnswerMatch {
    const denied = prepared.phrases.find(
      ({ phrases }) => this.#bestPhrase(negated, phrases, prepared) >= SURE_ANSWER,
    )?.answer
    const others = step.answers.filter((answer) => answer !== denied && answer.label !== undefined)
    const [other] = others
    if (denied === undefined) return { kind: 'unclear' }
    const opposite = denied.means.includes('no')
      ? step.answers.find((answer) => answer.means.includes('yes'))
      : others.length === 1
        ? other
        : step.answers.find((answer) => answer.means.includes('no'))
    if (opposite === undefined) return { kind: 'unclear' }
    return { kind: 'answer', answer: opposite, score: 0.7, specific: false, coverage: 1 }
  }

  #prepare(step: Step): PreparedStep {
    const known = this.#prepared.get(step)
    if (known !== undefined) return known
    const phrases = step.answers.map((answer) => ({
      answer,
      phrases: [...answer.phrases, ...answer.told, ...(answer.label === undefined ? [] : [answer.label])].map(
        (text) => this.#phrase(text),
      ),
    }))
    const prepared: PreparedStep = {
      phrases,
      weight: weights(phrases),
      asksForExistence: asksForExistence(step),
    }
    this.#prepared.set(step, prepared)
    return prepared
  }

  #phrase(source: string): Phrase {
    const text = bare(clausesOf(source).join(''))
    const tokens = this.#tokenizer.tokens(text)
    return { text, tokens: [...featuresOf(tokens)], polarity: polarityOf(tokens) }
  }
}

type TextKeys = {
  readonly text: string
  readonly raw: readonly string[]
  readonly clauses: readonly string[]
  readonly whole: string
}
/** A word that is nothing but a report (用不了了) must stand there itself: 失败 says something else. */
const REPORT_ONLY = /^<(?:fails|works)>[了的]?$/u
type Scored = { readonly score: number; readonly specific: boolean; readonly length: number }

const NEGATED = /^(?:也|并|倒|又)?不是(?!吗|吧|么|很|太)(.+)$/u

function withoutNegated(clauses: readonly string[]): {
  clauses: readonly string[]
  negated: string | undefined
} {
  const kept = clauses.filter((clause) => !NEGATED.test(clause))
  if (kept.length === clauses.length) return { clauses, negated: undefined }
  const negated = clauses.map((clause) => NEGATED.exec(clause)?.[1]).find((clause) => clause !== undefined)
  return { clauses: kept, negated }
}
