import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = resolve(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'posdesk-cli-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Outcome = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs a command as its npm script does. */
function command(program: string, args: readonly string[], input: string | Buffer = ''): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), `cli/${program}`, ...args])
    const out: Buffer[] = []
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('close', (code) => done({ code, out: Buffer.concat(out).toString(), err }))
    child.stdin.end(input)
  })
}

const Turn = z.strictObject({
  replies: z.array(
    z.strictObject({
      text: z.string(),
      choices: z.exactOptional(z.array(z.strictObject({ id: z.string(), label: z.string() }))),
    }),
  ),
  intent: z.string(),
  confidence: z.number().min(0).max(1),
  flow: z.string().nullable(),
  step: z.string().nullable(),
  slots: z.record(z.string(), z.union([z.string(), z.number()])),
  holder: z.enum(['bot', 'queue', 'agent']),
  ticket: z.exactOptional(z.looseObject({ number: z.string(), priority: z.string(), reason: z.string() })),
})

describe('chat --json', () => {
  it('answers each line with one object: what was said and the state after it', async () => {
    const lines = ['刷卡提示卡片故障', '换了三张都不行', '给我转人工', '13812345678']
    const { code, out } = await command('chat', ['--json'], `${lines.join('\n')}\n`)
    expect(code).toBe(0)
    const turns = out
      .trim()
      .split('\n')
      .map((line) => Turn.parse(JSON.parse(line)))
    expect(turns).toHaveLength(lines.length)
    expect(turns[0]).toMatchObject({ intent: 'card_fault', flow: 'card_fault', step: 'CF1', holder: 'bot' })
    expect(turns[0]?.replies[0]?.text).toBe('请换一张别的银行卡试读，读到后按取消即可，那张能读吗？')
    expect(turns[1]).toMatchObject({ flow: 'card_fault', step: 'CF5' })
    expect(turns[2]).toMatchObject({
      step: 'collect',
      holder: 'queue',
      ticket: { reason: 'asked_for_human' },
    })
    expect(turns[3]).toMatchObject({ flow: null, step: null, slots: { contact_phone: '13812345678' } })
  })

  it('refuses a line it cannot take and goes on', async () => {
    const input = `${'长'.repeat(5000)}\n你好\u0000\n你好\n`
    const { code, out } = await command('chat', ['--json'], input)
    const lines = out
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(code).toBe(0)
    expect(lines[0]).toMatchObject({ error: { code: 'invalid' } })
    expect(lines[1]).toMatchObject({ error: { code: 'invalid' } })
    expect(lines[2]).toMatchObject({ intent: 'greet' })
  })

  it('talks to a person with numbered choices', async () => {
    const { out } = await command('chat', [], '刷卡提示卡片故障\n')
    expect(out).toContain('bot>      您好，我是POS售后助手，请问遇到什么问题？')
    expect(out).toContain('1. 别的卡能读')
  })
})

describe('nlu try --json', () => {
  it('gives intent, ranking, entities and decision', async () => {
    const { code, out } = await command('nlu', ['try', '--json', '刷卡提示余额不足，代码51'])
    expect(code).toBe(0)
    const Try = z.strictObject({
      intent: z.string(),
      confidence: z.number(),
      ranking: z.array(z.strictObject({ intent: z.string(), confidence: z.number() })),
      entities: z.array(
        z.strictObject({
          kind: z.string(),
          value: z.union([z.string(), z.number()]),
          text: z.string(),
          start: z.number(),
          end: z.number(),
        }),
      ),
      decision: z.enum(['accept', 'clarify', 'reject']),
    })
    const answer = Try.parse(JSON.parse(out))
    expect(answer.entities.find(({ kind }) => kind === 'response_code')?.value).toBe('51')
    expect(answer.ranking[0]?.confidence).toBe(answer.confidence)
  })
})

describe('nlu eval', () => {
  const train = join(scratch, 'train.jsonl')
  const test = join(scratch, 'test.jsonl')
  const line = (text: string, intent: string): string => `${JSON.stringify({ text, intent })}\n`
  const kinds = ['打印机没纸', '机器没信号', '充不进电', '想办台机器']
  writeFileSync(
    train,
    kinds
      .flatMap((kind, k) =>
        ['了', '啊', '怎么办', '又来了', '了吧', '呢'].map((end) => line(kind + end, `i${k}`)),
      )
      .join(''),
  )
  writeFileSync(
    test,
    kinds.map((kind, k) => line(`${kind}咋整`, `i${k}`)).join('') + line('今天下雨吗', '__oos__'),
  )

  it('scores a file, writes predictions, and is the same every time', async () => {
    const predictions = join(scratch, 'predictions.jsonl')
    const args = ['eval', '--train', train, '--test', test, '--predictions', predictions, '--json']
    const first = await command('nlu', args)
    expect(first.code).toBe(0)
    const score: unknown = JSON.parse(first.out)
    expect(score).toMatchObject({ n: 5, inScopeAccuracy: 1 })
    for (const key of [
      'accuracy',
      'macroF1',
      'oosRecall',
      'oosPrecision',
      'auroc',
      'ece',
      'trainMs',
      'predictUsP50',
      'predictUsP99',
      'peakRssMb',
    ]) {
      expect(score).toHaveProperty(key)
    }
    const written = readFileSync(predictions, 'utf8')
    const rows = written
      .trim()
      .split('\n')
      .map((row): unknown => JSON.parse(row))
    expect(rows).toHaveLength(5)
    for (const row of rows) {
      for (const key of ['text', 'intent', 'predicted', 'confidence', 'decision', 'ranking'])
        expect(row).toHaveProperty(key)
    }
    await command('nlu', args)
    expect(readFileSync(predictions, 'utf8')).toBe(written)
  })

  it('names what is wrong with its input', async () => {
    const broken = join(scratch, 'broken.jsonl')
    writeFileSync(broken, '{"text":"a","intent":"b"}\n{"text":\n')
    const { code, err } = await command('nlu', ['eval', '--train', broken, '--test', test])
    expect(code).toBe(2)
    expect(err).toMatch(/broken\.jsonl:2/u)
    expect(err).not.toContain('    at ')
  })
})

