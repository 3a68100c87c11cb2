import { loadClassifier } from '../content/load-classifier.ts'
import { loadContent } from '../content/load-content.ts'
import { classifierCache, projectContent } from '../content/project.ts'

/**
 * Trains the classifier on the shipped utterances into the build, so that the first start finds it there. Content
 * with problems is left to the start, which names them.
 */
export async function run(): Promise<number> {
  const { loaded } = loadContent(projectContent())
  if (loaded === undefined) return 0
  loadClassifier(loaded.lines, loaded.concepts, classifierCache, (lines) => {
    process.stderr.write(`training the classifier on ${lines} utterances …\n`)
  })
  return 0
}
