import { isOutOfScope } from '../classifier.ts'
import type { Prediction } from '../measure.ts'

/** One bin of the calibration curve: what was promised and what was kept. */
export type CalibrationBin = { readonly promised: number; readonly kept: number; readonly n: number }

/** One point of the risk–coverage curve: answering this share of the messages, this share of answers is wrong. */
export type RiskPoint = { readonly coverage: number; readonly risk: number }

/** What a threshold for starting a flow would do. */
export type ThresholdRow = {
  readonly threshold: number
  /** Share of messages in scope that start something, and of all of those that start the wrong thing. */
  readonly started: number
  readonly wrong: number
  /** Share of messages that are none of ours and start something. */
  readonly strangeStarted: number
}

const BINS = 10
const POINTS = 40
const THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]

/** Compares confidence with the share of right first guesses, over ten bins of equal width; empty bins are left out. */
export function calibrationCurve(predictions: readonly Prediction[]): readonly CalibrationBin[] {
  const bins = Array.from({ length: BINS }, () => ({ promised: 0, kept: 0, n: 0 }))
  for (const prediction of predictions) {
    const bin = bins[Math.min(BINS - 1, Math.floor(prediction.confidence * BINS))]
    if (bin === undefined) continue
    bin.promised += prediction.confidence
    bin.kept += isTopRight(prediction) ? 1 : 0
    bin.n += 1
  }
  return bins
    .filter(({ n }) => n > 0)
    .map(({ promised, kept, n }) => ({ promised: promised / n, kept: kept / n, n }))
}

/** Answers the surest messages first. A message that is none of ours counts as wrong wherever it is answered. Pure. */
export function riskCoverage(predictions: readonly Prediction[]): readonly RiskPoint[] {
  const surest = [...predictions].sort((a, b) => b.confidence - a.confidence)
  let wrong = 0
  const wrongUpTo = surest.map((prediction) => (wrong += isTopRight(prediction) ? 0 : 1))
  return Array.from({ length: POINTS }, (_, point) => {
    const count = Math.max(1, Math.round(((point + 1) * surest.length) / POINTS))
    return { coverage: count / Math.max(1, surest.length), risk: (wrongUpTo[count - 1] ?? 0) / count }
  })
}

/** Shows what other thresholds for starting a flow would do. Pure. */
export function thresholdTable(predictions: readonly Prediction[]): readonly ThresholdRow[] {
  const inScope = predictions.filter(({ intent }) => !isOutOfScope(intent))
  const strange = predictions.filter(({ intent }) => isOutOfScope(intent))
  return THRESHOLDS.map((threshold) => {
    const started = inScope.filter(({ confidence }) => confidence >= threshold)
    return {
      threshold,
      started: started.length / Math.max(1, inScope.length),
      wrong: started.filter((one) => !isTopRight(one)).length / Math.max(1, inScope.length),
      strangeStarted:
        strange.filter(({ confidence }) => confidence >= threshold).length / Math.max(1, strange.length),
    }
  })
}

/** Tells whether the first guess is the label, whatever was decided. Pure. */
export function isTopRight({ intent, ranking }: Prediction): boolean {
  return ranking[0]?.intent === intent
}
