import { isRight, type Measures, type Prediction } from '../measure.ts'
import type { CalibrationBin, RiskPoint, ThresholdRow } from './curves.ts'
import type { Confusion, Goals, IntentScore } from './confusions.ts'

/** Share of first guesses that are right under some condition. */
export type Level = {
  readonly name: string
  readonly topRight: number
  readonly auroc: number | null
  /** The same with a homophone in every message. */
  readonly mistyped?: number
}

/** A training line that models trained without it take, with confidence, for another intent. */
export type Suspect = {
  readonly text: string
  readonly intent: string
  readonly predicted: string
  readonly confidence: number
}

/** Everything `nlu report` measures. Kept as a file, it is what the next report is compared with. */
export type Report = {
  readonly trainingLines: number
  readonly measures: Measures
  readonly goals: Goals
  readonly intents: readonly IntentScore[]
  readonly confusions: readonly Confusion[]
  readonly calibration: readonly CalibrationBin[]
  readonly riskCoverage: readonly RiskPoint[]
  readonly thresholds: readonly ThresholdRow[]
  /** First guess right with ever more of the training lines; `name` is their number. */
  readonly learning: readonly Level[]
  /** Everything, and everything without each group of features. */
  readonly ablation: readonly Level[]
  readonly robustness: readonly Level[]
  /** Share of the training lines that models trained without them get right: far below 1, lines still teach. */
  readonly known: number
  readonly suspects: readonly Suspect[]
  readonly duplicates: readonly {
    readonly first: string
    readonly second: string
    readonly intents: readonly string[]
  }[]
  /** Messages that are not understood, by which a later report tells what a change helped and hurt. */
  readonly wrong: readonly { readonly text: string; readonly intent: string; readonly predicted: string }[]
}

export type Change = {
  readonly goals: readonly { readonly name: string; readonly before: number; readonly now: number }[]
  readonly intents: readonly { readonly intent: string; readonly before: number; readonly now: number }[]
  readonly helped: readonly string[]
  readonly hurt: readonly string[]
}

/** A smaller difference of an intent's F1 is noise. */
const NOTABLE = 0.02

/** Gives the predictions that are wrong, as a report keeps them. Pure. */
export function wrongOnes(predictions: readonly Prediction[]): Report['wrong'] {
  return predictions
    .filter((one) => !isRight(one))
    .map(({ text, intent, predicted }) => ({ text, intent, predicted }))
}

/** Says what changed between two reports on the same messages. Pure. */
export function compareReports(before: Report, now: Report): Change {
  const goals = [
    ['first guess right', before.goals.topRight, now.goals.topRight],
    ['accepted or offered', before.goals.heard, now.goals.heard],
    ['none of ours, started a flow', before.goals.strangeStarted, now.goals.strangeStarted],
    ['AUROC', before.measures.auroc, now.measures.auroc],
    ['calibration error', before.measures.ece, now.measures.ece],
  ] as const
  const scoreBefore = new Map(before.intents.map(({ intent, f1 }) => [intent, f1]))
  const wrongBefore = new Set(before.wrong.map(({ text }) => text))
  const wrongNow = new Set(now.wrong.map(({ text }) => text))
  return {
    goals: goals.flatMap(([name, then, today]) =>
      then === null || today === null ? [] : [{ name, before: then, now: today }],
    ),
    intents: now.intents
      .flatMap(({ intent, f1 }) => {
        const then = scoreBefore.get(intent)
        return then === undefined || Math.abs(f1 - then) < NOTABLE ? [] : [{ intent, before: then, now: f1 }]
      })
      .sort((a, b) => a.now - a.before - (b.now - b.before)),
    helped: [...wrongBefore].filter((text) => !wrongNow.has(text)),
    hurt: [...wrongNow].filter((text) => !wrongBefore.has(text)),
  }
}
