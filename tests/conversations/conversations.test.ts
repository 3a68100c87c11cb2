import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'

import { expectTalk } from './expect-talk.ts'

const FOLDER = import.meta.dirname
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.chat'))

describe('conversations', () => {
  it.each(files)('%s', async (name) => {
    await expectTalk(name, readFileSync(join(FOLDER, name), 'utf8'))
  })
})
