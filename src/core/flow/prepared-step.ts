import type { Answer, GeneralAnswer, Step } from './flow.ts'
import {
  type Token,
  type Tokenizer,
  bare,
  clausesOf,
  isQuestion,
  polarityOf,
  withoutEnding,
} from './wording.ts'

/** How sure a report is that no phrase of the step names. */
export const REPORT_SCORE = 0.72
/** What is left of a phrase's score when the clause reports the opposite. */
const OPPOSITE_REPORT = 0.3

export type Phrase = {
  readonly text: string
  readonly tokens: readonly string[]
  readonly polarity: -1 | 0 | 1
}
export type PreparedStep = {
  readonly phrases: readonly { readonly answer: Answer; readonly phrases: readonly Phrase[] }[]
  readonly weight: (feature: string) => number
  readonly asksForExistence: boolean
}

/** A clause as it is compared with phrases. */
export type Clause = {
  readonly stripped: string
  /** Without what may end it unchanged (的 了 吧). */
  readonly ending: string
  readonly features: ReadonlySet<string>
  readonly polarity: -1 | 0 | 1
  readonly asks: boolean
}

/** Prepares a step for matching: its phrases as tokens, and what each of them is worth. Pure. */
export function prepareStep(step: Step, tokenizer: Tokenizer): PreparedStep {
  const phrases = step.answers.map((answer) => ({
    answer,
    phrases: [...answer.phrases, ...answer.told, ...(answer.label === undefined ? [] : [answer.label])].map(
      (text) => phraseOf(text, tokenizer),
    ),
  }))
  return { phrases, weight: weights(phrases), asksForExistence: asksForExistence(step) }
}

/** Prepares what a merchant said for comparison with phrases. Pure. */
export function clauseOf(text: string, tokenizer: Tokenizer): Clause {
  const stripped = bare(text)
  const tokens = tokenizer.tokens(stripped)
  return {
    stripped,
    ending: withoutEnding(stripped),
    features: featuresOf(tokens),
    polarity: polarityOf(tokens),
    asks: isQuestion(text),
  }
}

/** How near a clause comes to the nearest of some phrases of a step, 0 to 1. Pure. */
export function bestPhrase(clause: Clause, phrases: readonly Phrase[], step: PreparedStep): number {
  const { stripped, ending, features, polarity } = clause
  // What asks is an answer only where the author foresaw these words.
  if (clause.asks) return phrases.some((phrase) => phrase.text === stripped) ? 1 : 0
  const weightOfClause = sumOf(features, step.weight)
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

function phraseOf(source: string, tokenizer: Tokenizer): Phrase {
  const text = bare(clausesOf(source).join(''))
  const tokens = tokenizer.tokens(text)
  return { text, tokens: [...featuresOf(tokens)], polarity: polarityOf(tokens) }
}

/** The tokens of a clause and its pairs of neighbours, each once. Pure. */
function featuresOf(tokens: readonly Token[]): ReadonlySet<string> {
  const features = new Set<string>()
  tokens.forEach((token, index) => {
    features.add(token.key)
    const next = tokens[index + 1]
    if (next !== undefined) features.add(`${token.key}${next.key}`)
  })
  return features
}

/** Adds up the weights of features. Pure. */
function sumOf(features: Iterable<string>, weight: (feature: string) => number): number {
  let sum = 0
  for (const feature of features) sum += weight(feature)
  return sum
}

/** A feature that few answers of the step share tells more. */
function weights(phrases: PreparedStep['phrases']): (feature: string) => number {
  const answersWith = new Map<string, Set<Answer>>()
  for (const { answer, phrases: own } of phrases) {
    for (const phrase of own) {
      for (const feature of phrase.tokens) {
        const answers = answersWith.get(feature) ?? new Set()
        answers.add(answer)
        answersWith.set(feature, answers)
      }
    }
  }
  const count = Math.max(1, phrases.length)
  return (feature) => Math.log(1 + count / (answersWith.get(feature)?.size ?? count))
}

const ASKS_RESULT = /(?:能|可以|成功|[好亮清]了?|解决了)[^，。：]*吗$/u
const ASKS_EXISTENCE = /有没有|是不是|[有是][^。：]*吗$/u

/** “有…吗” is answered by 有 and 没有, “能…吗” by a report; the last question of the text counts. */
function asksForExistence(step: Step): boolean {
  const questions = (step.ask.at(-1)?.text ?? '')
    .split(/(?<=[？?。])/u)
    .filter((part) => /[？?]$/u.test(part))
  const question = (questions.at(-1) ?? '').replace(/[？?]$/u, '')
  return ASKS_EXISTENCE.test(question) && !ASKS_RESULT.test(question)
}

/** A longer clause with 有 or 没 in it says something of its own (“打印机没纸了”). */
const EXISTENCE_TOKENS = 5

/** What 有 and 没 in a short clause answer to “有…吗”. Pure. */
export function existenceOf(tokens: readonly Token[]): { answer: GeneralAnswer; score: number } | undefined {
  if (tokens.length > EXISTENCE_TOKENS) return undefined
  const keys = tokens.map((token) => token.key)
  if (keys.some((key) => key === '<none>')) return { answer: 'no', score: REPORT_SCORE }
  if (keys.some((key) => key === '<exists>')) return { answer: 'yes', score: REPORT_SCORE }
  return undefined
}
