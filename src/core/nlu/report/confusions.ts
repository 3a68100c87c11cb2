import { isOutOfScope } from '../classifier.ts'
import { isRight, type Prediction } from '../measure.ts'
import { CHOICES_OFFERED } from '../understanding.ts'

/** How one intent fares: of its messages how many are found, and of what is taken for it how much is it. */
export type IntentScore = {
  readonly intent: string
  readonly n: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** Messages of one intent that were taken for another, most confident first. */
export type Confusion = {
  readonly intent: string
  readonly predicted: string
  readonly examples: readonly { readonly text: string; readonly confidence: number }[]
}

/** Scores each label; a rejected message counts as predicted out of scope. Worst first. Pure. */
export function intentScores(predictions: readonly Prediction[]): readonly IntentScore[] {
  const labels = [...new Set(predictions.map(({ intent }) => plain(intent)))]
  return labels
    .map((intent) => {
      const own = predictions.filter((one) => plain(one.intent) === intent)
      const taken = predictions.filter((one) => plain(one.predicted) === intent)
      const right = own.filter(isRight).length
      return {
        intent,
        n: own.length,
        precision: right / Math.max(1, taken.length),
        recall: right / Math.max(1, own.length),
        f1: (2 * right) / Math.max(1, own.length + taken.length),
      }
    })
    .sort((a, b) => a.f1 - b.f1 || (a.intent < b.intent ? -1 : 1))
}

/** Gathers wrong predictions by what was said and what was heard, most frequent first. Pure. */
export function confusions(predictions: readonly Prediction[]): readonly Confusion[] {
  const pairs = new Map<string, { intent: string; predicted: string; examples: Prediction[] }>()
  for (const one of predictions) {
    if (isRight(one)) continue
    const [intent, predicted] = [plain(one.intent), plain(one.predicted)]
    const key = `${intent} ${predicted}`
    const pair = pairs.get(key) ?? { intent, predicted, examples: [] }
    pairs.set(key, pair)
    pair.examples.push(one)
  }
  return [...pairs.values()]
    .map(({ intent, predicted, examples }) => ({
      intent,
      predicted,
      examples: examples
        .sort((a, b) => b.confidence - a.confidence)
        .map(({ text, confidence }) => ({ text, confidence })),
    }))
    .sort((a, b) => b.examples.length - a.examples.length || (a.intent < b.intent ? -1 : 1))
}

/** The goals by which understanding is judged, as shares; null where no message speaks about them. */
export type Goals = {
  /** In-scope messages whose first guess is right. */
  readonly topRight: number | null
  /** In-scope messages whose intent is started, or among the choices offered. */
  readonly heard: number | null
  /** Messages that are none of ours and start a flow. */
  readonly strangeStarted: number | null
}

/** Judges predictions by the goals. Pure. */
export function goalsOf(predictions: readonly Prediction[]): Goals {
  const inScope = predictions.filter(({ intent }) => !isOutOfScope(intent))
  const strange = predictions.filter(({ intent }) => isOutOfScope(intent))
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  return {
    topRight: share(
      inScope.filter(({ intent, ranking }) => ranking[0]?.intent === intent).length,
      inScope.length,
    ),
    heard: share(inScope.filter(isHeard).length, inScope.length),
    strangeStarted: share(strange.filter(({ decision }) => decision === 'accept').length, strange.length),
  }
}

function isHeard({ intent, decision, ranking }: Prediction): boolean {
  if (decision === 'reject') return false
  return ranking.slice(0, decision === 'accept' ? 1 : CHOICES_OFFERED).some((one) => one.intent === intent)
}

function plain(intent: string): string {
  return isOutOfScope(intent) ? 'out_of_scope' : intent
}
