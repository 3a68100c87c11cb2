import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

import { loadProject } from '../content/load-project.ts'
import { projectContent, projectRoot } from '../content/project.ts'
import { AppError } from '../core/errors.ts'
import { understand } from '../core/nlu/understand.ts'
import { mask } from '../core/privacy/mask.ts'
import { measureUnderstanding } from './bench-nlu.ts'

/** One line of the table: a figure, and the target it is held against. */
export type Row = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly target?: string
}

const MERCHANTS = 50
const TALK = [
  '刷卡提示卡片故障',
  '换了三张都不行',
  '插卡刷卡都读不了',
  '一插就报',
  '没有',
  '重启过了',
  '没有清洁卡',
  '没有',
]

/** Measures the product and prints a table; compare the ratios, not the absolute figures. Resolves to 0. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, seconds: { type: 'string', default: '5' } },
  })
  const seconds = Number(values.seconds)
  const rows: Row[] = []
  const step = (what: string): void => void process.stderr.write(`bench: ${what} …\n`)
  step('start and idle memory')
  rows.push(...(await measureStart()))
  step(`turns over HTTP, ${2 * seconds} s`)
  rows.push(...(await measureTurns(seconds)))
  step('masking and understanding')
  rows.push(...measureCore())
  rows.push(...(await measureUnderstanding(step)))
  process.stdout.write(values.json === true ? `${JSON.stringify({ rows })}\n` : table(rows))
  return 0
}

async function measureStart(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'posdesk-bench-'))
  const started = performance.now()
  const child = spawn(process.execPath, [join(projectRoot, 'dist/main.js')], {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'error', POSDESK_DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const url = await lineOf(child, (line) => /health\s+(\S+)/u.exec(line)?.[1])
    while ((await fetch(url)).status !== 200) await pause(20)
    const readyMs = performance.now() - started
    await pause(3000)
    return [
      { name: 'start: node dist/main.js until ready', value: readyMs, unit: 'ms', target: '<= 2000' },
      { name: 'memory: resident, idle', value: residentMb(child.pid ?? 0), unit: 'MB', target: '< 250' },
    ]
  } finally {
    await stopped(child)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureTurns(seconds: number): Promise<readonly Row[]> {
  const full = await withServer(['full'], async ({ url, folder }) => {
    const rate = await turnsPerSecond(url, seconds, await sessions(url, 40 * MERCHANTS))
    return { rate, bytes: meanBytes(join(folder, 'conversations')) }
  })
  const bare = await withServer(['bare', String(full.bytes)], async ({ url }) =>
    turnsPerSecond(
      url,
      seconds,
      Array.from({ length: 40 * MERCHANTS }, (_, index) => `merchant${index}`),
    ),
  )
  return [
    { name: 'turn: whole product over HTTP', value: full.rate, unit: 'turns/s' },
    { name: `turn: Express + Botkit + a write of ${full.bytes} bytes`, value: bare, unit: 'turns/s' },
    { name: 'turn: product / bare', value: (100 * full.rate) / bare, unit: '%', target: '>= 40' },
  ]
}

function measureCore(): readonly Row[] {
  const content = loadProject(projectContent())
  const held = readFileSync(join(projectRoot, 'tests/nlu/held-out.jsonl'), 'utf8').split('\n').slice(0, 500)
  const texts = held.map((line) => /"text": ?"([^"]*)"/u.exec(line)?.[1] ?? '').filter((text) => text !== '')
  const perSecond = (work: (text: string) => void): number => {
    texts.forEach(work)
    const started = performance.now()
    let count = 0
    while (performance.now() - started < 1000) {
      texts.forEach(work)
      count += texts.length
    }
    return (1000 * count) / (performance.now() - started)
  }
  const masked = perSecond((text) => void mask(text, { phones: 'mask' }))
  const understood = perSecond((text) => void understand(content, text, 0))
  return [
    { name: 'mask: messages', value: masked, unit: '/s' },
    { name: 'understand: messages', value: understood, unit: '/s' },
  ]
}

/** Every merchant talks through the script with one message in flight; a finished talk is followed by a new one. */
async function turnsPerSecond(url: string, seconds: number, tokens: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: MERCHANTS })
  let next = 0
  let count = 0
  const talkUntil = async (end: number): Promise<void> => {
    for (;;) {
      const token = tokens[next++ % tokens.length] ?? ''
      for (const text of TALK) {
        if (performance.now() > end) return
        await post(`${url}/widget/v1/messages`, agent, token, { clientMsgId: `m${next}-${count}`, text })
        count++
      }
    }
  }
  const run = async (ms: number): Promise<void> => {
    const end = performance.now() + ms
    await Promise.all(Array.from({ length: MERCHANTS }, () => talkUntil(end)))
  }
  await run(1000)
  count = 0
  const started = performance.now()
  await run(seconds * 1000)
  agent.destroy()
  return (1000 * count) / (performance.now() - started)
}

async function sessions(url: string, count: number): Promise<readonly string[]> {
  const tokens: string[] = []
  while (tokens.length < count) {
    const response = await fetch(`${url}/widget/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    const token = /"sessionToken":"([^"]+)"/u.exec(await response.text())?.[1]
    if (token === undefined) throw new AppError('internal', `no session: ${response.status}`)
    tokens.push(token)
  }
  return tokens
}

function post(url: string, agent: Agent, token: string, body: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new AppError('internal', `${url} answered ${response.statusCode ?? 0}`))
      })
    })
    call.on('error', reject).end(JSON.stringify(body))
  })
}

async function withServer<Result>(
  args: readonly string[],
  use: (server: { readonly url: string; readonly folder: string }) => Promise<Result>,
): Promise<Result> {
  const child = spawn(process.execPath, [join(projectRoot, 'scripts/run.mjs'), 'cli/bench-server', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const line = await lineOf(child, (text) => (text.startsWith('{"url"') ? text : undefined))
    const [, url = '', folder = ''] = /"url":"([^"]+)","folder":"([^"]+)"/u.exec(line) ?? []
    return await use({ url, folder })
  } finally {
    child.stdin?.end()
    await stopped(child)
  }
}

function lineOf(child: ChildProcess, find: (line: string) => string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) {
      reject(new AppError('internal', 'the measured server has no output'))
      return
    }
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = find(line)
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) =>
      reject(new AppError('internal', `the measured server ended with ${code ?? 'a signal'}`)),
    )
  })
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

function meanBytes(folder: string): number {
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => statSync(join(folder, name)).size)
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length))
}

function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kb ?? 0) / 1024
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length))
  return rows
    .map(({ name, value, unit, target }) => {
      const figure = value >= 100 ? Math.round(value).toString() : value.toFixed(1)
      return `${name.padEnd(width)}  ${figure.padStart(8)} ${unit.padEnd(8)}${target === undefined ? '' : ` target ${target}`}\n`
    })
    .join('')
}
