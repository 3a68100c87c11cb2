import { describe, expect, it } from 'vitest'
import { createBus } from '../../src/app/bus.ts'
import type { ReceiveMessage } from '../../src/app/channel-ports.ts'
import type { BusEvent, MerchantAddress } from '../../src/app/ports.ts'
import { createTyping } from '../../src/app/typing.ts'
import { waitForLines, watchLines, type WatchEvent } from '../../src/app/watch-lines.ts'
import { AppError } from '../../src/core/errors.ts'
import { createEchoReceive } from '../fixtures/echo-receive.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { SteadyClock, SteadyIds } from '../fixtures/steady.ts'

const noodles: MerchantAddress = { channel: 'web', merchantKey: 'noodles' }

function setUp() {
  const store = new MemoryStore()
  const bus = createBus()
  const receive = createEchoReceive(store, new SteadyClock(), new SteadyIds())
  return { store, bus, say: (n: number, text = `m-${n}`) => say(receive, n, text) }
}

function say(receive: ReceiveMessage, n: number, text: string) {
  return receive({ address: noodles, dedupeKey: `web:${n}`, content: { kind: 'text', text } })
}

const never = new AbortController().signal
const typing = createTyping()

const waiting = async (): Promise<undefined> => undefined
const serving = waiting

describe('waitForLines', () => {
  it('sees what came in before it began to wait', async () => {
    const { store, bus, say } = setUp()
    const read = store.readLines.bind(store)
    // The message and its news arrive while the first look at the store is still on its way.
    store.readLines = async (...wish) => {
      const lines = await read(...wish)
      store.readLines = read
      await say(1)
      bus.publish({ address: noodles, lastSeq: 3 })
      return lines
    }
    const page = await waitForLines({ store, bus, waiting, serving }, noodles, {
      after: 0,
      limit: 100,
      waitMs: 60_000,
      signal: never,
    })
    expect(page.lines.map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  it('sleeps on through news that changes nothing for it', async () => {
    const { store, bus, say } = setUp()
    await say(1)
    let looks = 0
    const read = store.readLines.bind(store)
    store.readLines = (...wish) => {
      looks += 1
      if (looks === 3) void say(2).then(() => bus.publish({ address: noodles, lastSeq: 5 }))
      else bus.publish({ address: noodles, lastSeq: 3 })
      return read(...wish)
    }
    const page = await waitForLines({ store, bus, waiting, serving }, noodles, {
      after: 3,
      limit: 100,
      waitMs: 60_000,
      signal: never,
    })
    expect(page.lines.map(({ seq }) => seq)).toEqual([4, 5])
    expect(looks).toBeGreaterThan(3)
  })

  it('rejects as the store does and leaves no listener behind', async () => {
    const { store, bus } = setUp()
    let open = 0
    const counting = {
      subscribeAll: (listener: (event: BusEvent) => void) => bus.subscribeAll(listener),
      publish: bus.publish,
      subscribe: (...args: Parameters<typeof bus.subscribe>) => {
        open += 1
        const end = bus.subscribe(...args)
        return () => {
          open -= 1
          end()
        }
      },
    }
    store.failure = new AppError('unavailable', 'the disk is full')
    const wish = { after: 0, limit: 100, waitMs: 0, signal: never }
    await expect(
      waitForLines({ store, bus: counting, waiting, serving }, noodles, wish),
    ).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(open).toBe(0)
  })
})

describe('watchLines', () => {
  it('pages through a long talk and never tells a status before its lines', async () => {
    const { store, bus, say } = setUp()
    for (let n = 0; n < 120; n += 1) await say(n)
    const events = await collect(store, bus, 241)
    expect(events.map(describeEvent)).toEqual([
      ...Array.from({ length: 241 }, (_, n) => `line ${n + 1}`),
      'status 241',
    ])
  })

  it('gives lines that came while a slow reader was busy, once each', async () => {
    const { store, bus, say } = setUp()
    const seen: string[] = []
    let n = 0
    const stop = new AbortController()
    for await (const event of watchLines({ store, bus, waiting, serving, typing }, noodles, 0, {
      heartbeatMs: 60_000,
      signal: stop.signal,
    })) {
      seen.push(describeEvent(event))
      if (n < 20) {
        await say((n += 1))
        bus.publish({ address: noodles, lastSeq: 0 })
      } else if (event.kind === 'status') stop.abort()
    }
    const lines = seen.filter((text) => text.startsWith('line'))
    expect(lines).toEqual(Array.from({ length: 41 }, (_, index) => `line ${index + 1}`))
    expect(seen.at(-1)).toBe('status 41')
  })

  it('tells of a change of hands that has no line', async () => {
    const { store, bus, say } = setUp()
    await say(1)
    const holders: string[] = []
    const stop = new AbortController()
    for await (const event of watchLines({ store, bus, waiting, serving, typing }, noodles, 3, {
      heartbeatMs: 60_000,
      signal: stop.signal,
    })) {
      if (event.kind === 'status') holders.push(event.status.holder)
      if (holders.length === 2) stop.abort()
      if (holders.length !== 1) continue
      await store.turn(noodles, (current) => {
        if (!current) throw new Error('the conversation is missing')
        return { conversation: { ...current, holder: 'agent' }, result: undefined }
      })
      bus.publish({ address: noodles, lastSeq: 3 })
    }
    expect(holders).toEqual(['bot', 'agent', 'agent'])
  })

  it('tells who waits when the queue has moved, of which there is no news', async () => {
    const { store, bus, say } = setUp()
    await say(1)
    const places: (number | undefined)[] = []
    const stop = new AbortController()
    let position = 3
    const moving = async (): Promise<{ position: number }> => ({ position })
    for await (const event of watchLines({ store, bus, waiting: moving, serving, typing }, noodles, 3, {
      heartbeatMs: 5,
      signal: stop.signal,
    })) {
      if (event.kind === 'status') places.push(event.status.waiting?.position)
      if (event.kind === 'heartbeat') position -= 1
      if (places.length === 3) stop.abort()
    }
    expect(places.slice(0, 3)).toEqual([3, 2, 1])
  })

  it('tells that the agent has come, of which there is no news either', async () => {
    const { store, bus, say } = setUp()
    await say(1)
    const seen: (boolean | undefined)[] = []
    const stop = new AbortController()
    let isHere = false
    const coming = async () => ({ name: '小李', isHere })
    const options = { heartbeatMs: 5, signal: stop.signal }
    for await (const event of watchLines(
      { store, bus, waiting, serving: coming, typing },
      noodles,
      3,
      options,
    )) {
      if (event.kind === 'status') seen.push(event.status.serving?.isHere)
      if (event.kind === 'heartbeat') isHere = true
      if (seen.length === 2) stop.abort()
    }
    expect(seen.slice(0, 2)).toEqual([false, true])
  })
})

describe('signs that somebody is writing', () => {
  it('are told in between when an agent is, and only to who watches that talk', async () => {
    const { store, bus, say } = setUp()
    await say(1)
    const seen: string[] = []
    const stop = new AbortController()
    const options = { heartbeatMs: 60_000, signal: stop.signal }
    for await (const event of watchLines({ store, bus, waiting, serving, typing }, noodles, 0, options)) {
      seen.push(describeEvent(event))
      if (seen.length === 4) {
        typing.tell({ ...noodles, merchantKey: 'other' }, 'agent')
        typing.tell(noodles, 'merchant')
        typing.tell(noodles, 'agent')
      }
      if (seen.length === 5) await say(2).then(() => bus.publish({ address: noodles, lastSeq: 5 }))
      if (seen.length === 8) stop.abort()
    }
    expect(seen).toEqual([
      ...['line 1', 'line 2', 'line 3', 'status 3', 'typing'],
      ...['line 4', 'line 5', 'status 5', 'status 5'],
    ])
  })

  it('reach the others when one listener throws, and nobody who has left', () => {
    const heard: string[] = []
    const own = createTyping()
    own.subscribeAll(() => {
      throw new Error('broken')
    })
    const leave = own.subscribe(noodles, (by) => heard.push(by))
    own.tell(noodles, 'agent')
    leave()
    own.tell(noodles, 'agent')
    expect(heard).toEqual(['agent'])
  })
})

async function collect(
  store: MemoryStore,
  bus: ReturnType<typeof createBus>,
  lastSeq: number,
): Promise<WatchEvent[]> {
  const events: WatchEvent[] = []
  for await (const event of watchLines({ store, bus, waiting, serving, typing }, noodles, 0, {
    heartbeatMs: 60_000,
    signal: never,
  })) {
    events.push(event)
    if (event.kind === 'status' && event.status.lastSeq === lastSeq) break
  }
  return events
}

function describeEvent(event: WatchEvent): string {
  if (event.kind === 'line') return `line ${event.line.seq}`
  return event.kind === 'status' ? `status ${event.status.lastSeq}` : event.kind
}
