import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ProblemAnswerBody } from '../../src/http/schema.ts'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'

let server: RunningServer
let client: WidgetClient

beforeAll(async () => {
  server = await startServer({ limits: { messageBurst: 1e9, sessionsPerMinute: 1e9 } })
  client = await WidgetClient.open(server.url)
})

afterAll(async () => {
  await server.close()
})

async function send(body: BodyInit | undefined, headers: Record<string, string> = {}): Promise<Response> {
  const type: Record<string, string> = { 'Content-Type': 'application/json' }
  return fetch(`${server.url}/widget/v1/messages`, {
    method: 'POST',
    headers: { ...client.authorization, ...type, ...headers },
    ...(body !== undefined && { body }),
  })
}

async function refusal(answer: Response): Promise<{ status: number; detail: string }> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  const problem = ProblemAnswerBody.parse(await answer.json())
  expect(problem.status).toBe(answer.status)
  expect(problem.requestId).toBe(answer.headers.get('x-request-id'))
  return problem
}

const message = (changes: object): string => JSON.stringify({ clientMsgId: 'm', text: '你好', ...changes })

describe('a body that is refused', () => {
  it.each([
    ['nothing', undefined, 400],
    ['broken JSON', '{"clientMsgId":', 400],
    ['not an object', '[]', 400],
    ['null', 'null', 400],
    ['no text', '{"clientMsgId":"m"}', 400],
    ['an unknown field', message({ holder: 'agent' }), 400],
    ['text and choice', message({ choice: { id: 'a', promptSeq: 1 } }), 400],
    [
      'an unknown field in a choice',
      JSON.stringify({ clientMsgId: 'm', choice: { id: 'a', promptSeq: 1, x: 1 } }),
      400,
    ],
    ['a choice without a prompt', JSON.stringify({ clientMsgId: 'm', choice: { id: 'a' } }), 400],
    ['a choice of nothing', JSON.stringify({ clientMsgId: 'm', choice: null }), 400],
    ['an empty id', message({ clientMsgId: '' }), 400],
    ['an id of 65', message({ clientMsgId: 'a'.repeat(65) }), 400],
    ['an id with a space', message({ clientMsgId: 'a b' }), 400],
    ['an id that is a number', message({ clientMsgId: 7 }), 400],
    ['an empty text', message({ text: '' }), 400],
    ['only blanks', message({ text: ' \n\u3000\u200b' }), 400],
    ['a text that is a number', message({ text: 7 }), 400],
    ['NUL', message({ text: 'a\u0000b' }), 400],
    ['half a surrogate pair', '{"clientMsgId":"m","text":"a\\ud800b"}', 400],
    ['half a surrogate pair in a name', '{"clientMsgId":"m","text":"a","\\udc00":1}', 400],
    ['4,001 letters', message({ text: 'a'.repeat(4001) }), 400],
    ['4,001 Chinese characters', message({ text: '卡'.repeat(4001) }), 400],
    ['nine marks on one letter', message({ text: `e${'\u0301'.repeat(9)}` }), 400],
    ['__proto__', '{"clientMsgId":"m","text":"a","__proto__":{"polluted":1}}', 400],
    ['__proto__ in escapes', '{"clientMsgId":"m","text":"a","\\u005f_proto__":{"polluted":1}}', 400],
    ['constructor', '{"clientMsgId":"m","text":"a","constructor":{"prototype":{"polluted":1}}}', 400],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`, 400],
    ['70,000 brackets that never close', '['.repeat(60_000), 400],
    ['more than 64 kB', message({ text: 'a'.repeat(66_000) }), 413],
    ['5 MB', message({ text: 'a'.repeat(5_000_000) }), 413],
  ])('%s', async (_name, body, status) => {
    const problem = await refusal(await send(body))
    expect(problem.status).toBe(status)
    expect(problem.detail).not.toBe('')
  })

  it.each([
    ['text/plain', {}, 415],
    ['application/x-www-form-urlencoded', {}, 415],
    ['multipart/form-data; boundary=x', {}, 415],
    ['application/json; charset=gbk', {}, 415],
    ['application/json', { 'Content-Encoding': 'gzip' }, 415],
  ])('as %s', async (type, headers, status) => {
    expect((await refusal(await send(message({}), { 'Content-Type': type, ...headers }))).status).toBe(status)
  })

  it('in another encoding than UTF-8', async () => {
    const bytes = Buffer.from(message({ text: 'XX' }))
    bytes.writeUInt16BE(0xc4e3, bytes.indexOf('XX'))
    expect((await refusal(await send(bytes))).status).toBe(400)
  })

  it('says what is wrong in one sentence, without repeating what was sent', async () => {
    const answer = await send(message({ clientMsgId: 'secret-looking id' }))
    const { detail } = await refusal(answer)
    expect(detail).toBe('body field "clientMsgId": must be 1 to 64 letters, digits, "_" or "-"')
  })

  it('leaves prototypes and the store alone', async () => {
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect((await client.read()).messages).toEqual([])
  })
})

describe('a body that is taken', () => {
  it.each([
    ['4,000 letters', message({ clientMsgId: 'ok-1', text: 'a'.repeat(4000) })],
    ['4,000 Chinese characters', message({ clientMsgId: 'ok-2', text: '卡'.repeat(4000) })],
    ['flags and families', message({ clientMsgId: 'ok-3', text: '🇨🇳👨‍👩‍👧‍👦'.repeat(100) })],
    ['accents in two parts', message({ clientMsgId: 'ok-4', text: 'e\u0301'.repeat(4000) })],
    ['line breaks', message({ clientMsgId: 'ok-5', text: '一\n二\r\n三\t四' })],
    ['a uuid', message({ clientMsgId: '0b6e5f0e-5d8c-4f7e-9a63-5f0e3b1c2d4e' })],
    ['blank space around', `  ${message({ clientMsgId: 'ok-6' })}\n`],
  ])('%s', async (_name, body) => {
    expect((await send(body)).status).toBe(200)
  })

  it('as application/json in any spelling', async () => {
    const types = ['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON']
    for (const [n, type] of types.entries()) {
      const answer = await send(message({ clientMsgId: `type-${n}` }), { 'Content-Type': type })
      expect([type, answer.status]).toEqual([type, 200])
    }
  })
})

describe('fuzzed bodies', () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  const almost = fc.record(
    {
      clientMsgId: fc.oneof(fc.string({ maxLength: 70 }), json),
      text: fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), json),
      choice: fc.oneof(fc.record({ id: fc.string(), promptSeq: fc.oneof(fc.integer(), fc.double()) }), json),
      attachmentIds: json,
    },
    { requiredKeys: [] },
  )
  const bodies = fc.oneof(
    almost.map((value) => JSON.stringify(value)),
    json.map((value) => JSON.stringify(value)),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  )

  it('are taken or refused, never a failure', async () => {
    const paths = ['/widget/v1/messages', '/widget/v1/session', '/desk/v1/login', '/desk/v1/logout']
    await fc.assert(
      fc.asyncProperty(bodies, fc.constantFrom(...paths), async (body, path) => {
        const answer = await fetch(server.url + path, {
          method: 'POST',
          headers: { ...client.authorization, 'Content-Type': 'application/json' },
          body,
        })
        expect(answer.status).toBeLessThan(500)
        if (answer.status >= 400) await refusal(answer)
      }),
      { seed: 20_261_125, numRuns: 400 },
    )
    expect(server.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('in paths, queries and headers too', async () => {
    const piece = fc.stringMatching(/^[\x21-\x7e]{0,40}$/)
    await fc.assert(
      fc.asyncProperty(piece, piece, piece, async (path, query, value) => {
        const url = new URL(`${server.url}/widget/v1/`)
        url.pathname += path
        url.search = query
        const answer = await fetch(url, {
          headers: { Authorization: value, Cookie: value, 'Last-Event-ID': value },
        })
        expect(answer.status).toBeLessThan(500)
        expect(answer.status).toBeGreaterThanOrEqual(400)
        await refusal(answer)
      }),
      { seed: 20_261_125, numRuns: 300 },
    )
  })
})
