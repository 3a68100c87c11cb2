import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createReceiver } from '../../src/widget/panel/receiver.ts'
import { createSharedStream } from '../../src/widget/panel/shared-stream.ts'
import { createTalkStore } from '../../src/widget/panel/talk-store.ts'
import { withOutgoing } from '../../src/widget/panel/talk.ts'
import { FakeBrowser } from './fake-neighbours.ts'
import { fixedSession, ScriptedApi, UNREACHABLE } from './scripted-api.ts'
import type { Connection } from '../../src/widget/panel/news.ts'
import type { Line } from '../../src/widget/panel/wire.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 26) }))
afterEach(() => void vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(0)

function lines(count: number): Line[] {
  return Array.from({ length: count }, (_, index) => ({ seq: index + 1, author: 'bot', text: '行', at: 0 }))
}

function event(seq: number): string {
  const line = { seq, author: 'bot', text: '行', at: '2026-11-26T00:00:00Z' }
  return `id: ${String(seq)}\nevent: message\ndata: ${JSON.stringify(line)}\n\n`
}

function openTab(browser: FakeBrowser, api: ScriptedApi) {
  const { neighbours, freeze } = browser.openTab()
  const store = createTalkStore()
  const connections: Connection[] = []
  let typing = 0
  const receiver = createReceiver({
    api,
    session: fixedSession(),
    store,
    shared: createSharedStream(neighbours, () => Date.now()),
    random: () => 0,
    now: () => Date.now(),
    onConnection: (connection) => connections.push(connection),
    onTyping: () => (typing += 1),
  })
  receiver.start()
  const seqs = () => store.get().lines.map(({ seq }) => seq)
  return { receiver, store, freeze, connections, seqs, typing: () => typing }
}

async function setUp() {
  const browser = new FakeBrowser()
  const api = new ScriptedApi()
  api.lines = lines(3)
  const leader = openTab(browser, api)
  await settle()
  const follower = openTab(browser, api)
  await settle()
  const reads = () => api.reads.length
  const push = async (text: string) => {
    api.streams[api.streams.length - 1]?.push(text)
    await settle()
  }
  await push(': heartbeat\n\n')
  return { api, leader, follower, reads, push }
}

describe('a tab that follows', () => {
  it('opens no stream, and takes lines, status, typing and connection from the leader without asking', async () => {
    const { api, follower, reads, push } = await setUp()
    const before = reads()
    await push(event(4) + 'event: status\ndata: {"processedSeq":4,"holder":"queue"}\n\n')
    await push('event: typing\ndata: {}\n\n')
    expect(follower.seqs()).toEqual([1, 2, 3, 4])
    expect([follower.store.get().holder, follower.store.get().processedSeq]).toEqual(['queue', 4])
    expect(follower.typing()).toBe(1)
    expect(follower.connections).toContain('live')
    expect([api.streams.length, reads() - before]).toEqual([1, 0])
  })

  it('reads once what is missing before a line', async () => {
    const { api, follower, reads, push } = await setUp()
    api.lines = lines(6)
    const before = reads()
    await push(event(6))
    expect(follower.seqs()).toEqual([1, 2, 3, 4, 5, 6])
    expect(reads() - before).toBe(1)
  })

  it('learns within a beat that it is behind', async () => {
    const { api, leader, follower } = await setUp()
    api.lines = lines(5)
    await leader.receiver.sync()
    expect(follower.seqs()).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(follower.seqs()).toHaveLength(5)
  })

  it('reads once when it is looked at, and when its own message is stored', async () => {
    const { api, follower, reads } = await setUp()
    let before = reads()
    follower.receiver.refresh()
    await settle()
    expect(reads() - before).toBe(1)
    before = reads()
    api.lines = lines(5)
    const content = { kind: 'text', text: '行' } as const
    const message = { id: 'm', content, createdAt: 0, afterSeq: 3, attempted: true, seq: 4 }
    follower.store.update((talk) => withOutgoing(talk, { ...message, state: 'stored' }))
    await settle()
    expect(follower.seqs()).toEqual([1, 2, 3, 4, 5])
    expect(reads() - before).toBe(1)
  })

  it('looks for itself when the leader has to poll', async () => {
    const { api, leader, follower } = await setUp()
    api.streamScript = [UNREACHABLE, UNREACHABLE, UNREACHABLE]
    leader.receiver.reconnect()
    await vi.advanceTimersByTimeAsync(5_000)
    api.lines = lines(7)
    // At once, not only with the next beat.
    while (leader.seqs().length < 7) await vi.advanceTimersByTimeAsync(100)
    expect(follower.seqs()).toHaveLength(7)
  })

  it('reads the stream from its own last line once the leader has stopped or is frozen', async () => {
    const { api, leader, follower, push } = await setUp()
    await push(event(4))
    leader.receiver.stop()
    await settle()
    expect(api.streams.map(({ after }) => after)).toEqual([3, 4])
    await push(event(5))
    expect(follower.seqs()).toEqual([1, 2, 3, 4, 5])
    api.lines = lines(5)
    leader.receiver.start()
    await settle()
    expect(leader.seqs()).toEqual([1, 2, 3, 4, 5])
    follower.freeze()
    await vi.advanceTimersByTimeAsync(40_000)
    expect(api.streams.map(({ after }) => after)).toEqual([3, 4, 5])
    await push(event(6))
    expect(leader.seqs()).toEqual([1, 2, 3, 4, 5, 6])
  })
})
