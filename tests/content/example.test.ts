import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { loadContent } from '../../src/content/load-content.ts'
import { contentIn, projectRoot } from '../../src/content/project.ts'
import type { Content } from '../../src/core/content.ts'
import { train } from '../../src/core/nlu/classifier.ts'
import { expectTalk } from '../conversations/expect-talk.ts'

const EXAMPLE = join(projectRoot, 'docs/example')
const folder = mkdtempSync(join(tmpdir(), 'posdesk-example-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The shipped content with the example of docs/authoring.md put in as an author would. */
let content: Content

beforeAll(() => {
  for (const name of ['flows', 'intents', 'data']) {
    cpSync(join(projectRoot, name), join(folder, name), {
      recursive: true,
      filter: (path) => !path.startsWith(join(projectRoot, 'data/store')),
    })
  }
  for (const name of ['flows', 'intents'])
    cpSync(join(EXAMPLE, name), join(folder, name), { recursive: true })
  const { loaded, problems } = loadContent(contentIn(folder), { advise: true })
  expect(problems).toEqual([])
  if (loaded === undefined) throw new Error('the example does not load')
  content = { ...loaded.content, classifier: train(loaded.lines, loaded.concepts) }
}, 60_000)

describe('the example of docs/authoring.md', () => {
  const talks = readdirSync(join(EXAMPLE, 'conversations'))

  it.each(talks)('%s goes as it says', async (name) => {
    await expectTalk(name, readFileSync(join(EXAMPLE, 'conversations', name), 'utf8'), content)
  })
})
