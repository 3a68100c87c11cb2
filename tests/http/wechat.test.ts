import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { MerchantAddress } from '../../src/app/ports.ts'
import { AppError } from '../../src/core/errors.ts'
import { merchantKeyOf } from '../../src/channels/wechat/parse.ts'
import { FakeWechat } from '../fixtures/fake-wechat.ts'
import { type RunningOptions, type RunningServer, startServer } from '../fixtures/running-server.ts'
import { ACCOUNT, pushXml, shownOf, signedPush } from '../fixtures/wechat-phone.ts'

let server: RunningServer | undefined
afterEach(() => server?.close())

const NOODLES: MerchantAddress = {
  channel: 'wechat',
  merchantKey: merchantKeyOf('oNoodles', 'merchant-keys'),
}
const text = (Content: string, MsgId = '24012345678901234') => ({
  CreateTime: String(Math.floor(Date.now() / 1000)),
  MsgType: 'text',
  Content,
  MsgId,
})

async function start(options: RunningOptions = {}): Promise<{ server: RunningServer; fake: FakeWechat }> {
  server = await startServer(options)
  await server.ready
  const fake = new FakeWechat()
  fake.connect(server.url)
  return { server, fake }
}

async function post(url: string, query: URLSearchParams, body: string): Promise<Response> {
  return fetch(`${url}/channels/wechat?${query}`, { method: 'POST', body })
}

/** A turn that waits until it is let go. */
function held(): { options: RunningOptions; letGo: () => void; begun: () => number } {
  let letGo = (): void => {}
  let begun = 0
  const gate = new Promise<void>((resolve) => (letGo = resolve))
  const receive: RunningOptions['receive'] = (_store, echo) => async (message) => {
    begun += 1
    await gate
    return echo(message)
  }
  return { options: { receive, limits: { wechatAnswerMs: 100 } }, letGo: () => letGo(), begun: () => begun }
}

describe('GET /channels/wechat', () => {
  it('answers WeChat’s question with its own words, as they came', async () => {
    const { server } = await start()
    const { query } = signedPush('')
    query.set('echostr', '4375120948345356249')
    const answer = await fetch(`${server.url}/channels/wechat?${query}`)
    expect([answer.status, await answer.text()]).toEqual([200, '4375120948345356249'])
    query.set('nonce', '1')
    expect((await fetch(`${server.url}/channels/wechat?${query}`)).status).toBe(403)
  })
})

