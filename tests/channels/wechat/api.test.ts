import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WechatApi } from '../../../src/channels/wechat/api.ts'
import { ERRCODES } from '../../../src/channels/wechat/errcodes.ts'
import { outcomeOf } from '../../../src/channels/wechat/outcome.ts'
import { FakeWechat, type Fault } from '../../fixtures/fake-wechat.ts'
import { SteadyClock } from '../../fixtures/steady.ts'
import { ACCOUNT } from '../../fixtures/wechat-phone.ts'

const SEND = '/cgi-bin/message/custom/send'
const TOKEN = '/cgi-bin/stable_token'
const GET_MEDIA = '/cgi-bin/media/get'

let fake: FakeWechat
let clock: SteadyClock
let api: WechatApi

beforeAll(async () => {
  fake = new FakeWechat()
  await fake.start()
})
afterAll(() => fake.stop())

beforeEach(async () => {
  fake.calls.length = 0
  fake.faults.clear()
  clock = new SteadyClock(Date.now())
  api = new WechatApi({ ...ACCOUNT, base: fake.base, clock, timeoutMs: 300 })
  fake.grant('oA', { MsgType: 'text' })
})

const count = (path: string): number => fake.calls.filter((call) => call.path === path).length
const sendWith = (...faults: Fault[]) => {
  fake.fail(SEND, ...faults)
  return api.sendText('oA', '您好')
}

describe('the access token', () => {
  it('is fetched once for many calls at once, and kept until five minutes before its end', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((n) => api.sendText('oA', `第${n}句`)))
    expect(count(TOKEN)).toBe(1)
    clock.advance((7_200 - 301) * 1000)
    await api.sendText('oA', '还在')
    expect(count(TOKEN)).toBe(1)
    clock.advance(2_000)
    await api.sendText('oA', '新的')
    expect(count(TOKEN)).toBe(2)
  })

  it.each([40001, 40014, 41001, 42001])(
    'is fetched again once after %i, and the call made again once',
    async (errcode) => {
      await api.sendText('oA', '一')
      expect(await sendWith({ kind: 'errcode', errcode })).toMatchObject({ kind: 'answered' })
      expect([count(TOKEN), count(SEND)]).toEqual([2, 3])
      const twice: Fault[] = [
        { kind: 'errcode', errcode },
        { kind: 'errcode', errcode },
      ]
      expect(await sendWith(...twice)).toEqual({ kind: 'refused', errcode })
      expect([count(TOKEN), count(SEND)]).toEqual([3, 5])
    },
  )

  it('that ran out at WeChat costs no message', async () => {
    await api.sendText('oA', '一')
    fake.expireToken()
    expect(await api.sendText('oA', '二')).toMatchObject({ kind: 'answered' })
    expect(fake.phoneOf('oA').slice(-2)).toEqual(['一', '二'])
  })

  it('that cannot be had leaves the message surely unsent', async () => {
    fake.fail(TOKEN, { kind: 'http', status: 502 })
    expect(await api.sendText('oA', '一')).toEqual({ kind: 'unsent', reason: 'busy' })
    fake.fail(TOKEN, { kind: 'cut', accepted: true })
    expect(await api.sendText('oA', '一')).toEqual({ kind: 'unsent', reason: 'network' })
    fake.fail(TOKEN, { kind: 'errcode', errcode: 40164 })
    expect(await api.sendText('oA', '一')).toEqual({ kind: 'refused', errcode: 40164 })
    expect(count(SEND)).toBe(0)
  })

  it('never goes into the body, and the secret nowhere but into the request for the token', async () => {
    await api.sendText('oA', '一')
    const bodies = fake.calls.filter(({ path }) => path !== TOKEN).map(({ body }) => body)
    expect(bodies.join()).not.toMatch(/FAKE-TOKEN|fake-app-secret/)
  })
})

