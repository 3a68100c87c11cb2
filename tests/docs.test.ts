import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

import { ASKED_BEFORE } from '../src/core/flow/facts.ts'
import { GENERAL_ANSWERS } from '../src/core/flow/flow.ts'
import { DERIVED_NAMES } from '../src/core/turn/flow-world.ts'
import { loadContent } from '../src/content/load-content.ts'
import { projectContent } from '../src/content/project.ts'
import { answerSchema, endSchema, flowSchema, stepSchema, ticketSchema } from '../src/content/schema.ts'

const ROOT = resolve(import.meta.dirname, '..')
const DOCS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
  readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
)
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8')
const scripts = new Set(
  [...read('package.json').matchAll(/^ {4}"([a-z:]+)": "/gmu)].map((match) => match[1] ?? ''),
)

describe.each(DOCS)('%s', (name) => {
  const text = read(name)

  it('names only commands that exist', () => {
    const commands = [...text.matchAll(/npm run (?:-s )?([a-z:]+)/gu)].map((match) => match[1] ?? '')
    expect(commands.filter((command) => !scripts.has(command))).toEqual([])
  })

  it('names only files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/gu)].map((match) =>
      join(ROOT, name, '..', match[1] ?? ''),
    )
    const paths = [...text.matchAll(/`((?:src|tests|docs|data|intents|flows)\/[^`*…]*)`/gu)]
      .map((match) => match[1] ?? '')
      // The store's folder is made at run time.
      .filter((path) => !path.startsWith('data/store'))
      .map((path) => join(ROOT, path))
    expect([...links, ...paths].filter((path) => !existsSync(path))).toEqual([])
  })

  it('speaks of the project alone', () => {
    expect(text).not.toMatch(/\/(?:work|home|root|Users)\//u)
    expect(text).not.toMatch(/registry\./u)
  })
})

describe('docs/flows.md', () => {
  const text = read('docs/flows.md')

  it('explains every key of the flow language', () => {
    const schemas = [flowSchema, stepSchema, answerSchema, endSchema, ticketSchema]
    const keys = schemas.flatMap((schema) => Object.keys(schema.shape))
    expect([...new Set(keys)].filter((key) => !new RegExp(`\`${key}[\`:]`, 'u').test(text))).toEqual([])
  })

  it('explains every general answer and every name conditions may use', () => {
    const names = [...GENERAL_ANSWERS, ...DERIVED_NAMES, ASKED_BEFORE]
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })

  it('shows a flow that passes the check', () => {
    const example = /```yaml\n(flow: [\s\S]*?)```/u.exec(text)?.[1] ?? ''
    const folder = mkdtempSync(join(tmpdir(), 'posdesk-docs-'))
    try {
      const flows = join(folder, 'flows')
      mkdirSync(flows)
      const shipped = projectContent()
      for (const file of readdirSync(shipped.flows)) {
        writeFileSync(join(flows, file), readFileSync(join(shipped.flows, file)))
      }
      writeFileSync(join(flows, 'speaker_silent.yaml'), example)
      expect(loadContent({ ...shipped, flows }).problems).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('.env.example', () => {
  it('names every variable that config.ts reads, and no other', () => {
    const read = new Set(
      [
        ...readFileSync(join(ROOT, 'src/config.ts'), 'utf8').matchAll(
          /\b((?:POSDESK|WECHAT|SLACK)_[A-Z_]+|PORT|HOST|LOG_LEVEL|DATABASE_URL)\b/gu,
        ),
      ].map((match) => match[1] ?? ''),
    )
    const shown = new Set(
      [...readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^#? ?([A-Z_]+)=/gmu)].map(
        (match) => match[1] ?? '',
      ),
    )
    expect([...shown].filter((name) => !read.has(name))).toEqual([])
    expect([...read].filter((name) => !shown.has(name))).toEqual([])
  })
})
