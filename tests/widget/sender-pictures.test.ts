import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBringPictures } from '../../src/widget/panel/bring-pictures.ts'
import { createPictureBox } from '../../src/widget/panel/picture-box.ts'
import { createSender } from '../../src/widget/panel/sender.ts'
import { createMemoryStorage } from '../../src/widget/panel/storage.ts'
import { createTalkStore } from '../../src/widget/panel/talk-store.ts'
import { createUnsent } from '../../src/widget/panel/unsent.ts'
import { fixedSession, ScriptedApi, UNAUTHORIZED, UNREACHABLE } from './scripted-api.ts'
import { UploadServer } from './upload-server.ts'
import type { OutgoingPicture } from '../../src/widget/panel/wire.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 25) }))
afterEach(() => void vi.useRealTimers())

function setUp(storage = createMemoryStorage()) {
  const api = new ScriptedApi()
  const store = createTalkStore()
  const unsent = createUnsent(storage)
  const session = fixedSession()
  const box = createPictureBox(() => {
    throw new Error('no database here')
  })
  const server = new UploadServer()
  const bring = createBringPictures({ box, upload: server.upload })
  let ids = 0
  const makeId = () => `m${String((ids += 1))}`
  const deps = { api, session, store, unsent, box, bring, makeId, random: () => 0, now: () => Date.now() }
  const show = (sender: ReturnType<typeof createSender>, ...names: string[]) => {
    for (const name of names) box.put(name, new Blob([name]))
    const pictures = names.map((key): OutgoingPicture => ({ key, width: 4, height: 3 }))
    sender.send({ kind: 'text', text: '', pictures }, 0)
  }
  const states = () =>
    store.get().outgoing.map(({ id, state, problem = '' }) => `${id} ${state} ${problem}`.trim())
  const idsSent = () =>
    api.posts.map(({ content }) =>
      content.kind === 'text' ? (content.pictures ?? []).map(({ attachmentId }) => attachmentId) : [],
    )
  return {
    api,
    store,
    unsent,
    session,
    storage,
    box,
    server,
    start: () => createSender(deps),
    show,
    states,
    idsSent,
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

describe('the sender with pictures', () => {
  it('uploads them one after another, then posts, then forgets their bytes', async () => {
    const { server, box, start, show, states, idsSent } = setUp()
    show(start(), 'a', 'b')
    await settle()
    expect(server.uploads).toEqual(['token-1 a', 'token-1 b'])
    expect(idsSent()).toEqual([['picture1', 'picture2']])
    expect(states()).toEqual(['m1 stored'])
    expect(await box.get('a')).toBeUndefined()
  })

  it('tells how far it is, over all pictures of the message', async () => {
    const { store, start, show } = setUp()
    const seen: (number | undefined)[] = []
    store.subscribe(() => seen.push(store.get().outgoing[0]?.progress))
    show(start(), 'a', 'b')
    await settle()
    expect(seen.filter((one, index) => one !== seen[index - 1])).toEqual([0, 25, 50, 75, undefined])
  })

  it('goes on where a broken line stopped it, without uploading again what is there', async () => {
    const { server, start, show, states, idsSent } = setUp()
    server.script = [{ kind: 'ok', value: 'first' }, UNREACHABLE, UNREACHABLE]
    show(start(), 'a', 'b')
    await settle()
    expect(states()).toEqual(['m1 delayed'])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(server.uploads).toEqual(['token-1 a', 'token-1 b', 'token-1 b', 'token-1 b'])
    expect(idsSent()).toEqual([['first', 'picture4']])
  })

  it('goes on after a reload with the bytes that are still there', async () => {
    const first = setUp()
    first.server.script = [{ kind: 'ok', value: 'first' }, UNREACHABLE]
    first.show(first.start(), 'a', 'b')
    await settle()
    const second = setUp(first.storage)
    second.box.put('b', new Blob(['b']))
    second.start()
    await settle()
    expect(second.server.uploads).toEqual(['token-1 b'])
    expect(second.idsSent()).toEqual([['first', 'picture1']])
    expect(second.states()).toEqual(['m1 stored'])
  })

  it('says so when the bytes are gone, and lets the next message through', async () => {
    const { box, start, show, states } = setUp()
    const sender = start()
    show(sender, 'a')
    box.remove('a')
    sender.send({ kind: 'text', text: '二' }, 0)
    await settle()
    expect(states()).toEqual(['m1 failed gone', 'm2 stored'])
  })

  it.each([
    [413, 'large'],
    [415, 'type'],
    [400, 'broken'],
  ])('says why the server refuses one with %i: %s', async (status, problem) => {
    const { server, api, start, show, states } = setUp()
    server.script = [{ kind: 'refused', detail: 'whatever', status }]
    show(start(), 'a')
    await settle()
    expect(states()).toEqual([`m1 failed ${problem}`])
    expect(api.posts).toEqual([])
  })

  it('sets a message aside that is past the hour’s quota, and waits out a short refusal', async () => {
    const { server, start, show, states } = setUp()
    server.script = [
      { kind: 'later', afterMs: 3_000_000 },
      { kind: 'later', afterMs: 2_000 },
    ]
    const sender = start()
    show(sender, 'a')
    show(sender, 'b')
    await settle()
    expect(states()).toEqual(['m1 failed quota', 'm2 sending'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(states()).toEqual(['m1 failed quota', 'm2 stored'])
    sender.retry('m1')
    await settle()
    expect(states()).toEqual(['m1 stored', 'm2 stored'])
  })

  it('is cancelled at once, even while a picture is on its way, and the next goes on', async () => {
    const { server, unsent, box, start, show, states } = setUp()
    server.script = ['wait']
    const sender = start()
    show(sender, 'a')
    show(sender, 'b')
    await settle()
    expect(states()).toEqual(['m1 sending', 'm2 waiting'])
    sender.discard('m1')
    await settle()
    expect(states()).toEqual(['m2 stored'])
    expect(unsent.load()).toEqual([])
    expect(await box.get('a')).toBeUndefined()
  })

  it('uploads once more what the server has let go meanwhile, but not for ever', async () => {
    const { api, server, box, start, show, states, idsSent } = setUp()
    api.postScript = [
      { kind: 'refused', detail: 'no picture', status: 400 },
      { kind: 'refused', detail: 'no picture', status: 400 },
    ]
    show(start(), 'a')
    await settle()
    expect(server.uploads).toHaveLength(2)
    expect(idsSent()).toEqual([['picture1'], ['picture2']])
    expect(states()).toEqual(['m1 failed no picture'])
    expect(await box.get('a')).toBeDefined()
  })

  it('uploads under a new session when the old one is gone', async () => {
    const { server, start, show, states } = setUp()
    server.script = [UNAUTHORIZED]
    show(start(), 'a')
    await settle()
    expect(server.uploads).toEqual(['token-1 a', 'token-2 a'])
    expect(states()).toEqual(['m1 stored'])
  })
})