describe('a message', () => {
  it('goes out as UTF-8 that is not escaped', async () => {
    await api.sendText('oA', '“您好” & <b>')
    expect(fake.calls.at(-1)?.body).toBe('{"touser":"oA","msgtype":"text","text":{"content":"“您好” & <b>"}}')
  })

  it.each<[string, Fault, object]>([
    [
      'an answer that never came',
      { kind: 'delay', ms: 2_000, accepted: true },
      { kind: 'unknown', reason: 'timeout' },
    ],
    [
      'a connection cut after it was taken',
      { kind: 'cut', accepted: true },
      { kind: 'unknown', reason: 'network' },
    ],
    [
      'a connection cut before it was taken',
      { kind: 'cut', accepted: false },
      { kind: 'unknown', reason: 'network' },
    ],
    ['a gateway that gave up waiting', { kind: 'http', status: 504 }, { kind: 'unknown', reason: 'timeout' }],
    ['a server that is busy', { kind: 'http', status: 503 }, { kind: 'unsent', reason: 'busy' }],
    [
      'a page instead of an answer',
      { kind: 'http', status: 404 },
      { kind: 'unknown', reason: 'strange_answer' },
    ],
  ])('with %s is called what it is', async (_name, fault, result) => {
    expect(await sendWith(fault)).toEqual(result)
    expect(count(SEND)).toBe(1)
  })

  it('to nobody who listens is surely unsent', async () => {
    await api.sendText('oA', '一')
    const elsewhere = new WechatApi({ ...ACCOUNT, base: 'http://127.0.0.1:9', clock, timeoutMs: 300 })
    expect(await elsewhere.sendText('oA', '一')).toEqual({ kind: 'unsent', reason: 'network' })
  })
})

describe('what a refusal means', () => {
  const NIGHT = Date.UTC(2026, 10, 25, 15, 30)

  it.each<[number, object]>([
    [-1, { kind: 'retry', reason: 'busy' }],
    [40001, { kind: 'retry', afterMs: 60_000, reason: 'no_permission' }],
    [40014, { kind: 'retry', afterMs: 60_000, reason: 'no_permission' }],
    [41001, { kind: 'retry', afterMs: 60_000, reason: 'no_permission' }],
    [42001, { kind: 'retry', afterMs: 60_000, reason: 'no_permission' }],
    [45011, { kind: 'retry', afterMs: 60_000, reason: 'rate' }],
    // Midnight in Shanghai is 16:00 in Greenwich.
    [45009, { kind: 'parked', until: Date.UTC(2026, 10, 25, 16), reason: 'daily' }],
    [45015, { kind: 'failed', reason: 'window_closed' }],
    [45047, { kind: 'parked', reason: 'quota' }],
    ...[45002, 45008, 44004, 47001, 40008].map((code): [number, object] => [
      code,
      { kind: 'failed', reason: 'bad_content' },
    ]),
    ...[40003, 43004, 50005, 43019, 48002, 50002].map((code): [number, object] => [
      code,
      { kind: 'failed', reason: 'unreachable' },
    ]),
    ...[48001, 48004, 40200].map((code): [number, object] => [code, { kind: 'parked', reason: 'no_push' }]),
    ...[40164, 89503, 40013, 40125].map((code): [number, object] => [
      code,
      { kind: 'retry', afterMs: 600_000, reason: 'no_permission' },
    ]),
    [40007, { kind: 'failed', reason: 'picture_gone' }],
    [99999, { kind: 'failed', reason: 'errcode_99999' }],
  ])('%i', (errcode, outcome) => {
    expect(outcomeOf({ kind: 'refused', errcode }, NIGHT)).toEqual(outcome)
    if (errcode !== 99999) expect(ERRCODES.has(errcode)).toBe(true)
  })

  it('of an answer is that it was sent, of none what is known', () => {
    expect(outcomeOf({ kind: 'answered', data: {}, errcode: 0 }, 0)).toEqual({ kind: 'sent' })
    expect(outcomeOf({ kind: 'unknown', reason: 'timeout' }, 0)).toEqual({
      kind: 'unknown',
      reason: 'timeout',
    })
    expect(outcomeOf({ kind: 'unsent', reason: 'network' }, 0)).toEqual({ kind: 'retry', reason: 'network' })
  })
})

describe('media', () => {
  it('comes as its bytes, or as the errcode it is refused with', async () => {
    fake.media.set('m-1', { type: 'image/jpeg', bytes: Buffer.from([1, 2, 3]) })
    expect(await api.getMedia('m-1')).toEqual({ kind: 'bytes', bytes: Buffer.from([1, 2, 3]) })
    expect(await api.getMedia('m-2')).toEqual({ kind: 'refused', errcode: 40007 })
    fake.fail(GET_MEDIA, { kind: 'delay', ms: 2_000, accepted: true })
    expect(await api.getMedia('m-1')).toEqual({ kind: 'unknown', reason: 'timeout' })
  })
})

it('typing is a courtesy whose failures nobody hears of', async () => {
  fake.fail(
    '/cgi-bin/message/custom/typing',
    { kind: 'errcode', errcode: 45081 },
    { kind: 'cut', accepted: false },
  )
  await expect(api.showTyping('oA')).resolves.toBeUndefined()
  await expect(api.showTyping('oA')).resolves.toBeUndefined()
})
