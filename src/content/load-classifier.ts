import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  type Classifier,
  type Concepts,
  type TrainingLine,
  deserialize,
  serialize,
  train,
} from '../core/nlu/classifier.ts'

/**
 * The classifier for these lines: read from the cache when one was trained on exactly this content, else trained
 * and put there. The cache lies beside the build, which every change of the code makes anew. An unreadable or unwritable cache only costs time. `onTraining` is told before the slow way.
 */
export function loadClassifier(
  lines: readonly TrainingLine[],
  concepts: Concepts,
  cacheDir: string,
  onTraining: (lines: number) => void = () => undefined,
): Classifier {
  const hash = createHash('sha256')
    .update(JSON.stringify([lines, concepts]))
    .digest('hex')
  const file = join(cacheDir, `classifier-${hash.slice(0, 32)}.bin`)
  const cached = readCached(file)
  if (cached !== undefined) return cached
  onTraining(lines.length)
  const classifier = train(lines, concepts)
  writeCached(cacheDir, file, serialize(classifier))
  return classifier
}

function readCached(file: string): Classifier | undefined {
  try {
    return deserialize(readFileSync(file))
  } catch {
    return undefined
  }
}

function writeCached(dir: string, file: string, bytes: Uint8Array): void {
  try {
    mkdirSync(dir, { recursive: true })
    const fresh = `${file}.${process.pid}`
    writeFileSync(fresh, bytes)
    renameSync(fresh, file)
    for (const name of readdirSync(dir)) {
      const other = join(dir, name)
      if (/^classifier-[0-9a-f]{32}\.bin$/u.test(name) && other !== file) rmSync(other, { force: true })
    }
  } catch {
    // The classifier is in memory; the next start trains again.
  }
}