describe('POST /channels/wechat', () => {
  it('stores a message once and answers it once, however many copies come at once', async () => {
    const { server, fake } = await start()
    const bodies = await Promise.all([1, 2, 3, 4, 5, 6].map(() => fake.pushOnce('oNoodles', text('你好'))))
    expect(bodies.sort()).toEqual(['success', 'success', 'success', 'success', 'success', '收到：你好'])
    expect(await server.store.readLines(NOODLES, 0, 99)).toHaveLength(2)
    expect(fake.phoneOf('oNoodles')).toEqual(['收到：你好'])
  })

  it('is refused without a word that WeChat would show when the store refuses, and taken once it does not', async () => {
    const { server, fake } = await start()
    server.store.failure = new AppError('unavailable', 'the disk is full')
    const { query, body } = signedPush(pushXml('oNoodles', text('你好')))
    const refused = await post(server.url, query, body)
    expect([refused.status, await refused.text()]).toEqual([503, ''])
    server.store.failure = undefined
    expect(await fake.pushOnce('oNoodles', text('你好'))).toBe('收到：你好')
  })

  it('is not acknowledged before it is stored: WeChat pushes it again and gets the answer then', async () => {
    const slow = held()
    const { server, fake } = await start(slow.options)
    expect(await fake.pushOnce('oNoodles', text('你好'))).toBeUndefined()
    const again = fake.pushOnce('oNoodles', text('你好'))
    slow.letGo()
    expect(await again).toBe('收到：你好')
    expect(slow.begun()).toBe(2)
    expect(await server.store.readLines(NOODLES, 0, 99)).toHaveLength(2)
    expect((await server.store.findCurrent(NOODLES))?.outbox).toMatchObject([{ state: 'sent' }])
  })

  it('whose connection broke before the answer keeps it for the next copy', async () => {
    const slow = held()
    const { server, fake } = await start({ ...slow.options, limits: { wechatAnswerMs: 5_000 } })
    expect(await fake.pushOnce('oNoodles', text('你好'), 50)).toBeUndefined()
    // The server hears of the broken connection a moment later.
    await pause(100)
    slow.letGo()
    await expect.poll(() => server.store.findCurrent(NOODLES)).toBeDefined()
    expect((await server.store.findCurrent(NOODLES))?.outbox).toMatchObject([{ state: 'queued' }])
    expect(await fake.pushOnce('oNoodles', text('你好'))).toBe('收到：你好')
    expect(await fake.pushOnce('oNoodles', text('你好'))).toBe('success')
  })

  it('is answered with what no response can carry cleaned', async () => {
    const { fake } = await start()
    expect(await fake.pushOnce('oNoodles', text('a\0b', '1'))).toBe('收到：ab')
    expect(await fake.pushOnce('oNoodles', text(']]>', '2'))).toBe('收到：]]>')
    expect(await fake.pushOnce('oNoodles', text('\ud83d', '3'))).toBe('收到：\ufffd')
  })

  it('that says nothing we need is received all the same', async () => {
    const { server, fake } = await start()
    const view = { CreateTime: '1', MsgType: 'event', Event: 'VIEW', EventKey: 'http://x' }
    expect(await fake.pushOnce('oNoodles', view)).toBe('success')
    expect(await server.store.findCurrent(NOODLES)).toBeUndefined()
  })

  it.each<[string, number, (query: URLSearchParams, body: string) => [URLSearchParams, string]]>([
    [
      'another signature',
      403,
      (query, body) => [new URLSearchParams({ ...Object.fromEntries(query), msg_signature: 'x' }), body],
    ],
    ['no signature', 403, (_query, body) => [new URLSearchParams(), body]],
    [
      'the signature twice',
      403,
      (query, body) => [new URLSearchParams(`${query}&msg_signature=${query.get('msg_signature')}`), body],
    ],
    [
      'plain text',
      403,
      (query) => [
        new URLSearchParams({ ...Object.fromEntries(query), encrypt_type: 'raw' }),
        pushXml('oNoodles', text('你好')),
      ],
    ],
    ['no XML', 400, (query) => [query, 'hello']],
    ['a type of its own', 400, (query, body) => [query, `<!DOCTYPE xml>${body}`]],
    ['nothing', 400, (query) => [query, '<xml></xml>']],
    ['too much', 413, (query, body) => [query, body + ' '.repeat(70_000)]],
  ])('with %s is refused', async (_name, status, change) => {
    const { server } = await start()
    const { query, body } = signedPush(pushXml('oNoodles', text('你好')))
    const answer = await post(server.url, ...change(query, body))
    expect(answer.status).toBe(status)
    expect(await server.store.findCurrent(NOODLES)).toBeUndefined()
  })

  it('of more than ten minutes ago is refused', async () => {
    const { server } = await start()
    const at = (ms: number) => signedPush(pushXml('oNoodles', text('你好')), Date.now() + ms)
    for (const ms of [-601_000, 602_000]) {
      const { query, body } = at(ms)
      expect((await post(server.url, query, body)).status).toBe(403)
    }
    const { query, body } = at(-590_000)
    const answer = await post(server.url, query, body)
    expect(shownOf(await answer.text(), query.get('nonce') ?? '')).toBe('收到：你好')
  })

  it('shows neither token nor key in what it says', async () => {
    const { server } = await start()
    const { query, body } = signedPush(pushXml('oNoodles', text('你好')))
    query.set('msg_signature', 'x')
    const answer = await (await post(server.url, query, body)).text()
    expect(answer).not.toContain(ACCOUNT.token)
    expect(answer).not.toContain(ACCOUNT.encodingAesKey)
  })
})
