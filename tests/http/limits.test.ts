import { afterEach, describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/http/limits.ts'
import { MessageRate } from '../../src/http/message-rate.ts'
import { startServer, untilWatching, type RunningServer } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'
import { postJson, WidgetClient } from '../fixtures/widget-client.ts'

let server: RunningServer

afterEach(async () => {
  await server.close()
})

async function expectRefused(answer: Response, status: 429 | 503): Promise<number> {
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ status, code: status === 429 ? 'too_many' : 'unavailable' })
  const seconds = Number(answer.headers.get('retry-after'))
  expect(seconds).toBeGreaterThanOrEqual(1)
  return seconds
}

describe('messages of a session', () => {
  it('may come five at once and then one a second; a refused one is taken later under the same id', async () => {
    const clock = new SteadyClock()
    server = await startServer({ clock, limits: { messageBurst: DEFAULT_LIMITS.messageBurst } })
    const client = await WidgetClient.open(server.url)
    for (let n = 0; n < 5; n += 1) await client.say(`m-${n}`, `第${n}句`)
    const seconds = await expectRefused(await client.post({ clientMsgId: 'm-5', text: '第五句' }), 429)
    clock.advance(seconds * 1000)
    expect(await client.say('m-5', '第五句')).toBe(12)
    await expectRefused(await client.post({ clientMsgId: 'm-6', text: '第六句' }), 429)
    const other = await WidgetClient.open(server.url)
    expect(await other.say('m-0', '别家')).toBe(2)
  })

  it('cost a tenth when they are copies', () => {
    const clock = new SteadyClock()
    const rate = new MessageRate(5, clock)
    rate.charge('session', 'a')
    for (let copy = 0; copy < 20; copy += 1) rate.charge('session', 'a')
    rate.charge('session', 'b')
    expect(() => rate.charge('session', 'c')).toThrow()
  })

  it('never gain more than the burst, nor lose by a clock set back', () => {
    const clock = new SteadyClock()
    const rate = new MessageRate(5, clock)
    rate.charge('session', 'first')
    clock.advance(3_600_000)
    for (let n = 0; n < 5; n += 1) rate.charge('session', `n-${n}`)
    clock.advance(-7_200_000)
    expect(() => rate.charge('session', 'x')).toThrow()
    clock.advance(1_000)
    rate.charge('session', 'x')
  })
})

describe('sessions of an address', () => {
  it('are a hundred a minute, whatever X-Forwarded-For says', async () => {
    server = await startServer({ limits: { sessionsPerMinute: DEFAULT_LIMITS.sessionsPerMinute } })
    const url = `${server.url}/widget/v1/session`
    const open = (n: number): Promise<Response> => postJson(url, {}, { 'X-Forwarded-For': `203.0.113.${n}` })
    const answers = await Promise.all(Array.from({ length: 101 }, (_, n) => open(n)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(100)
    await expectRefused(await open(101), 429)
  })

  it('are counted per client behind a trusted proxy, by the address the proxy itself saw', async () => {
    server = await startServer({ settings: { trustProxy: 1 }, limits: { sessionsPerMinute: 2 } })
    const url = `${server.url}/widget/v1/session`
    const open = async (forwarded: string): Promise<number> =>
      (await postJson(url, {}, { 'X-Forwarded-For': forwarded })).status
    expect([await open('203.0.113.1'), await open('203.0.113.1'), await open('203.0.113.1')]).toEqual([
      201, 201, 429,
    ])
    expect(await open('203.0.113.2')).toBe(201)
    expect(await open('198.51.100.7, 203.0.113.1')).toBe(429)
    expect(await open('2001:db8:1:2::1')).toBe(201)
    expect(await open('2001:db8:1:2:ffff::9')).toBe(201)
    expect(await open('2001:db8:1:2:3:4:5:6')).toBe(429)
    expect(await open('2001:db8:1:3::1')).toBe(201)
  })

  it('are refused first when the server is too slow, while talks go on', async () => {
    let lag = 0
    server = await startServer({ lagMs: () => lag })
    const client = await WidgetClient.open(server.url)
    lag = DEFAULT_LIMITS.sheddingLagMs + 1
    await expectRefused(await postJson(`${server.url}/widget/v1/session`, {}), 503)
    expect(await client.say('m-1', '你好')).toBe(2)
  })
})

describe('streams and long-polls of an address', () => {
  it('are limited together, never displace each other, and make room when they end', async () => {
    server = await startServer({ limits: { watchersPerNetwork: 3 } })
    const client = await WidgetClient.open(server.url)
    const stops = Array.from({ length: 3 }, () => new AbortController())
    const streams = []
    for (const { signal } of stops) streams.push(await client.get('/stream', { signal }))
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200])
    await expectRefused(await client.get('/stream'), 429)
    await expectRefused(await client.get('/messages?wait=5'), 429)
    expect((await client.get('/messages')).status).toBe(200)
    for (const stop of stops) stop.abort()
    await untilWatching(server, 0)
    expect((await client.get('/messages?after=0&wait=1')).status).toBe(200)
  })
})
