import {
  classify,
  isOutOfScope,
  train,
  type Classifier,
  type Concepts,
  type TrainingLine,
} from '../core/nlu/classifier.ts'
import { measure, type Measures, type Prediction } from '../core/nlu/measure.ts'
import { percent } from './figures.ts'
import type { BaselineScores } from './nlu-baseline.ts'
import { writeOrRefuse } from './write-or-refuse.ts'

export type EvalRequest = {
  readonly lines: readonly TrainingLine[]
  /** Absent: cross-validation over `lines`. */
  readonly test: readonly TrainingLine[] | undefined
  readonly concepts: Concepts
  readonly baseline: boolean
  readonly progress: (line: string) => void
}

export type EvalReport = Measures & {
  readonly trainMs: number
  readonly predictUsP50: number
  readonly predictUsP99: number
  readonly peakRssMb: number
  readonly folds?: number
  readonly baseline?: BaselineScores
}

type Run = {
  readonly predictions: readonly Prediction[]
  readonly trainMs: number
  readonly timesUs: readonly number[]
}

const FOLDS = 5

/** Trains and scores as asked. Deterministic but for the times and the memory. */
export async function evaluate(
  request: EvalRequest,
): Promise<{ report: EvalReport; predictions: readonly Prediction[] }> {
  const { lines, test, concepts, progress } = request
  const parts = test ? [{ lines, test }] : foldsOf(lines)
  const runs = parts.map((part, at) => {
    progress(`part ${at + 1} of ${parts.length}: training on ${part.lines.length} lines`)
    return trainAndPredict(part.lines, part.test, concepts)
  })
  const predictions = runs.flatMap((run) => run.predictions)
  const times = runs.flatMap((run) => run.timesUs).sort((a, b) => a - b)
  const report: EvalReport = {
    ...measure(predictions),
    trainMs: round(runs.reduce((sum, run) => sum + run.trainMs, 0) / runs.length),
    predictUsP50: round(times[Math.floor(times.length * 0.5)] ?? 0),
    predictUsP99: round(times[Math.floor(times.length * 0.99)] ?? 0),
    peakRssMb: round(process.resourceUsage().maxRSS / 1024),
    ...(test ? {} : { folds: parts.length }),
  }
  if (!request.baseline) return { report, predictions }
  progress('training the baseline; this takes up to a minute on large sets')
  // Not before it is wanted: it loads much that nothing else needs.
  const { measureBayes } = await import('./nlu-baseline.ts')
  const [first] = parts
  return {
    report: first ? { ...report, baseline: measureBayes(first.lines, first.test) } : report,
    predictions,
  }
}

/** Writes one prediction a line. Throws `invalid` when the file cannot be written. */
export function writePredictions(path: string, predictions: readonly Prediction[]): void {
  const lines = predictions.map((prediction) => JSON.stringify(prediction) + '\n')
  writeOrRefuse(path, lines.join(''))
}

/** Shows a report to people. */
export function renderReport(report: EvalReport): string {
  const rows: (readonly [string, string])[] = [
    [
      'messages',
      report.folds === undefined ? `${report.n}` : `${report.n} (${report.folds}-fold cross-validation)`,
    ],
    ['accuracy', percent(report.accuracy)],
    ['macro F1', percent(report.macroF1)],
    ['in scope, rejects as wrong', percent(report.inScopeAccuracy)],
    ['out of scope: recall', percent(report.oosRecall)],
    ['out of scope: precision', percent(report.oosPrecision)],
    ['AUROC of the confidence', report.auroc === null ? '-' : report.auroc.toFixed(3)],
    ['calibration error', report.ece.toFixed(3)],
    ['training', `${report.trainMs} ms`],
    ['prediction p50 / p99', `${report.predictUsP50} / ${report.predictUsP99} µs`],
    ['peak memory', `${report.peakRssMb} MB`],
  ]
  if (report.baseline) {
    const { inScopeAccuracy, trainMs, predictUsP50 } = report.baseline
    const scope = report.folds === undefined ? '' : ', first part only'
    rows.push([
      'naive Bayes, in scope',
      `${percent(inScopeAccuracy)}, ${round(trainMs)} ms, ${round(predictUsP50)} µs${scope}`,
    ])
  }
  return rows.map(([name, value]) => `${name.padEnd(28)}${value}\n`).join('')
}

function trainAndPredict(
  lines: readonly TrainingLine[],
  test: readonly TrainingLine[],
  concepts: Concepts,
): Run {
  const startedAt = performance.now()
  const classifier = train(lines, concepts)
  const trainMs = performance.now() - startedAt
  const timesUs: number[] = []
  return { predictions: predictAll(classifier, test, (us) => timesUs.push(us)), trainMs, timesUs }
}

/** Classifies every message; `took` hears how many microseconds each took. */
export function predictAll(
  classifier: Classifier,
  test: readonly TrainingLine[],
  took?: (us: number) => void,
): readonly Prediction[] {
  const strangeLabel = classifier.lines.some(({ intent }) => intent === '__oos__')
    ? '__oos__'
    : 'out_of_scope'
  return test.map(({ text, intent }): Prediction => {
    const askedAt = performance.now()
    const { ranking, confidence, decision } = classify(classifier, text)
    took?.((performance.now() - askedAt) * 1000)
    const predicted = decision === 'reject' ? strangeLabel : (ranking[0]?.intent ?? strangeLabel)
    return { text, intent, predicted, confidence, decision, ranking }
  })
}

/** Deals the lines of each intent out to the folds in turn. */
export function foldsOf(lines: readonly TrainingLine[]): { lines: TrainingLine[]; test: TrainingLine[] }[] {
  const dealt = new Map<string, number>()
  const foldOf = lines.map(({ intent }) => {
    const turn = dealt.get(intent) ?? 0
    dealt.set(intent, turn + 1)
    return turn % FOLDS
  })
  return Array.from({ length: FOLDS }, (_, fold) => ({
    lines: lines.filter((_, at) => foldOf[at] !== fold),
    test: lines.filter((_, at) => foldOf[at] === fold),
  })).filter(({ test, lines: rest }) => test.length > 0 && rest.some(({ intent }) => !isOutOfScope(intent)))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
