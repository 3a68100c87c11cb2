import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSender } from '../../src/widget/panel/sender.ts'
import { createBringPictures } from '../../src/widget/panel/bring-pictures.ts'
import { createPictureBox } from '../../src/widget/panel/picture-box.ts'
import { createMemoryStorage } from '../../src/widget/panel/storage.ts'
import { createTalkStore } from '../../src/widget/panel/talk-store.ts'
import { createUnsent } from '../../src/widget/panel/unsent.ts'
import { BROKEN, fixedSession, ScriptedApi, UNAUTHORIZED, UNREACHABLE } from './scripted-api.ts'
import { UploadServer } from './upload-server.ts'
import type { Storage } from '../../src/widget/panel/storage.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 25) }))
afterEach(() => void vi.useRealTimers())

function setUp(storage: Storage = createMemoryStorage()) {
  const api = new ScriptedApi()
  const store = createTalkStore()
  const unsent = createUnsent(storage)
  const session = fixedSession()
  let ids = 0
  const box = createPictureBox(() => {
    throw new Error('no database here')
  })
  const server = new UploadServer()
  const bring = createBringPictures({ box, upload: server.upload })
  const deps = { api, session, store, unsent, box, bring, random: () => 0, now: () => Date.now() }
  const start = () => createSender({ ...deps, makeId: () => `m${String((ids += 1))}` })
  const say = (sender: ReturnType<typeof start>, text: string) => sender.send({ kind: 'text', text }, 0)
  const states = () => store.get().outgoing.map(({ id, state }) => `${id} ${state}`)
  return { api, store, unsent, session, storage, box, server, start, say, states }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

describe('the sender', () => {
  it('posts in the order of writing, one at a time, and keeps nothing once the server has it', async () => {
    const { api, unsent, start, say, states } = setUp()
    const sender = start()
    say(sender, '一')
    say(sender, '二')
    expect(unsent.load()).toHaveLength(2)
    await settle()
    expect(api.posts.map(({ id }) => id)).toEqual(['m1', 'm2'])
    expect(states()).toEqual(['m1 stored', 'm2 stored'])
    expect(unsent.load()).toEqual([])
  })

  it('repeats a message whose answer was lost under the same id, so that it is stored once', async () => {
    const { api, start, say, states } = setUp()
    api.postScript = ['lost', UNREACHABLE, 'lost']
    const sender = start()
    say(sender, '一')
    say(sender, '二')
    await settle()
    expect(states()).toEqual(['m1 delayed', 'm2 waiting'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(api.posts.map(({ id }) => id)).toEqual(['m1', 'm1', 'm1', 'm1', 'm2'])
    expect(api.stored).toEqual(['m1', 'm2'])
    expect(states()).toEqual(['m1 stored', 'm2 stored'])
  })

  it('waits 1, 2, 4 … s between tries, but no longer than until it is nudged', async () => {
    const { api, start, say } = setUp()
    api.postScript = [UNREACHABLE, UNREACHABLE, UNREACHABLE, UNREACHABLE]
    const sender = start()
    say(sender, '一')
    const tries: number[] = []
    for (const ms of [0, 999, 1, 1_999, 1]) {
      await vi.advanceTimersByTimeAsync(ms)
      tries.push(api.posts.length)
    }
    expect(tries).toEqual([1, 1, 2, 2, 3])
    sender.nudge()
    await settle()
    expect(api.posts).toHaveLength(4)
  })

  it('honours Retry-After quietly: no nudge or retry comes before it, and the line goes on sending', async () => {
    const { api, start, say, states } = setUp()
    api.postScript = [{ kind: 'later', afterMs: 5_000 }]
    const sender = start()
    say(sender, '一')
    await settle()
    sender.nudge()
    sender.retry('m1')
    await vi.advanceTimersByTimeAsync(4_999)
    expect(api.posts).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(states()).toEqual(['m1 stored'])
  })

  it('shows what was refused and why, and goes on with the next', async () => {
    const { api, store, unsent, start, say, states } = setUp()
    api.postScript = [{ kind: 'refused', detail: '太长' }]
    const sender = start()
    say(sender, '一')
    say(sender, '二')
    await settle()
    expect(states()).toEqual(['m1 failed', 'm2 stored'])
    expect(store.get().outgoing[0]?.problem).toBe('太长')
    sender.discard('m1')
    expect(states()).toEqual(['m2 stored'])
    expect(unsent.load()).toEqual([])
  })

  it('sets a message aside that the server cannot digest, and sends it when asked to', async () => {
    const { api, start, say, states } = setUp()
    api.postScript = [BROKEN, BROKEN, BROKEN, BROKEN]
    const sender = start()
    say(sender, '一')
    say(sender, '二')
    await vi.advanceTimersByTimeAsync(30_000)
    expect(states()).toEqual(['m1 failed', 'm2 stored'])
    sender.retry('m1')
    await settle()
    expect(states()).toEqual(['m1 stored', 'm2 stored'])
  })

  it('never sets a message aside while there is no answer at all', async () => {
    const { api, start, say, states } = setUp()
    api.postScript = Array.from({ length: 20 }, () => UNREACHABLE)
    say(start(), '一')
    await vi.advanceTimersByTimeAsync(300_000)
    expect(states()).toEqual(['m1 delayed'])
    await vi.advanceTimersByTimeAsync(600_000)
    expect(states()).toEqual(['m1 stored'])
  })

  it('sends under a new session when the old one is gone', async () => {
    const { api, start, say } = setUp()
    api.postScript = [UNAUTHORIZED]
    say(start(), '一')
    await settle()
    expect(api.posts.map(({ token }) => token)).toEqual(['token-1', 'token-2'])
    expect(api.stored).toEqual(['m1'])
  })

  it('goes on after a reload, under the old ids, without repeating what was refused', async () => {
    const first = setUp()
    first.api.postScript = [{ kind: 'refused', detail: '太长' }, 'lost']
    const sender = first.start()
    first.say(sender, '一')
    first.say(sender, '二')
    await settle()

    const second = setUp(first.storage)
    second.start()
    await settle()
    expect(second.api.posts.map(({ id }) => id)).toEqual(['m2'])
    expect(second.states()).toEqual(['m1 failed', 'm2 stored'])
  })
})
