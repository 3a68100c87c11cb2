import type { Change, Level, Report } from '../core/nlu/report/report.ts'
import { escapeMarkup } from '../core/escape-markup.ts'
import { percent, signed } from './figures.ts'
import { barChart, lineChart } from './svg-charts.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5b6875; --line: #d9dfe6; --card: #fff; --page: #f4f6f8; --accent: #1f6feb; --good: #1a7f37; --bad: #c0362c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --soft: #9aa7b4; --line: #313a44; --card: #1b2128; --page: #12161b; --accent: #6cb0ff; --good: #4ac26b; --bad: #ff8a80; } }
* { box-sizing: border-box }
body { margin: 0; padding: 24px 16px 64px; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif }
main { max-width: 1080px; margin: 0 auto }
h1 { font-size: 22px; margin: 0 0 4px } h2 { font-size: 17px; margin: 0 0 12px }
p { margin: 0 0 12px; color: var(--soft) }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px; margin-top: 16px; overflow-x: auto }
.grid { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)) }
.grid section, .cards section { margin-top: 0 } .grid, .cards { margin-top: 16px }
.cards { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)) }
.figure { font-size: 26px; font-weight: 650; font-variant-numeric: tabular-nums } .met { color: var(--good) } .missed { color: var(--bad) }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums } th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { color: var(--soft); font-weight: 500 } td.n { text-align: right; white-space: nowrap } .soft { color: var(--soft) }
.meter { display: inline-block; width: 120px; height: 8px; border-radius: 4px; background: var(--line); vertical-align: middle } .meter i { display: block; height: 100%; border-radius: 4px; background: var(--accent) }
svg { width: 100%; max-width: 560px; height: auto; display: block } svg text { fill: var(--soft); font-size: 11px }
ul { margin: 0; padding-left: 18px }
`

/** Shows a report as one page that needs nothing else: figures first, then curves, then what to mend. */
export function renderHtml(report: Report, change: Change | undefined): string {
  const { goals, measures } = report
  const body = [
    `<h1>How well posdesk understands</h1><p>${measures.n} messages written by others than the ${report.trainingLines} training lines.</p>`,
    `<div class="cards">${[
      card('first guess right', goals.topRight, 'at least 90 %, aim 95 %', (share) => share >= 0.9),
      card('accepted or offered', goals.heard, 'at least 90 %, aim 95 %', (share) => share >= 0.9),
      card(
        'none of ours, started a flow',
        goals.strangeStarted,
        'at most 5 %, aim 2 %',
        (share) => share <= 0.05,
      ),
      card('lines known without them', report.known, 'below 90 %: lines still teach', (share) => share < 0.9),
      plainCard('AUROC', measures.auroc?.toFixed(3) ?? '–', 'in scope surer than out of scope'),
      plainCard('calibration error', measures.ece.toFixed(3), 'promised less kept'),
    ].join('')}</div>`,
    change === undefined ? '' : changeSection(change),
    `<div class="grid">${[
      section(
        'Is it as sure as it is right?',
        lineChart({
          points: report.calibration.map(({ promised, kept }) => [promised, kept]),
          diagonal: true,
          x: 'confidence promised',
          y: 'first guess right',
        }),
      ),
      section(
        'Wrong when only the surest are answered',
        lineChart({
          points: report.riskCoverage.map(({ coverage, risk }) => [coverage, risk]),
          top: Math.max(0.1, ...report.riskCoverage.map(({ risk }) => risk)),
          x: 'share answered',
          y: 'wrong',
        }),
      ),
      section(
        'More lines, more understood',
        lineChart({
          points: report.learning.map(({ name, topRight }) => [
            Number(name) / report.trainingLines,
            topRight,
          ]),
          labels: report.learning.map(({ name, topRight }) => `${name}: ${percent(topRight)}`),
          bottom: 0.5,
          x: 'share of the training lines',
          y: 'first guess right',
        }),
      ),
      section('What each part is worth', levelChart(report.ablation)),
    ].join('')}</div>`,
    section('What typing does to it', levelChart(report.robustness)),
    section('Thresholds for starting a flow', thresholdTable(report)),
    section('Intents, weakest first', intentTable(report)),
    section('Most confused', confusionTable(report)),
    section('Training lines that may stand under the wrong intent', suspectTable(report)),
    section('Training lines that say nearly the same', duplicateTable(report)),
  ]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>posdesk: understanding</title><style>${STYLE}</style></head>
<body><main>${body.join('\n')}</main></body></html>
`
}

