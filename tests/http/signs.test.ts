import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TicketAnswer } from '../../src/http/schema.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, startServer, untilWatching, type RunningServer } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'
import { postJson, WidgetClient, type StreamEvent } from '../fixtures/widget-client.ts'

let server: RunningServer
let clock: SteadyClock
let merchant: WidgetClient
let desk: DeskClient
let ticket: string

beforeEach(async () => {
  clock = new SteadyClock()
  server = await startServer({ clock })
  merchant = await WidgetClient.open(server.url)
  desk = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'agent'))
  await merchant.say('human', '人工')
  const row = (await server.store.listTickets({ limit: 1 })).rows[0]
  ticket = row?.ticket.id ?? ''
  expect((await desk.post(`/tickets/${ticket}/claim`, { version: 1 })).status).toBe(200)
})

afterEach(async () => {
  await server.close()
})

const post = (path: string, body: unknown): Promise<Response> =>
  postJson(`${server.url}/widget/v1${path}`, body, merchant.authorization)

/** The names of the events of the desk's stream, until `count` of one name came. */
async function deskEvents(name: string, count: number, act: () => Promise<unknown>): Promise<string[]> {
  const stream = await desk.get('/events')
  const names: string[] = []
  await act()
  const decoder = new TextDecoder()
  for await (const chunk of stream.body ?? []) {
    names.push(...[...decoder.decode(chunk).matchAll(/^event: (.+)$/gm)].map((match) => match[1] ?? ''))
    if (names.filter((one) => one === name).length >= count) break
  }
  return names
}

describe('a merchant who is writing', () => {
  it('is seen by staff as such, once in two seconds however often it is told', async () => {
    const names = await deskEvents('merchant-typing', 2, async () => {
      for (let n = 0; n < 5; n += 1) expect((await post('/typing', {})).status).toBe(200)
      clock.advance(2_000)
      expect((await post('/typing', { typing: true })).status).toBe(200)
      expect((await post('/typing', { typing: false })).status).toBe(200)
    })
    expect(names.filter((name) => name === 'merchant-typing')).toHaveLength(2)
  })

  it('says nothing of what is written', async () => {
    for (const body of [{ text: 'x' }, { typing: 'yes' }, []]) {
      expect((await post('/typing', body)).status).toBe(400)
    }
  })
})

describe('an agent who is writing', () => {
  it('is seen by the merchant when holding the ticket, and by nobody else’s', async () => {
    const other = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'lead'))
    const stranger = await WidgetClient.open(server.url)
    const stop = new AbortController()
    const foreign: StreamEvent[] = []
    const listening = (async () => {
      for await (const event of stranger.follow(0, stop.signal)) foreign.push(event)
    })()
    const seen: StreamEvent[] = []
    for await (const event of merchant.follow(0, stop.signal)) {
      seen.push(event)
      if (event.event === 'status') {
        await untilWatching(server, 2)
        await other.post(`/tickets/${ticket}/presence`, { state: 'typing' })
        await desk.post(`/tickets/${ticket}/presence`, { state: 'looking' })
        await desk.post(`/tickets/${ticket}/presence`, { state: 'typing' })
      }
      if (event.event === 'typing') stop.abort()
    }
    await listening
    expect(seen.filter(({ event }) => event === 'typing')).toEqual([
      { event: 'typing', data: { author: 'agent' } },
    ])
    expect(foreign.filter(({ event }) => event === 'typing')).toEqual([])
  })
})

describe('what a merchant has read', () => {
  it('is seen by staff and on the merchant’s other devices, and kept', async () => {
    const seq = async (): Promise<number | undefined> =>
      TicketAnswer.parse(await (await desk.get(`/tickets/${ticket}`)).json()).readSeq
    const { lastSeq } = await merchant.read()
    const writes = server.store.writes
    expect((await post('/read', { seq: lastSeq })).status).toBe(200)
    // Nothing of staff's was among it: no write for it.
    expect(server.store.writes).toBe(writes)
    expect(await seq()).toBeUndefined()
    await desk.post(`/tickets/${ticket}/reply`, { clientMsgId: 'r', text: '请稍等' })
    const answer = await merchant.read()
    for (let n = 0; n < 3; n += 1) expect((await post('/read', { seq: answer.lastSeq })).status).toBe(200)
    expect(await seq()).toBe(answer.lastSeq)
    expect((await merchant.read()).readSeq).toBe(answer.lastSeq)
    await post('/read', { seq: 1 })
    expect(await seq()).toBe(answer.lastSeq)
  })

  it.each([{}, { seq: -1 }, { seq: '3' }, { seq: 1, by: 'x' }])('is refused as %j', async (body) => {
    expect((await post('/read', body)).status).toBe(400)
  })

  it('means nothing before the first message', async () => {
    const fresh = await WidgetClient.open(server.url)
    const answer = await postJson(`${server.url}/widget/v1/read`, { seq: 7 }, fresh.authorization)
    expect(answer.status).toBe(200)
    expect((await fresh.read()).readSeq).toBeUndefined()
  })
})

describe('who serves a merchant', () => {
  const serving = async (): Promise<unknown> => (await merchant.read()).serving

  it('is named, and said to be there while they have the case before them', async () => {
    const { name } = (await server.store.listStaff())[0] ?? {}
    expect(await serving()).toEqual({ name, isHere: false })
    await desk.post(`/tickets/${ticket}/presence`, { state: 'looking' })
    expect(await serving()).toEqual({ name, isHere: true })
    clock.advance(20_001)
    expect(await serving()).toEqual({ name, isHere: false })
    const other = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'lead'))
    await other.post(`/tickets/${ticket}/presence`, { state: 'looking' })
    expect(await serving()).toEqual({ name, isHere: false })
    await desk.post(`/tickets/${ticket}/release`, {})
    expect(await serving()).toBeUndefined()
  })
})
