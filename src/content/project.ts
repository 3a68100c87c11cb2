import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { AppError } from '../core/errors.ts'
import type { ContentFolders } from './load-content.ts'

/** The project's folder: the nearest one above this file that holds package.json, in src/ as in dist/. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

/** The content that ships with the project. */
export function projectContent(): ContentFolders {
  return foldersIn(projectRoot)
}

/** The words that mean the same to us, in a data folder. */
export function conceptsFile(data: string): string {
  return join(data, 'lexicon', 'concepts.yaml')
}

/** Where trained classifiers are kept between starts: beside the build, so that a fresh data folder starts fast. */
export const classifierCache = join(projectRoot, 'dist', 'cache')

/**
 * The content below a folder that has the project's layout; a folder of flow files alone is checked with the
 * project's own intents and data. Throws `invalid` when there is nothing of the kind.
 */
export function contentIn(dir: string): ContentFolders {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) {
    throw new AppError('invalid', `"${dir}" is not a folder: give a folder with intents/, flows/ and data/`)
  }
  const own = foldersIn(dir)
  const shipped = projectContent()
  const isProjectLike = existsSync(own.flows) || existsSync(own.intents)
  if (!isProjectLike) return { ...shipped, flows: dir }
  return {
    intents: existsSync(own.intents) ? own.intents : shipped.intents,
    flows: existsSync(own.flows) ? own.flows : shipped.flows,
    data: existsSync(join(own.data, 'replies.yaml')) ? own.data : shipped.data,
  }
}

function foldersIn(root: string): ContentFolders {
  return { intents: join(root, 'intents'), flows: join(root, 'flows'), data: join(root, 'data') }
}

function findRoot(start: string): string {
  let dir = start
  while (!existsSync(join(dir, 'package.json'))) {
    const parent = dirname(dir)
    if (parent === dir) throw new AppError('internal', `no package.json above ${start}`)
    dir = parent
  }
  return dir
}
