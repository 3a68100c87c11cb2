import { describe, expect, it } from 'vitest'
import { createSigns } from '../../src/widget/panel/signs.ts'
import { createTalkStore } from '../../src/widget/panel/talk-store.ts'
import { withLines, withStatus } from '../../src/widget/panel/talk.ts'
import { createUnreadCount } from '../../src/widget/panel/unread.ts'
import { fixedSession, ScriptedApi } from './scripted-api.ts'

function setUp() {
  const api = new ScriptedApi()
  const store = createTalkStore()
  let time = 0
  const signs = createSigns({ api, session: fixedSession(), store, now: () => time })
  const say = (author: 'bot' | 'agent', ...seqs: number[]) =>
    store.update((talk) =>
      withLines(
        { ...talk, loaded: true },
        seqs.map((seq) => ({ seq, author, text: 'x', at: 0 })),
      ),
    )
  const hold = (holder: 'bot' | 'agent') => store.update((talk) => withStatus(talk, { holder }))
  return { api, store, signs, say, hold, pass: (ms: number) => void (time += ms) }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('signs of the panel', () => {
  it('tell that the merchant is writing while an agent listens, every four seconds at most', async () => {
    const { api, signs, hold, pass } = setUp()
    signs.typing()
    hold('agent')
    for (const ms of [0, 3_999, 1, 1]) {
      pass(ms)
      signs.typing()
    }
    await settle()
    expect(api.told).toEqual(['typing {}', 'typing {}'])
  })

  it('tell what was read once staff has written, once for each, and again when it did not get through', async () => {
    const { api, signs, say } = setUp()
    say('bot', 1)
    signs.read()
    say('agent', 2)
    api.tellScript = [false]
    signs.read()
    signs.read()
    await settle()
    expect(api.told).toEqual(['read {"seq":2}'])
    signs.read()
    await settle()
    signs.read()
    say('agent', 3)
    signs.read()
    await settle()
    expect(api.told).toEqual(['read {"seq":2}', 'read {"seq":2}', 'read {"seq":3}'])
  })

  it('say nothing of what another device has read already', async () => {
    const { api, store, signs, say } = setUp()
    say('agent', 2)
    store.update((talk) => withStatus(talk, { readSeq: 2 }))
    signs.read()
    await settle()
    expect(api.told).toEqual([])
  })

  it('clear the badge here when the lines were read elsewhere', () => {
    const { store, say } = setUp()
    const count = createUnreadCount()
    say('bot', 1)
    count(store.get(), true)
    say('agent', 2, 3)
    expect(count(store.get(), false)).toBe(2)
    store.update((talk) => withStatus(talk, { holder: 'agent', readSeq: 3 }))
    expect(count(store.get(), false)).toBe(0)
  })

  it('keep whether the bot may be rated until a whole status says otherwise', () => {
    const { store } = setUp()
    const set = (status: Parameters<typeof withStatus>[1]) => {
      store.update((talk) => withStatus(talk, status))
      return store.get().rateable
    }
    expect(set({ holder: 'bot', rateable: 1 })).toBe(1)
    expect(set({ processedSeq: 4 })).toBe(1)
    expect(set({ holder: 'bot', processedSeq: 4 })).toBeUndefined()
  })
})
