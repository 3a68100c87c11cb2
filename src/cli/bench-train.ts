import { loadConcepts } from '../content/load-concepts.ts'
import { loadTraining } from '../content/load-training.ts'
import { conceptsFile, projectContent } from '../content/project.ts'
import { train } from '../core/nlu/classifier.ts'
import { keepHeapSmall } from './small-heap.ts'

/** Trains once in a process of its own and tells what that took, for `bench`. */
export async function run(): Promise<number> {
  keepHeapSmall()
  const before = process.memoryUsage.rss()
  const { intents, data } = projectContent()
  const lines = loadTraining(intents)
  const concepts = loadConcepts(conceptsFile(data))
  const startedAt = performance.now()
  const { model } = train(lines, concepts)
  const trainMs = performance.now() - startedAt
  const grownMb = (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20
  process.stdout.write(
    JSON.stringify({ lines: lines.length, features: model.keys.length, trainMs, grownMb }) + '\n',
  )
  return 0
}
