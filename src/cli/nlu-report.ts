import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

import { AppError } from '../core/errors.ts'
import {
  classify,
  isOutOfScope,
  train,
  type Classifier,
  type Concepts,
  type TrainingLine,
} from '../core/nlu/classifier.ts'
import { GROUPS } from '../core/nlu/features.ts'
import { measure, type Prediction } from '../core/nlu/measure.ts'
import { confusions, goalsOf, intentScores } from '../core/nlu/report/confusions.ts'
import { calibrationCurve, isTopRight, riskCoverage, thresholdTable } from '../core/nlu/report/curves.ts'
import { nearDuplicates } from '../core/nlu/report/near-duplicates.ts'
import { PERTURBATIONS } from '../core/nlu/report/perturbations.ts'
import {
  compareReports,
  wrongOnes,
  type Level,
  type Report,
  type Suspect,
} from '../core/nlu/report/report.ts'
import { SETTINGS } from '../core/nlu/settings.ts'
import { homophone } from '../core/nlu/typos.ts'
import { foldsOf, predictAll } from './nlu-eval.ts'
import { renderHtml } from './nlu-report-html.ts'
import { renderText } from './nlu-report-text.ts'
import { writeOrRefuse } from './write-or-refuse.ts'

export type ReportRequest = {
  readonly lines: readonly TrainingLine[]
  readonly test: readonly TrainingLine[]
  readonly concepts: Concepts
  readonly progress: (line: string) => void
}

const CONFUSIONS_KEPT = 40
const EXAMPLES_KEPT = 4
const SUSPECTS_KEPT = 60
const DUPLICATES_KEPT = 60
const SHARES = [0.125, 0.25, 0.5]

/** Measures everything there is to know about the classifier that these lines make, on other people's messages. */
export function measureReport(request: ReportRequest): Report {
  const { lines, test, concepts, progress } = request
  const trained = (what: string, part: readonly TrainingLine[], settings = SETTINGS) => {
    progress(`${what}: training on ${part.length} lines`)
    return train(part, concepts, settings)
  }
  const whole = trained('the whole', lines)
  const predictions = predictAll(whole, test)
  const level = (name: string, classifier: Classifier): Level => levelOf(name, predictAll(classifier, test))
  const learning = SHARES.map((share) => {
    const part = partOf(lines, share)
    return level(`${part.length}`, trained(`learning curve, ${share * 100} %`, part))
  })
  // Twice as many messages show half as small a difference: a fifth of the training lines is judged too.
  const [part = { lines, test: [] }] = foldsOf(lines)
  const ablation = ['nothing', ...GROUPS].map((group, place) => {
    const groupWeights = SETTINGS.groupWeights.map((weight, at) => (at === place - 1 ? 0 : weight))
    const classifier = trained(`ablation, without ${group}`, part.lines, { ...SETTINGS, groupWeights })
    const judged = [...test, ...part.test]
    const typed = judged.map(({ text, intent }) => ({ text: homophone(text, 0), intent }))
    return {
      ...levelOf(`without ${group}`, predictAll(classifier, judged)),
      mistyped: levelOf('', predictAll(classifier, typed)).topRight,
    }
  })
  const { known, suspects } = crossCheck(request)
  progress('looking for near-duplicates')
  return {
    trainingLines: lines.length,
    measures: measure(predictions),
    goals: goalsOf(predictions),
    intents: intentScores(predictions),
    confusions: confusions(predictions)
      .slice(0, CONFUSIONS_KEPT)
      .map((one) => ({ ...one, examples: one.examples.slice(0, EXAMPLES_KEPT) })),
    calibration: calibrationCurve(predictions),
    riskCoverage: riskCoverage(predictions),
    thresholds: thresholdTable(predictions),
    learning: [...learning, levelOf(`${lines.length}`, predictions)],
    ablation,
    robustness: [levelOf('as written', predictions), ...robustnessOf(whole, test)],
    known,
    suspects,
    duplicates: nearDuplicates(lines)
      .slice(0, DUPLICATES_KEPT)
      .map(({ first, second }) => ({
        first: first.text,
        second: second.text,
        intents: [...new Set([first.intent, second.intent])],
      })),
    wrong: wrongOnes(predictions),
  }
}