function changeSection({ goals, intents, helped, hurt }: Change): string {
  const rows = [
    ...goals.map(({ name, before, now }) => [name, before.toFixed(3), now.toFixed(3), signed(now - before)]),
    ...intents.map(({ intent, before, now }) => [
      intent,
      percent(before),
      percent(now),
      signed(now - before),
    ]),
  ]
  const list = (title: string, texts: readonly string[]): string =>
    `<div><b>${title} ${texts.length}</b><ul>${texts
      .slice(0, 40)
      .map((text) => `<li>${escapeMarkup(text)}</li>`)
      .join('')}</ul></div>`
  return section(
    'Since the last report',
    `${table(['', 'before', 'now', 'difference'], rows)}<div class="grid">${list('helped', helped)}${list('hurt', hurt)}</div>`,
  )
}

function levelChart(levels: readonly Level[]): string {
  const first = levels.at(0)?.topRight ?? 0
  return barChart(
    levels.map(({ name, topRight, mistyped }, at) => ({
      name,
      share: topRight,
      note: [
        percent(topRight),
        at === 0 ? '' : `(${signed(topRight - first)})`,
        mistyped === undefined ? '' : `typo ${percent(mistyped)}`,
      ].join(' '),
    })),
  )
}

function thresholdTable({ thresholds }: Report): string {
  return table(
    ['from confidence', 'in scope started', 'of them wrong', 'none of ours started'],
    thresholds.map(({ threshold, started, wrong, strangeStarted }) => [
      threshold.toFixed(2),
      percent(started),
      percent(wrong),
      percent(strangeStarted),
    ]),
  )
}

function intentTable({ intents }: Report): string {
  const rows = intents.map(
    ({ intent, n, precision, recall, f1 }) =>
      `<tr><td>${escapeMarkup(intent)}</td><td class="n">${n}</td><td class="n">${percent(precision)}</td><td class="n">${percent(recall)}</td><td class="n">${percent(f1)}</td><td><span class="meter"><i style="width:${(f1 * 100).toFixed(0)}%"></i></span></td></tr>`,
  )
  return `<table><thead><tr><th>intent</th><th>n</th><th>precision</th><th>recall</th><th>F1</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function confusionTable({ confusions }: Report): string {
  const rows = confusions.map(
    ({ intent, predicted, examples }) =>
      `<tr><td>${escapeMarkup(intent)}<br><span class="soft">taken for ${escapeMarkup(predicted)}</span></td><td><ul>${examples
        .map(
          ({ text, confidence }) =>
            `<li>${escapeMarkup(text)} <span class="soft">${confidence.toFixed(2)}</span></li>`,
        )
        .join('')}</ul></td></tr>`,
  )
  return `<table><tbody>${rows.join('')}</tbody></table>`
}

function suspectTable({ suspects }: Report): string {
  return table(
    ['line', 'stands under', 'taken for', 'confidence'],
    suspects.map(({ text, intent, predicted, confidence }) => [
      text,
      intent,
      predicted,
      confidence.toFixed(2),
    ]),
  )
}

function duplicateTable({ duplicates }: Report): string {
  return table(
    ['one', 'other', 'intents'],
    duplicates.map(({ first, second, intents }) => [first, second, intents.join(' and ')]),
  )
}

function card(name: string, share: number | null, goal: string, isMet: (share: number) => boolean): string {
  const state = share === null ? '' : isMet(share) ? 'met' : 'missed'
  return `<section><div class="soft">${name}</div><div class="figure ${state}">${share === null ? '–' : percent(share)}</div><div class="soft">${goal}</div></section>`
}

function plainCard(name: string, figure: string, note: string): string {
  return `<section><div class="soft">${name}</div><div class="figure">${figure}</div><div class="soft">${note}</div></section>`
}

function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p>None.</p>'
  const cells = (row: readonly string[]): string =>
    row.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('')
  return `<table><thead><tr>${head.map((name) => `<th>${name}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells(row)}</tr>`)
    .join('')}</tbody></table>`
}
