import { relative } from 'node:path'

import type { Content } from '../core/content.ts'
import { AppError } from '../core/errors.ts'
import { loadClassifier } from './load-classifier.ts'
import { type ContentFolders, loadContent } from './load-content.ts'
import type { ContentProblem } from './problem.ts'
import { classifierCache, projectRoot } from './project.ts'

/** Content that cannot go live: every problem at once, so that an author mends them in one go. */
export class ContentError extends AppError {
  constructor(problems: readonly ContentProblem[]) {
    const lines = problems.map((problem) => renderProblem(problem))
    super('invalid', `the content has ${problems.length} problem(s):\n${lines.join('\n')}`)
  }
}

/** One problem as a line: `file:line:col rule message`, the file as seen from the project or from here. */
export function renderProblem(problem: ContentProblem): string {
  return `${shortPath(problem.file)}:${problem.line}:${problem.col} ${problem.rule} ${problem.severity === undefined ? '' : 'warning: '}${problem.message}`
}

function shortPath(file: string): string {
  const inside = relative(projectRoot, file)
  return inside.startsWith('..') ? file : inside
}

/**
 * Loads checked content with its trained classifier. Throws `ContentError` with every problem found. `onTraining`
 * is told when the classifier has to be trained, which takes seconds.
 */
export function loadProject(folders: ContentFolders, onTraining?: (lines: number) => void): Content {
  const { loaded, problems } = loadContent(folders)
  if (loaded === undefined) throw new ContentError(problems)
  const classifier = loadClassifier(loaded.lines, loaded.concepts, classifierCache, onTraining)
  return { ...loaded.content, classifier }
}
