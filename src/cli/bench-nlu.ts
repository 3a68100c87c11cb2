import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'

import { loadConcepts } from '../content/load-concepts.ts'
import { loadJsonLines, loadTraining } from '../content/load-training.ts'
import { conceptsFile, projectContent, projectRoot } from '../content/project.ts'
import { AppError } from '../core/errors.ts'
import { classify, isOutOfScope, train, type TrainingLine } from '../core/nlu/classifier.ts'
import type { Row } from './bench.ts'
import { bayesOf } from './nlu-baseline.ts'

const Training = z.object({
  lines: z.number(),
  features: z.number(),
  trainMs: z.number(),
  grownMb: z.number(),
})
/** The one part of node-nlp that is used here. */
const NodeNlp = z.object({
  NlpManager: z.custom<new (settings: object) => Manager>((value) => typeof value === 'function'),
})
type Manager = {
  addDocument(language: string, text: string, intent: string): void
  train(): Promise<void>
  process(language: string, text: string): Promise<{ intent: string }>
}

/** node-nlp takes minutes for thousands of lines; so many an intent it learns in seconds. */
const LINES_FOR_PEERS = 20
const WARM_UP = 500
const PEER = 'node-nlp'
const PEER_VERSION = '4.27.0'

/** Measures training, memory and speed of the classifier, beside its peers on the same lines in the same run. */
export async function measureUnderstanding(step: (what: string) => void): Promise<readonly Row[]> {
  step('training')
  const training = Training.parse(
    JSON.parse(
      execFileSync(process.execPath, [join(projectRoot, 'scripts/run.mjs'), 'cli/bench-train'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    ),
  )
  const { intents, data } = projectContent()
  const concepts = loadConcepts(conceptsFile(data))
  const texts = loadJsonLines(join(projectRoot, 'tests/nlu/held-out.jsonl')).map(({ text }) => text)
  const shipped = train(loadTraining(intents), concepts)
  step('one message after the other')
  const own = await speedOf((text) => void classify(shipped, text), texts)
  const few = someOfEach(loadTraining(intents), LINES_FOR_PEERS)
  const small = train(few, concepts)
  const ownSmall = await speedOf((text) => void classify(small, text), texts)
  step('naive Bayes')
  const bayes = bayesOf(few)
  const bayesSpeed = await speedOf((text) => void bayes(text), texts)
  const rows: Row[] = [
    {
      name: `classifier: training, ${training.lines} lines`,
      value: training.trainMs,
      unit: 'ms',
      target: '<= 5000',
    },
    {
      name: 'classifier: resident set, growth by loading and training',
      value: training.grownMb,
      unit: 'MB',
      target: '<= 60',
    },
    { name: 'classifier: messages', value: own.perSecond, unit: '/s' },
    { name: 'classifier: p50', value: own.p50Us, unit: 'µs' },
    { name: 'classifier: p99', value: own.p99Us, unit: 'µs', target: '< 1000' },
    {
      name: `classifier / naive Bayes of natural, ${few.length} lines`,
      value: ownSmall.perSecond / bayesSpeed.perSecond,
      unit: '×',
    },
  ]
  const peer = await nodeNlp()
  if (peer === undefined) {
    step(`${PEER} is not installed and left out; npm install --no-save ${PEER}@${PEER_VERSION} adds it`)
    return rows
  }
  step(`${PEER}: training`)
  const manager = new peer.NlpManager({ languages: ['zh'], autoSave: false, nlu: { log: false } })
  for (const { text, intent } of few) manager.addDocument('zh', text, intent)
  await manager.train()
  step(`${PEER}: one message after the other`)
  const peerSpeed = await speedOf(async (text) => void (await manager.process('zh', text)), texts)
  return [
    ...rows,
    {
      name: `classifier / ${PEER}, ${few.length} lines`,
      value: ownSmall.perSecond / peerSpeed.perSecond,
      unit: '×',
      target: '>= 3',
    },
  ]
}

async function nodeNlp(): Promise<z.infer<typeof NodeNlp> | undefined> {
  let loaded: unknown
  try {
    loaded = await import(PEER)
  } catch {
    return undefined
  }
  const parsed = NodeNlp.safeParse(loaded)
  if (parsed.success) return parsed.data
  throw new AppError('internal', `the installed ${PEER} is not the one known here; use ${PEER_VERSION}`)
}

async function speedOf(
  work: (text: string) => void | Promise<void>,
  texts: readonly string[],
): Promise<{ perSecond: number; p50Us: number; p99Us: number }> {
  const [warmUp, rest] = [texts.slice(0, WARM_UP), texts.slice(WARM_UP)]
  for (const text of warmUp) await work(text)
  const times: number[] = []
  // Each message once: node-nlp remembers what it has answered.
  for (const text of rest) {
    const startedAt = performance.now()
    const pending = work(text)
    if (pending !== undefined) await pending
    times.push((performance.now() - startedAt) * 1000)
  }
  const total = times.reduce((sum, time) => sum + time, 0)
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0
  return { perSecond: (times.length * 1e6) / total, p50Us: at(0.5), p99Us: at(0.99) }
}

function someOfEach(lines: readonly TrainingLine[], count: number): readonly TrainingLine[] {
  const taken = new Map<string, number>()
  return lines.filter(({ intent }) => {
    const before = taken.get(intent) ?? 0
    taken.set(intent, before + 1)
    return !isOutOfScope(intent) && before < count
  })
}