describe('nlu report', () => {
  const kinds = ['打印机没纸', '机器没信号', '充不进电', '想办台机器', '客人扣了钱']
  const ends = ['了', '啊', '怎么办', '又来了', '咋回事', '急', '在线等', '呢', '吧', '哦']
  const file = (name: string, part: readonly string[]): string => {
    const path = join(scratch, name)
    const lines = kinds.flatMap((kind, k) => part.map((end) => ({ text: kind + end, intent: `i${k}` })))
    const strange = part.map((end) => ({ text: `今天下雨${end}`, intent: '__oos__' }))
    writeFileSync(path, [...lines, ...strange].map((line) => JSON.stringify(line) + '\n').join(''))
    return path
  }
  const html = join(scratch, 'report.html')
  const last = join(scratch, 'last.json')
  const args = (train: readonly string[]): string[] => [
    ...['report', '--train', file('lines.jsonl', train), '--test', file('others.jsonl', ['<b>呀', '嘛'])],
    ...['--html', html, '--last', last],
  ]

  it('shows figures, curves and what to mend, and next time what changed', async () => {
    const first = await command('nlu', [...args(ends), '--save'])
    expect(first.code, first.err).toBe(0)
    for (const part of ['most confused', 'calibration', 'risk', 'thresholds', 'learning', 'ablation'])
      expect(first.out).toContain(part)
    expect(first.out).toContain('a homophone')
    expect(first.out).not.toContain('since the last report')
    const page = readFileSync(html, 'utf8')
    expect(page.match(/<svg/gu)?.length).toBeGreaterThanOrEqual(5)
    expect(page).not.toContain('<b>呀')
    const second = await command('nlu', args(ends.slice(0, 2)))
    expect(second.out).toContain('since the last report')
    expect(readFileSync(html, 'utf8')).toContain('Since the last report')
  })

  it('refuses to compare with what is no report', async () => {
    writeFileSync(last, '{}')
    const { code, err } = await command('nlu', args(ends))
    expect(code).toBe(2)
    expect(err).toMatch(/last\.json: no report; write it with nlu report --save/u)
  })
})

describe('flows', () => {
  it('check is clean on the shipped content', async () => {
    const { code, out } = await command('flows', ['check'])
    expect(code).toBe(0)
    expect(out).toMatch(/^ok: 45 intents with \d+ utterances, 18 flows with \d+ steps, 83 response codes\n$/u)
  })

  it('check names every problem as file:line:col rule message, and exits 1', async () => {
    const copy = join(scratch, 'content')
    for (const name of ['intents', 'flows', 'data']) {
      cpSync(join(ROOT, name), join(copy, name), {
        recursive: true,
        filter: (path) => !path.startsWith(join(ROOT, 'data/store')),
      })
    }
    const file = join(copy, 'flows/card_fault.yaml')
    writeFileSync(
      file,
      readFileSync(file, 'utf8')
        .replace('go: CF1b', 'go: CF1x')
        .replace('action: 换一张卡试读', 'acton: 换卡'),
    )
    const { code, out } = await command('flows', ['check', copy])
    expect(code).toBe(1)
    const lines = out.trim().split('\n')
    for (const line of lines) expect(line).toMatch(/^\S+\.yaml:\d+:\d+ [a-z-]+ .+$/u)
    expect(lines.join('\n')).toMatch(/card_fault\.yaml:\d+:\d+ \S+ .*acton.*Did you mean "action"/u)
    const json = await command('flows', ['check', copy, '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ ok: false })
  })

  it('draw gives Mermaid source', async () => {
    const { code, out } = await command('flows', ['draw', 'card_fault'])
    expect(code).toBe(0)
    expect(out).toMatch(/^flowchart TD\n/u)
    expect(out).toContain('CF1 -- "别的卡能读')
  })

  it('paths --json gives every path', async () => {
    const { out } = await command('flows', ['paths', 'charged_no_slip', '--json'])
    const Path = z.strictObject({
      steps: z.array(z.strictObject({ step: z.string(), answer: z.string() })),
      end: z.string(),
    })
    const paths = z.array(Path).parse(JSON.parse(out))
    expect(paths.find(({ end }) => end === 'R_OKPAID')?.steps).toEqual([
      { step: 'CN1', answer: 'ok' },
      { step: 'CN2', answer: 'yes' },
    ])
  })

  it('an unknown flow gets the nearest one', async () => {
    const { code, err } = await command('flows', ['draw', 'card_falt'])
    expect(code).toBe(2)
    expect(err).toContain('Did you mean "card_fault"?')
  })
})

describe('redact', () => {
  it('masks line by line and keeps line ends', async () => {
    const { code, out } = await command(
      'redact',
      [],
      '卡号4111111111111111\r\n电话13800138000\n终端号12345678',
    )
    expect(code).toBe(0)
    expect(out).toBe('卡号[卡号****1111]\r\n电话138****8000\n终端号12345678')
  })

  it('survives bytes that are no text', async () => {
    const { code, out } = await command('redact', [], Buffer.from([0xff, 0xfe, 0x0a, 0x34, 0x0a]))
    expect(code).toBe(0)
    expect(out.endsWith('4\n')).toBe(true)
  })
})
