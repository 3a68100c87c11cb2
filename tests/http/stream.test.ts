import { afterEach, describe, expect, it } from 'vitest'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'
import { WidgetClient, type StreamEvent } from '../fixtures/widget-client.ts'

let server: RunningServer

afterEach(async () => {
  await server.close()
})

describe('GET /widget/v1/stream', () => {
  it('opens with the right headers, a retry hint and the status', async () => {
    server = await startServer()
    const client = await WidgetClient.open(server.url)
    const stop = new AbortController()
    const answer = await client.get('/stream', { signal: stop.signal })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(answer.headers.get('x-accel-buffering')).toBe('no')
    expect(answer.headers.get('content-encoding')).toBeNull()
    stop.abort()
    const [retry, status] = await first(client, 0, 2)
    expect(retry?.event).toBe('retry')
    expect(status).toEqual({ event: 'status', data: { lastSeq: 0, processedSeq: 0, holder: 'bot' } })
  })

  it('gives exactly the messages of GET /messages, ids on messages only', async () => {
    server = await startServer()
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    const events = await first(client, 0, 5)
    const messages = events.filter(({ event }) => event === 'message')
    expect(messages.map(({ data }) => data)).toEqual((await client.read()).messages)
    expect(messages.map(({ id }) => id)).toEqual([1, 2, 3])
    expect(events.at(-1)).toEqual({ event: 'status', data: { lastSeq: 3, processedSeq: 2, holder: 'bot' } })
  })

  it('tells a status only after the lines it covers', async () => {
    server = await startServer()
    const client = await WidgetClient.open(server.url)
    const stop = new AbortController()
    const events: StreamEvent[] = []
    for await (const event of client.follow(0, stop.signal)) {
      if (event.event === 'status' && events.length <= 1) await client.say('m-1', '人工')
      events.push(event)
      if (event.event === 'status' && events.length > 2) stop.abort()
    }
    const kinds = events.map(({ event }) => event)
    expect(kinds).toEqual(['retry', 'status', 'message', 'message', 'message', 'status'])
    expect(events.at(-1)?.data).toEqual({
      lastSeq: 3,
      processedSeq: 2,
      holder: 'queue',
      waiting: { position: 1 },
    })
  })

  it('loses and doubles nothing over many disconnects while messages come', async () => {
    server = await startServer()
    const client = await WidgetClient.open(server.url)
    const total = 60
    const sending = (async () => {
      for (let n = 0; n < total; n += 1) await client.say(`m-${n}`, `第${n}句`)
    })()
    const seen: number[] = []
    const lastSeq = 1 + total * 2
    let round = 0
    while (seen.at(-1) !== lastSeq) {
      round += 1
      const stop = new AbortController()
      let taken = 0
      for await (const { id } of client.follow(seen.at(-1) ?? 0, stop.signal)) {
        if (id === undefined) continue
        seen.push(id)
        taken += 1
        // Cut in the middle of a burst, at another place each round.
        if (taken === (round % 7) + 1 || id === lastSeq) {
          stop.abort()
          break
        }
      }
    }
    await sending
    expect(seen).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1))
    expect(round).toBeGreaterThan(8)
  })

  it('serves several streams of one session, and none sees another merchant', async () => {
    server = await startServer()
    const [noodles, tea] = [await WidgetClient.open(server.url), await WidgetClient.open(server.url)]
    const streams = Promise.all([first(noodles, 0, 6), first(noodles, 0, 6), first(tea, 0, 6)])
    await noodles.say('m-1', '面馆')
    await tea.say('m-1', '茶铺')
    await noodles.say('m-2', '面馆')
    await tea.say('m-2', '茶铺')
    const [one, two, foreign] = (await streams).map((events) => JSON.stringify(events))
    expect(one).toContain('面馆')
    expect(one).not.toContain('茶铺')
    expect(two).not.toContain('茶铺')
    expect(foreign).not.toContain('面馆')
  })

  it('sends heartbeats that carry nothing', async () => {
    server = await startServer({ limits: { heartbeatMs: 5 } })
    const client = await WidgetClient.open(server.url)
    const events = await first(client, 0, 5)
    expect(events.slice(2)).toEqual(Array.from({ length: 3 }, () => ({ event: 'comment', data: null })))
  })

  it('starts after `after`, unless the browser knows better', async () => {
    server = await startServer()
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    expect(await idsOf(client, '/stream?after=2', {})).toEqual([3])
    expect(await idsOf(client, '/stream?after=1', { 'Last-Event-ID': '2' })).toEqual([3])
    const refused = await client.get('/stream', { headers: { 'Last-Event-ID': 'x' } })
    expect(refused.status).toBe(400)
  })

  it('ends with a last status when the server stops', async () => {
    server = await startServer()
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    const events: StreamEvent[] = []
    for await (const event of client.follow(3)) {
      events.push(event)
      if (events.length === 2) void server.server.close(5_000)
    }
    expect(events.map(({ event }) => event)).toEqual(['retry', 'status', 'status'])
  })
})

async function first(client: WidgetClient, after: number, count: number): Promise<StreamEvent[]> {
  const stop = new AbortController()
  const events: StreamEvent[] = []
  for await (const event of client.follow(after, stop.signal)) {
    events.push(event)
    if (events.length === count) break
  }
  stop.abort()
  return events
}

async function idsOf(client: WidgetClient, path: string, headers: Record<string, string>): Promise<number[]> {
  const stop = new AbortController()
  const answer = await client.get(path, { headers, signal: stop.signal })
  const reader = answer.body?.getReader()
  let text = ''
  while (reader && !text.includes('event: status')) {
    const { value, done } = await reader.read()
    if (done) break
    text += new TextDecoder().decode(value)
  }
  stop.abort()
  return [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))
}
