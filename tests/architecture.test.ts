import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')

/** What each layer may import of our own code. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  app: ['core', 'app'],
  content: ['core', 'app', 'content'],
  channels: ['core', 'app', 'channels'],
  store: ['core', 'app', 'store'],
  http: ['core', 'app', 'http'],
  worker: ['core', 'app', 'worker'],
  widget: ['widget'],
  console: ['console'],
  cli: ['core', 'app', 'content', 'channels', 'store', 'http', 'worker', 'cli', 'top'],
  top: ['core', 'app', 'content', 'channels', 'store', 'http', 'worker', 'top'],
}

/** Packages the pure core may use: they compute, and nothing else. */
const PURE_PACKAGES = ['opencc-js', 'pinyin-pro', 'natural']

type Import = { readonly file: string; readonly target: string }

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/u.test(name) && !name.endsWith('.d.ts'))
  .map((name) => join(SRC, name))

const imports: readonly Import[] = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'([^'\n]+)'|^import '([^'\n]+)'/gmu)].map(
    (match) => ({
      file,
      target: match[1] ?? match[2] ?? '',
    }),
  ),
)

function layerOf(file: string): string {
  const [first = '', ...rest] = relative(SRC, file).split('/')
  return rest.length === 0 ? 'top' : first
}

const packageOf = (target: string): string =>
  target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? '')

describe('the layers', () => {
  it('import only inward', () => {
    const wrong = imports
      .filter(({ target }) => target.startsWith('.'))
      .map(({ file, target }) => ({ file, to: resolve(dirname(file), target) }))
      .filter(({ file, to }) => !(MAY_IMPORT[layerOf(file)] ?? []).includes(layerOf(to)))
      .map(({ file, to }) => `${relative(ROOT, file)} must not import ${relative(ROOT, to)}`)
    expect(wrong).toEqual([])
  })

  it('keep the core pure', () => {
    const wrong = imports
      .filter(({ file, target }) => layerOf(file) === 'core' && !target.startsWith('.'))
      .filter(({ target }) => !PURE_PACKAGES.includes(packageOf(target)))
      .map(({ file, target }) => `${relative(ROOT, file)} must not import ${target}`)
    expect(wrong).toEqual([])
  })

  it('keep the libraries of the browser out of the server', () => {
    const wrong = imports
      .filter(({ file }) => layerOf(file) !== 'console')
      .filter(({ target }) => /^(?:react|react-dom|@mantine|@tanstack)(?:\/|$)/u.test(target))
      .map(({ file, target }) => `${relative(ROOT, file)} must not import ${target}`)
    expect(wrong).toEqual([])
  })

  it('keep botkit in one folder', () => {
    const users = imports
      .filter(
        ({ target }) => packageOf(target).startsWith('botkit') || packageOf(target).startsWith('botbuilder'),
      )
      .map(({ file }) => relative(SRC, dirname(file)))
    expect([...new Set(users)]).toEqual(['channels/botkit'])
  })

  it('change conversations in few files, so that no line is left without its deadlines and its outbox', () => {
    const writers = files
      .filter((file) => layerOf(file) !== 'store' && /\bstore\.turn\(/u.test(readFileSync(file, 'utf8')))
      .map((file) => relative(SRC, file))
    // The last three add no lines and move no case: they note what became of lines that are there.
    const allowed = ['change-conversation', 'deliveries', 'mark-read', 'send-outgoing']
    expect(writers.sort()).toEqual(allowed.map((name) => `app/${name}.ts`))
  })

  it('read the environment in one file', () => {
    const readers = files
      .filter((file) => /process\.env\b/u.test(readFileSync(file, 'utf8')))
      .map((file) => relative(SRC, file))
      // main and outbox hand the environment to config.ts; the benchmark starts a server with one of its own.
      .filter((name) => !['main.ts', 'cli/bench.ts', 'cli/outbox.ts'].includes(name))
    expect(readers).toEqual([])
  })

  it('import natural by its parts, never whole', () => {
    expect(imports.filter(({ target }) => target === 'natural')).toEqual([])
  })
})

describe('ARCHITECTURE.md', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')

  it('names only paths that exist', () => {
    const paths = [...text.matchAll(/`((?:src|tests|docs|data|intents|flows)\/[^`*]*)`/gu)].map(
      (match) => match[1] ?? '',
    )
    expect(paths.length).toBeGreaterThan(20)
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it('gives a reason for every dependency', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const names = ['dependencies', 'devDependencies'].flatMap((key) => keysAt(manifest, key))
    const isHelper = (name: string): boolean =>
      name.startsWith('@types/') || ['@eslint/js', 'jiti'].includes(name)
    expect(names.filter((name) => !isHelper(name) && !text.includes(`\`${name}\``))).toEqual([])
  })
})

function keysAt(value: unknown, key: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1]
  return typeof found === 'object' && found !== null ? Object.keys(found) : []
}