/** Reads the report to compare with; absent when there is none yet. Throws `invalid` when it is no report. */
export function readReport(path: string): Report | undefined {
  if (!existsSync(path)) return undefined
  const problem = new AppError(
    'invalid',
    `${relative('.', path)}: no report; write it with nlu report --save`,
  )
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw problem
  }
  if (!isReport(parsed)) throw problem
  return parsed
}

/** Keeps a report as the one the next is compared with. Throws `invalid` when it cannot be written. */
export function saveReport(path: string, report: Report): void {
  writeOrRefuse(path, JSON.stringify(report, null, 1) + '\n')
}

/** Shows a report: text for the terminal, a page with pictures, and what changed since the last one. */
export function publish(report: Report, before: Report | undefined, htmlPath: string): string {
  const change = before === undefined ? undefined : compareReports(before, report)
  writeOrRefuse(htmlPath, renderHtml(report, change))
  return `${renderText(report, change)}\nthe same with pictures: ${htmlPath}\n`
}

function isReport(value: unknown): value is Report {
  const names = ['measures', 'goals', 'intents', 'wrong']
  return typeof value === 'object' && value !== null && names.every((name) => name in value)
}

function robustnessOf(classifier: Classifier, test: readonly TrainingLine[]): readonly Level[] {
  return PERTURBATIONS.map(({ name, change }) =>
    levelOf(
      name,
      predictAll(
        classifier,
        test.map(({ text, intent }) => ({ text: change(text), intent })),
      ),
    ),
  )
}

function levelOf(name: string, predictions: readonly Prediction[]): Level {
  const inScope = predictions.filter(({ intent }) => !isOutOfScope(intent))
  return {
    name,
    topRight: inScope.filter(isTopRight).length / Math.max(1, inScope.length),
    auroc: measure(predictions).auroc,
  }
}

/** Every intent's first lines, so that a part holds all intents. */
function partOf(lines: readonly TrainingLine[], share: number): readonly TrainingLine[] {
  const sizes = new Map<string, number>()
  for (const { intent } of lines) sizes.set(intent, (sizes.get(intent) ?? 0) + 1)
  const taken = new Map<string, number>()
  return lines.filter(({ intent }) => {
    const count = (taken.get(intent) ?? 0) + 1
    taken.set(intent, count)
    // Spread over the file: one file's lines stand in the order of their writers.
    const each = 1 / share
    return Math.floor(count / each) > Math.floor((count - 1) / each)
  })
}

/** Judges the training lines by models that did not see them. */
function crossCheck({ lines, concepts, progress }: ReportRequest): {
  known: number
  suspects: readonly Suspect[]
} {
  const judged = foldsOf(lines).flatMap((fold, at) => {
    progress(`lines judged by others, part ${at + 1}: training on ${fold.lines.length} lines`)
    const classifier = train(fold.lines, concepts)
    return fold.test.map(({ text, intent }): Suspect => {
      const { ranking, confidence, decision } = classify(classifier, text)
      const predicted = decision === 'reject' ? 'out_of_scope' : (ranking[0]?.intent ?? 'out_of_scope')
      return { text, intent, predicted, confidence }
    })
  })
  const inScope = judged.filter(({ intent }) => !isOutOfScope(intent))
  return {
    known:
      inScope.filter(({ intent, predicted }) => intent === predicted).length / Math.max(1, inScope.length),
    suspects: judged
      .filter(({ intent, predicted }) => intent !== predicted && predicted !== 'out_of_scope')
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, SUSPECTS_KEPT),
  }
}
