import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createReceiver } from '../../src/widget/panel/receiver.ts'
import { createSharedStream } from '../../src/widget/panel/shared-stream.ts'
import { createTalkStore } from '../../src/widget/panel/talk-store.ts'
import { fixedSession, ScriptedApi, UNAUTHORIZED, UNREACHABLE } from './scripted-api.ts'
import type { Connection } from '../../src/widget/panel/news.ts'
import type { Neighbours } from '../../src/widget/panel/shared-stream.ts'
import type { Line } from '../../src/widget/panel/wire.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 25) }))
afterEach(() => void vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(0)

function lines(count: number): Line[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: index + 1,
    author: 'bot',
    text: `第${String(index + 1)}行`,
    at: 0,
  }))
}

function event(seq: number): string {
  const line = { seq, author: 'bot', text: '行', at: '2026-11-25T00:00:00Z' }
  return `id: ${String(seq)}\nevent: message\ndata: ${JSON.stringify(line)}\n\n`
}

function setUp(neighbours?: Neighbours) {
  const api = new ScriptedApi()
  const store = createTalkStore()
  const session = fixedSession()
  const connections: Connection[] = []
  let typing = 0
  const receiver = createReceiver({
    api,
    session,
    store,
    shared: createSharedStream(neighbours, () => Date.now()),
    random: () => 0,
    now: () => Date.now(),
    onConnection: (connection) => {
      if (connections[connections.length - 1] !== connection) connections.push(connection)
    },
    onTyping: () => (typing += 1),
  })
  const stream = () => {
    const newest = api.streams[api.streams.length - 1]
    if (newest === undefined) throw new Error('no stream is open')
    return newest
  }
  const seqs = () => store.get().lines.map(({ seq }) => seq)
  return { api, store, session, receiver, connections, stream, seqs, typing: () => typing }
}

describe('the receiver', () => {
  it('reads the history, then follows the stream from there', async () => {
    const { api, store, receiver, stream, seqs, connections, typing } = setUp()
    api.lines = lines(3)
    receiver.start()
    await settle()
    expect(store.get().loaded).toBe(true)
    expect(stream().after).toBe(3)
    stream().push(event(4) + event(4) + 'event: status\ndata: {"processedSeq":4,"holder":"queue"}\n\n')
    stream().push('event: typing\ndata: {}\n\n')
    await settle()
    expect(seqs()).toEqual([1, 2, 3, 4])
    expect(store.get().holder).toBe('queue')
    expect(store.get().processedSeq).toBe(4)
    expect(typing()).toBe(1)
    expect(connections).toEqual(['live'])
  })

  it('shows the newest page of a long talk, and older ones when asked', async () => {
    const { api, receiver, seqs } = setUp()
    api.lines = lines(230)
    receiver.start()
    await settle()
    expect([seqs()[0], seqs().length]).toEqual([131, 100])
    expect(await receiver.loadOlder()).toBe(true)
    expect([seqs()[0], seqs().length]).toEqual([31, 200])
    expect(await receiver.loadOlder()).toBe(true)
    expect(seqs()).toEqual(lines(230).map(({ seq }) => seq))
  })

  it('connects again from the last line it has after a cut', async () => {
    const { receiver, api, stream, seqs } = setUp()
    receiver.start()
    await settle()
    stream().push(event(1) + event(2) + event(3).slice(0, 20))
    await settle()
    stream().end()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(api.streams.map(({ after }) => after)).toEqual([0, 2])
    stream().push(event(3))
    await settle()
    expect(seqs()).toEqual([1, 2, 3])
  })

  it('polls after two failures of the stream within ten seconds, and tries the stream again a minute later', async () => {
    const { api, receiver, seqs, connections } = setUp()
    api.streamScript = [UNREACHABLE, UNREACHABLE]
    receiver.start()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(api.streams).toEqual([])
    api.lines = lines(2)
    await vi.advanceTimersByTimeAsync(25_000)
    expect(seqs()).toEqual([1, 2])
    expect(api.reads.some(({ waitSeconds }) => waitSeconds === 25)).toBe(true)
    expect(connections).toEqual(['broken', 'live'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(api.streams).toHaveLength(1)
  })

  it('goes back to the stream after two cuts that lie further apart', async () => {
    const { api, receiver, stream } = setUp()
    receiver.start()
    for (let cut = 0; cut < 3; cut += 1) {
      await settle()
      stream().push(': heartbeat\n\n')
      await vi.advanceTimersByTimeAsync(11_000)
      stream().end()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(api.streams).toHaveLength(4)
    expect(api.reads.filter(({ waitSeconds }) => waitSeconds > 0)).toEqual([])
  })

  it('gives a stream up that has been silent for 40 s', async () => {
    const { api, receiver, stream } = setUp()
    receiver.start()
    await settle()
    stream().push(': heartbeat\n\n')
    await vi.advanceTimersByTimeAsync(39_999)
    expect(api.streams).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1_001)
    expect(api.streams).toHaveLength(2)
  })

  it('polls when a proxy holds the stream back', async () => {
    const { api, receiver, seqs } = setUp()
    receiver.start()
    await vi.advanceTimersByTimeAsync(21_000)
    api.lines = lines(1)
    await vi.advanceTimersByTimeAsync(26_000)
    expect(api.streams).toHaveLength(1)
    expect(seqs()).toEqual([1])
  })

  it('asks for the state of the turns when the stream does not tell it', async () => {
    const { api, store, receiver, stream } = setUp()
    api.lines = lines(2)
    receiver.start()
    await settle()
    api.lines = lines(5)
    stream().push(': heartbeat\n\n')
    await vi.advanceTimersByTimeAsync(3_000)
    expect(store.get().processedSeq).toBe(5)
  })

  it('connects at once when told that the network is back', async () => {
    const { api, receiver } = setUp()
    api.readScript = Array.from({ length: 6 }, () => UNREACHABLE)
    receiver.start()
    await vi.advanceTimersByTimeAsync(20_000)
    api.readScript = []
    receiver.reconnect()
    await settle()
    expect(api.streams).toHaveLength(1)
  })

  it('is content with a healthy stream when the page is looked at again, and renews a doubtful one', async () => {
    const { api, receiver, stream } = setUp()
    receiver.start()
    await settle()
    stream().push(': heartbeat\n\n')
    await vi.advanceTimersByTimeAsync(15_000)
    receiver.refresh()
    await settle()
    expect(api.streams).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(10_000)
    receiver.refresh()
    await settle()
    expect(api.streams).toHaveLength(2)
  })

  it('opens nothing more once stopped', async () => {
    const { api, receiver, stream } = setUp()
    receiver.start()
    await settle()
    stream().push(': heartbeat\n\n')
    await settle()
    receiver.stop()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(api.streams).toHaveLength(1)
    receiver.refresh()
    await settle()
    expect(api.streams).toHaveLength(2)
  })

  it('renews a refused session, and does not hammer when that does not help', async () => {
    const { api, receiver, stream } = setUp()
    api.readScript = [UNAUTHORIZED]
    receiver.start()
    await settle()
    expect(stream().token).toBe('token-2')

    const other = setUp()
    other.api.readScript = Array.from({ length: 100 }, () => UNAUTHORIZED)
    other.receiver.start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(other.api.reads.length).toBeLessThan(8)
  })

  it('takes nothing that an old session still says', async () => {
    const { receiver, session, stream, seqs } = setUp()
    receiver.start()
    await settle()
    session.expire()
    stream().push(event(1))
    await settle()
    expect(seqs()).toEqual([])
  })
})
