import type { Change, Level, Report } from '../core/nlu/report/report.ts'
import { percent, signed } from './figures.ts'

const SHOWN = 12
const BAR = 30

/** Shows a report in a terminal. */
export function renderText(report: Report, change: Change | undefined): string {
  const { goals, measures } = report
  const parts = [
    heading(`${measures.n} messages by others, ${report.trainingLines} training lines`),
    table([
      ['first guess right', percent(goals.topRight), 'goal 90, aim 95'],
      ['accepted or offered', percent(goals.heard), 'goal 90, aim 95'],
      ['none of ours, started a flow', percent(goals.strangeStarted), 'goal 5, aim 2'],
      ['AUROC of the confidence', measures.auroc?.toFixed(3) ?? '-', ''],
      ['calibration error', measures.ece.toFixed(3), ''],
      ['training lines known to models without them', percent(report.known), 'below 90: lines still teach'],
    ]),
    heading('weakest intents'),
    table([
      ['intent', 'n', 'precision', 'recall', 'F1'],
      ...report.intents
        .slice(0, SHOWN)
        .map(({ intent, n, precision, recall, f1 }) => [
          intent,
          `${n}`,
          percent(precision),
          percent(recall),
          percent(f1),
        ]),
    ]),
    heading('most confused'),
    report.confusions
      .slice(0, SHOWN)
      .map(({ intent, predicted, examples }) =>
        [
          `${intent} taken for ${predicted}`,
          ...examples.map(({ text, confidence }) => `    ${confidence.toFixed(2)} ${text}`),
        ].join('\n'),
      )
      .join('\n') + '\n',
    heading('calibration: promised, kept'),
    table(
      report.calibration.map(({ promised, kept, n }) => [
        percent(promised),
        percent(kept),
        bar(kept),
        `${n}`,
      ]),
    ),
    heading('risk when only the surest are answered'),
    table(
      report.riskCoverage
        .filter((_, at) => at % 4 === 3)
        .map(({ coverage, risk }) => [`${percent(coverage)} answered`, `${percent(risk)} wrong`]),
    ),
    heading('thresholds for starting a flow'),
    table([
      ['from', 'started', 'wrong', 'none of ours started'],
      ...report.thresholds.map(({ threshold, started, wrong, strangeStarted }) => [
        threshold.toFixed(2),
        percent(started),
        percent(wrong),
        percent(strangeStarted),
      ]),
    ]),
    heading('learning curve: training lines, first guess right'),
    levels(report.learning),
    heading('ablation'),
    levels(report.ablation),
    heading('robustness'),
    levels(report.robustness),
    heading('training lines that may stand under the wrong intent'),
    report.suspects
      .slice(0, SHOWN)
      .map(
        ({ text, intent, predicted, confidence }) =>
          `${confidence.toFixed(2)} ${intent}, taken for ${predicted}: ${text}`,
      )
      .join('\n') + '\n',
    heading('training lines that say nearly the same'),
    report.duplicates
      .slice(0, SHOWN)
      .map(({ first, second, intents }) => `${intents.join(' and ')}: ${first} | ${second}`)
      .join('\n') + '\n',
  ]
  return [...parts, ...(change === undefined ? [] : [renderChange(change)])].join('\n')
}

function renderChange({ goals, intents, helped, hurt }: Change): string {
  return [
    heading('since the last report'),
    table(
      goals.map(({ name, before, now }) => [name, before.toFixed(3), now.toFixed(3), signed(now - before)]),
    ),
    table(
      intents.map(({ intent, before, now }) => [intent, percent(before), percent(now), signed(now - before)]),
    ),
    `helped ${helped.length}\n${listed(helped, '+')}`,
    `hurt ${hurt.length}\n${listed(hurt, '-')}`,
  ].join('\n')
}

function listed(texts: readonly string[], mark: string): string {
  const shown = texts.slice(0, SHOWN).map((text) => `  ${mark} ${text}\n`)
  return shown.join('') + (texts.length > SHOWN ? `  … and ${texts.length - SHOWN} more\n` : '')
}

function levels(rows: readonly Level[]): string {
  const first = rows.at(0)?.topRight ?? 0
  return table(
    rows.map(({ name, topRight, auroc, mistyped }, at) => [
      name,
      percent(topRight),
      at === 0 ? '' : signed(topRight - first),
      auroc === null ? '' : `AUROC ${auroc.toFixed(3)}`,
      mistyped === undefined ? '' : `with a homophone ${percent(mistyped)}`,
      bar(topRight),
    ]),
  )
}

function heading(text: string): string {
  return `${text}\n${'─'.repeat(Math.min(78, text.length))}`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)))
  return rows
    .map(
      (row) =>
        row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd() + '\n',
    )
    .join('')
}

function bar(share: number): string {
  return '█'.repeat(Math.round(share * BAR))
}
