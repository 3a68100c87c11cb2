import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { loadClassifier } from '../content/load-classifier.ts'
import { loadConcepts } from '../content/load-concepts.ts'
import { loadLexicon } from '../content/load-lexicon.ts'
import { ContentError } from '../content/load-project.ts'
import { loadJsonLines, loadTraining } from '../content/load-training.ts'
import { classifierCache, conceptsFile, projectContent, projectRoot } from '../content/project.ts'
import { AppError } from '../core/errors.ts'
import { classify, explain } from '../core/nlu/classifier.ts'
import { extractEntities } from '../core/nlu/entities/extract.ts'
import { evaluate, renderReport, writePredictions } from './nlu-eval.ts'
import { measureReport, publish, readReport, saveReport } from './nlu-report.ts'
import { keepHeapSmall } from './small-heap.ts'

const USAGE = `usage: nlu try [--json] [--train PATH] TEXT
       nlu eval [--train PATH] [--test FILE.jsonl] [--predictions OUT.jsonl] [--baseline bayes] [--json]
       nlu report [--train PATH] [--test FILE.jsonl] [--html FILE] [--last FILE] [--save] [--json]`
const { intents: INTENTS, data: DATA } = projectContent()
/** Messages by other people than those who wrote the intents; the last report on them is kept beside. */
const HELD_OUT = join(projectRoot, 'tests/nlu/held-out.jsonl')
const LAST_REPORT = join(projectRoot, 'tests/nlu/report.json')
const CONCEPTS = conceptsFile(DATA)

/** Runs `nlu`. Gives the exit code: 0 done, 2 when the command or its input is wrong. */
export async function run(args: string[]): Promise<number> {
  const [command, ...rest] = args
  keepHeapSmall()
  try {
    if (command === 'try') return tryText(rest)
    if (command === 'eval') return await evalFiles(rest)
    if (command === 'report') return reportFiles(rest)
    throw new AppError(
      'invalid',
      `${command === undefined ? 'no command' : `unknown command "${command}"`}\n${USAGE}`,
    )
  } catch (error) {
    const reason = inputProblem(error)
    if (reason === undefined) throw error
    process.stderr.write(`nlu${command === undefined ? '' : ` ${command}`}: ${reason}\n`)
    return 2
  }
}

function tryText(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    options: { json: { type: 'boolean' }, train: { type: 'string' } },
    allowPositionals: true,
  })
  const text = positionals.join(' ')
  if (text.trim() === '') throw new AppError('invalid', `no text given\n${USAGE}`)
  const lines = loadTraining(values.train ?? INTENTS)
  const { lexicon, problems } = loadLexicon(DATA)
  if (problems.length > 0) throw new ContentError(problems)
  const classifier = loadClassifier(lines, loadConcepts(CONCEPTS), classifierCache, (count) => {
    process.stderr.write(`nlu try: training on ${count} lines\n`)
  })
  const { ranking, confidence, decision } = classify(classifier, text)
  const intent = ranking[0]?.intent ?? 'out_of_scope'
  const entities = extractEntities(text, lexicon, Date.now())
  if (values.json === true) {
    process.stdout.write(JSON.stringify({ intent, confidence, ranking, entities, decision }) + '\n')
    return 0
  }
  const why = explain(classifier, text)
  process.stdout.write(`${decision}: ${why.reason}\n`)
  for (const { intent: id, confidence: share, voices } of why.top) {
    const pieces = voices.map(({ piece, weight }) => `${piece} ${weight.toFixed(2)}`).join(', ')
    process.stdout.write(`  ${id} ${share.toFixed(2)}  ${pieces}\n`)
  }
  for (const { text: line, intent: id, similarity } of why.nearest) {
    process.stdout.write(`  like ${similarity.toFixed(2)} ${id}: ${line}\n`)
  }
  for (const { kind, value, text: piece } of entities)
    process.stdout.write(`  ${kind} = ${value} (${piece})\n`)
  return 0
}

async function evalFiles(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      train: { type: 'string' },
      test: { type: 'string' },
      predictions: { type: 'string' },
      baseline: { type: 'string' },
    },
  })
  if (values.baseline !== undefined && values.baseline !== 'bayes') {
    throw new AppError('invalid', `unknown baseline "${values.baseline}"; the only one is bayes`)
  }
  const test = values.test === undefined ? undefined : loadJsonLines(values.test)
  if (test?.length === 0) throw new AppError('invalid', `${values.test ?? ''}: no messages found`)
  const { report, predictions } = await evaluate({
    lines: loadTraining(values.train ?? INTENTS),
    test,
    concepts: loadConcepts(CONCEPTS),
    baseline: values.baseline === 'bayes',
    progress: (line) => process.stderr.write(`nlu eval: ${line}\n`),
  })
  if (values.predictions !== undefined) writePredictions(values.predictions, predictions)
  process.stdout.write(values.json === true ? JSON.stringify(report) + '\n' : renderReport(report))
  return 0
}

function reportFiles(args: string[]): number {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      train: { type: 'string' },
      test: { type: 'string', default: HELD_OUT },
      html: { type: 'string', default: 'nlu-report.html' },
      last: { type: 'string', default: LAST_REPORT },
      save: { type: 'boolean' },
    },
  })
  const before = readReport(values.last)
  const report = measureReport({
    lines: loadTraining(values.train ?? INTENTS),
    test: loadTraining(values.test),
    concepts: loadConcepts(CONCEPTS),
    progress: (line) => process.stderr.write(`nlu report: ${line}\n`),
  })
  if (values.save === true) saveReport(values.last, report)
  if (values.json === true) process.stdout.write(JSON.stringify(report) + '\n')
  else process.stdout.write(publish(report, before, values.html))
  return 0
}

/** Gives the one line to show when the caller is to blame, undefined when the program is. */
function inputProblem(error: unknown): string | undefined {
  if (error instanceof AppError && error.code === 'invalid') return error.message
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return `${error.message.split('\n')[0] ?? ''}\n${USAGE}`
  }
  return undefined
}
