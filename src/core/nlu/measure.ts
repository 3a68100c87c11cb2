import { isOutOfScope } from './classifier.ts'
import type { Decision, Ranked } from './understanding.ts'

/** One labelled message and what the classifier made of it. */
export type Prediction = {
  readonly text: string
  readonly intent: string
  readonly predicted: string
  readonly confidence: number
  readonly decision: Decision
  /** In-scope intents, best first. */
  readonly ranking: readonly Ranked[]
}

/** Shares between 0 and 1; null where no row says anything about them. */
export type Measures = {
  readonly n: number
  readonly accuracy: number
  readonly macroF1: number
  readonly inScopeAccuracy: number | null
  readonly oosRecall: number | null
  readonly oosPrecision: number | null
  readonly auroc: number | null
  readonly ece: number
}

const BINS = 15

/**
 * Scores predictions against their labels. A rejected message counts as predicted out of scope, one that is asked
 * back about as its top intent. Pure.
 */
export function measure(predictions: readonly Prediction[]): Measures {
  const inScope = predictions.filter(({ intent }) => !isOutOfScope(intent))
  const strange = predictions.filter(({ intent }) => isOutOfScope(intent))
  const rejected = predictions.filter(({ decision }) => decision === 'reject')
  const rejectedStrange = rejected.filter(({ intent }) => isOutOfScope(intent))
  return {
    n: predictions.length,
    accuracy: share(predictions.filter(isRight).length, predictions.length) ?? 0,
    macroF1: macroF1(predictions),
    inScopeAccuracy: share(inScope.filter(isRight).length, inScope.length),
    oosRecall: share(rejectedStrange.length, strange.length),
    oosPrecision: strange.length === 0 ? null : share(rejectedStrange.length, rejected.length),
    auroc: auroc(
      inScope.map(({ confidence }) => confidence),
      strange.map(({ confidence }) => confidence),
    ),
    ece: calibrationError(predictions),
  }
}

/** Tells whether a prediction names its label; all names of out of scope are one. Pure. */
export function isRight({ intent, predicted }: Prediction): boolean {
  return intent === predicted || (isOutOfScope(intent) && isOutOfScope(predicted))
}

function macroF1(predictions: readonly Prediction[]): number {
  const counts = new Map<string, { right: number; labelled: number; predicted: number }>()
  const countOf = (label: string) => {
    const key = isOutOfScope(label) ? 'out_of_scope' : label
    const known = counts.get(key) ?? { right: 0, labelled: 0, predicted: 0 }
    counts.set(key, known)
    return known
  }
  for (const prediction of predictions) {
    countOf(prediction.intent).labelled += 1
    countOf(prediction.predicted).predicted += 1
    if (isRight(prediction)) countOf(prediction.intent).right += 1
  }
  const scores = [...counts.values()]
    .filter(({ labelled }) => labelled > 0)
    .map(({ right, labelled, predicted }) => (2 * right) / (labelled + predicted))
  return (
    share(
      scores.reduce((sum, score) => sum + score, 0),
      scores.length,
    ) ?? 0
  )
}

/** Chance that a message in scope gets more confidence than one that is not; ties count half. */
function auroc(inScope: readonly number[], strange: readonly number[]): number | null {
  if (inScope.length === 0 || strange.length === 0) return null
  const all = [
    ...inScope.map((confidence) => ({ confidence, own: true })),
    ...strange.map((confidence) => ({ confidence, own: false })),
  ].sort((a, b) => a.confidence - b.confidence)
  let rankSum = 0
  for (let from = 0; from < all.length;) {
    let to = from
    while (to < all.length && all[to]?.confidence === all[from]?.confidence) to += 1
    const meanRank = (from + 1 + to) / 2
    for (let at = from; at < to; at++) if (all[at]?.own === true) rankSum += meanRank
    from = to
  }
  return (rankSum - (inScope.length * (inScope.length + 1)) / 2) / (inScope.length * strange.length)
}

/** Expected calibration error: how far the confidence is from the share of right top intents, over equal bins. */
function calibrationError(predictions: readonly Prediction[]): number {
  const gaps = new Float64Array(BINS)
  for (const { confidence, ranking, intent } of predictions) {
    const bin = Math.min(BINS - 1, Math.floor(confidence * BINS))
    gaps[bin] = (gaps[bin] ?? 0) + confidence - (ranking[0]?.intent === intent ? 1 : 0)
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / Math.max(predictions.length, 1)
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
