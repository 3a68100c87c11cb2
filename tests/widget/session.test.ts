import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSession } from '../../src/widget/panel/session.ts'
import { createMemoryStorage } from '../../src/widget/panel/storage.ts'
import { ScriptedApi, UNREACHABLE } from './scripted-api.ts'
import type { Storage } from '../../src/widget/panel/storage.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

const LONG_TOKEN = 'x'.repeat(64)

function setUp(storage: Storage = createMemoryStorage(), api = new ScriptedApi()) {
  const opened: string[] = []
  const session = createSession({
    api,
    storage,
    locale: 'zh-CN',
    random: () => 0,
    exclusively: (action) => action(),
    onOpened: ({ token }, renewed) => opened.push(`${token} ${renewed ? 'renewed' : 'first'}`),
  })
  return { api, session, opened, storage }
}

/** Tokens shorter than 16 characters are not taken back from the storage. */
function withLongTokens(api: ScriptedApi, ...names: readonly string[]): ScriptedApi {
  api.sessionScript = names.map((name) => ({
    token: `${name}-${LONG_TOKEN}`,
    conversationId: name,
    greeting: '您好',
    providerName: undefined,
    hotline: undefined,
  }))
  return api
}

describe('the session', () => {
  it('is opened once for all who ask at the same time', async () => {
    const { api, session, opened } = setUp()
    const tokens = await Promise.all([session.get(), session.get()])
    expect(tokens.map(({ token }) => token)).toEqual(['token-1', 'token-1'])
    expect(api.sessions).toBe(1)
    expect(opened).toEqual(['token-1 first'])
  })

  it('is kept over a reload', async () => {
    const first = setUp(createMemoryStorage(), withLongTokens(new ScriptedApi(), 'a'))
    await first.session.get()
    const second = setUp(first.storage)
    expect((await second.session.get()).conversationId).toBe('a')
    expect(second.api.sessions).toBe(0)
  })

  it('is not taken from a storage that was tampered with', async () => {
    const storage = createMemoryStorage()
    storage.write('posdesk.session', '{"token":"a\\nb","conversationId":"c"}')
    const { session } = setUp(storage)
    expect((await session.get()).token).toBe('token-1')
  })

  it('is renewed once however many calls are refused', async () => {
    const { api, session, opened } = setUp(createMemoryStorage(), withLongTokens(new ScriptedApi(), 'a', 'b'))
    const { token } = await session.get()
    const renewed = await Promise.all([session.renew(token), session.renew(token)])
    expect(renewed.map(({ conversationId }) => conversationId)).toEqual(['b', 'b'])
    expect((await session.renew(token)).conversationId).toBe('b')
    expect(api.sessions).toBe(2)
    expect(opened).toHaveLength(2)
    expect(session.isPresent(token)).toBe(false)
  })

  it('goes over to the one another tab has opened already', async () => {
    const shared = createMemoryStorage()
    const api = withLongTokens(new ScriptedApi(), 'a', 'b')
    const [one, two] = [setUp(shared, api), setUp(shared, api)]
    const { token } = await one.session.get()
    await two.session.get()
    await one.session.renew(token)
    expect((await two.session.renew(token)).conversationId).toBe('b')
    expect(api.sessions).toBe(2)
  })

  it('is asked for until it is there, at once when nudged', async () => {
    const { api, session } = setUp()
    api.sessionScript = [UNREACHABLE, { kind: 'later', afterMs: 7_000 }]
    const wanted = session.get()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(api.sessions).toBe(2)
    session.nudge()
    expect((await wanted).token).toBe('token-3')
  })

  it('becomes that of the merchant the shop vouches for, once for one merchant, and keeps it over a reload', async () => {
    const api = withLongTokens(new ScriptedApi(), 'anonymous', 'shop', 'shop')
    const { session, opened, storage } = setUp(createMemoryStorage(), api)
    await session.get()
    expect(await session.identify('jwt-1')).toBe(true)
    expect(await session.identify('jwt-2')).toBe(true)
    expect(api.identities).toEqual(['jwt-1', 'jwt-2'])
    expect(opened.map((line) => line.replace(LONG_TOKEN, ''))).toEqual(['anonymous- first', 'shop- renewed'])
    expect((await setUp(storage).session.get()).conversationId).toBe('shop')
  })

  it('stays as it is when the server does not believe the token, and tries again when it does not answer', async () => {
    const api = withLongTokens(new ScriptedApi(), 'anonymous')
    const { session } = setUp(createMemoryStorage(), api)
    await session.get()
    api.sessionScript = [{ kind: 'unauthorized' }]
    expect(await session.identify('forged')).toBe(false)
    expect((await session.get()).conversationId).toBe('anonymous')
    const again = withLongTokens(api, 'shop').sessionScript[0]
    api.sessionScript = [UNREACHABLE, ...(again === undefined ? [] : [again])]
    const identified = session.identify('jwt')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await identified).toBe(true)
    expect((await session.get()).conversationId).toBe('shop')
  })

  it('follows another tab that has become another merchant', async () => {
    const storage = createMemoryStorage()
    const first = setUp(storage, withLongTokens(new ScriptedApi(), 'anonymous', 'shop'))
    const second = setUp(storage)
    await first.session.get()
    await second.session.get()
    await first.session.identify('jwt')
    second.session.follow()
    second.session.follow()
    expect(second.opened.map((line) => line.replace(LONG_TOKEN, ''))).toEqual([
      'anonymous- first',
      'shop- renewed',
    ])
  })
})
