import type { Answer, GeneralAnswer, Step } from './flow.ts'
import { HeardWords } from './heard-words.ts'
import {
  type PreparedStep,
  REPORT_SCORE,
  bestPhrase,
  clauseOf,
  existenceOf,
  prepareStep,
} from './prepared-step.ts'
import {
  type AnswerWords,
  Tokenizer,
  bare,
  clausesOf,
  isQuestion,
  polarityOf,
  withoutEnding,
  withoutNegated,
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
const GENERAL_SCORE = 0.97
/** “好了” where a result is awaited is the result; “好” and “好的” are not. */
const REPORTS_DONE = /[好行成得妥]了$/u

/**
 * Matches what merchants say with the answers of a step: their own phrases by weighted word overlap, then the
 * general yes, no, don't know and can't. A negated clause (“不是都不行，就这张不行”) does not count when another
 * clause says what is so. Deterministic; steps are prepared once.
 */
export class AnswerMatcher {
  readonly #words: AnswerWords
  readonly #tokenizer: Tokenizer
  readonly #prepared = new WeakMap<Step, PreparedStep>()
  readonly #heard: HeardWords

  constructor(words: AnswerWords) {
    this.#words = words
    this.#tokenizer = new Tokenizer(words.groups)
    this.#heard = new HeardWords(this.#tokenizer)
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
    clauses.forEach((text, index) => {
      const clause = clauseOf(text, this.#tokenizer)
      for (const { answer, phrases } of prepared.phrases) {
        const found = bestPhrase(clause, phrases, prepared)
        if (found === 0) continue
        keep(answer, { score: found + index * LATER_CLAUSE, specific: true, length: text.length })
      }
    })
    if (clauses.length > 1) {
      const text = clauses.join('')
      const whole = clauseOf(text, this.#tokenizer)
      for (const { answer, phrases } of prepared.phrases) {
        const found = bestPhrase(whole, phrases, prepared)
        if (found > 0) keep(answer, { score: found, specific: true, length: text.length })
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
    const clause = clauseOf(clauses.join(''), this.#tokenizer)
    let nearest: { answer: Answer; score: number } | undefined
    for (const other of prepared.phrases) {
      if (other.answer === answer) continue
      const score = bestPhrase(clause, other.phrases, prepared)
      if (score > (nearest?.score ?? 0)) nearest = { answer: other.answer, score }
    }
    return nearest
  }

  /** Finds the answer of a step that an earlier or longer utterance tells without being asked. Pure. */
  told(step: Step, heard: readonly string[]): { answer: Answer; said: string } | undefined {
    return this.#heard.told(step, heard)
  }

  /** Says whether an utterance contains one of some words, not denied right before them. Pure. */
  says(text: string, words: readonly string[]): boolean {
    return this.#heard.says(text, words)
  }

  /** A yes or no to one of the bot's own questions, in plain words or as a report; undefined for neither. Pure. */
  yesOrNo(text: string): boolean | undefined {
    return this.#yesOrNo(clausesOf(text))
  }

  /** The same in plain words only: a report (“写的已冲正”, “还是灭的”) answers another question. Pure. */
  plainYesOrNo(text: string): boolean | undefined {
    return this.#yesOrNo(clausesOf(text).filter((clause) => this.#isPlain(clause)))
  }

  #yesOrNo(clauses: readonly string[]): boolean | undefined {
    for (const clause of [...clauses].reverse()) {
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
    const reports = clausesOf(text).map((clause) => polarityOf(this.#tokenizer.tokens(bare(clause))))
    return (reports.filter((polarity) => polarity !== 0).at(-1) ?? 0) < 0
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
    if (REPORTS_DONE.test(bare(clause))) return false
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
    const clause = clauseOf(negated, this.#tokenizer)
    const denied = prepared.phrases.find(
      ({ phrases }) => bestPhrase(clause, phrases, prepared) >= SURE_ANSWER,
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
    const prepared = this.#prepared.get(step) ?? prepareStep(step, this.#tokenizer)
    this.#prepared.set(step, prepared)
    return prepared
  }
}

type Scored = { readonly score: number; readonly specific: boolean; readonly length: number }
