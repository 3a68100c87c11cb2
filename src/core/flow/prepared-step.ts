import type { Answer, GeneralAnswer, Step } from './flow.ts'
import type { Token } from './wording.ts'

/** How sure a report is that no phrase of the step names. */
export const REPORT_SCORE = 0.72

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

/** The tokens of a clause and its pairs of neighbours, each once. Pure. */
export function featuresOf(tokens: readonly Token[]): ReadonlySet<string> {
  const features = new Set<string>()
  tokens.forEach((token, index) => {
    features.add(token.key)
    const next = tokens[index + 1]
    if (next !== undefined) features.add(`${token.key}${next.key}`)
  })
  return features
}

/** Adds up the weights of features. Pure. */
export function sumOf(features: Iterable<string>, weight: (feature: string) => number): number {
  let sum = 0
  for (const feature of features) sum += weight(feature)
  return sum
}

/** A feature that few answers of the step share tells more. */
export function weights(phrases: PreparedStep['phrases']): (feature: string) => number {
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
export function asksForExistence(step: Step): boolean {
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
