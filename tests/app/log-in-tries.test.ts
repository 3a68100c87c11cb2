import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createIds } from '../../src/app/ids.ts'
import { LogIn } from '../../src/app/log-in.ts'
import { LogInTries, type Tryer } from '../../src/app/log-in-tries.ts'
import type { Store } from '../../src/app/ports.ts'
import { StaffSessions } from '../../src/app/staff-sessions.ts'
import { AppError } from '../../src/core/errors.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { addStaff, cheapPasswords, PASSWORD } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'

const MINUTE = 60_000
const HALF_HOUR = 30 * MINUTE
const stranger = (network: string, email = 'lin@posdesk.test'): Tryer => ({ email, network })

let clock: SteadyClock

beforeEach(() => {
  clock = new SteadyClock()
})

/** Charges a try; what is left to wait when it is refused. */
async function waitAfter(tries: LogInTries, tryer: Tryer): Promise<number> {
  try {
    await tries.charge(tryer)
    return 0
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'too_many') throw error
    return error.retryAfterMs ?? 0
  }
}

describe('wrong log-ins at a store that is opened again', () => {
  let dir: string
  let store: Store

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'posdesk-tries-'))
    store = await openLowdbStore(dir, { clock })
  })
  afterEach(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const restart = async (): Promise<void> => {
    await store.close()
    store = await openLowdbStore(dir, { clock })
  }
  const tries = (): LogInTries => new LogInTries(store, clock, 'secret')

  it('are still counted, for the account and for the network, until their time is over', async () => {
    for (let n = 0; n < 10; n += 1) {
      expect(await waitAfter(tries(), stranger(`198.51.100.${n}`))).toBe(0)
      await restart()
    }
    expect(await waitAfter(tries(), stranger('203.0.113.1'))).toBe(HALF_HOUR)
    for (let n = 0; n < 60; n += 1) {
      expect(await waitAfter(tries(), stranger('203.0.113.7', `${n}@posdesk.test`))).toBe(0)
    }
    await restart()
    expect(await waitAfter(tries(), stranger('203.0.113.7', 'new@posdesk.test'))).toBe(10 * MINUTE)
    clock.advance(HALF_HOUR - 1)
    expect(await waitAfter(tries(), stranger('203.0.113.1'))).toBe(1)
    expect(await waitAfter(tries(), stranger('203.0.113.7', 'new@posdesk.test'))).toBe(0)
    clock.advance(1)
    expect(await waitAfter(tries(), stranger('203.0.113.1'))).toBe(0)
  })

  it('of strangers keep nobody out who comes on a device that is known', async () => {
    const email = await addStaff(store, 'admin')
    const logIn = () =>
      new LogIn({
        store,
        clock,
        passwords: cheapPasswords,
        sessions: new StaffSessions(store, clock, createIds()),
        ids: createIds(),
        deviceSecret: 'device-secret',
      })
    const request = { email, network: '203.0.113.1', deviceMark: undefined, oldSessionId: undefined }
    const { deviceMark } = await logIn().run({ ...request, password: PASSWORD })
    for (let n = 0; n < 10; n += 1) {
      await expect(logIn().run({ ...request, password: 'wrong' })).rejects.toMatchObject({
        code: 'unauthorized',
      })
    }
    await restart()
    const right = { ...request, password: PASSWORD }
    await expect(logIn().run(right)).rejects.toMatchObject({ code: 'too_many' })
    expect((await logIn().run({ ...right, deviceMark })).member.email).toBe(email)
  })

  it('are stored without a name or an address', async () => {
    await tries().charge(stranger('203.0.113.1'))
    const text = await readFile(join(dir, 'log-in-tries.json'), 'utf8')
    expect(text).not.toMatch(/lin|203\.0/u)
    expect(JSON.stringify(text).match(/until/gu)).toHaveLength(2)
  })
})

describe('guessing', () => {
  it('10,000 times at one account from 200 networks is looked at ten times in any half hour', async () => {
    const tries = new LogInTries(new MemoryStore(), clock, 'secret')
    const checked: number[] = []
    const gaps = fc.sample(fc.nat(4_000), { numRuns: 10_000, seed: 20261126 })
    for (const [n, gap] of gaps.entries()) {
      clock.advance(gap)
      if ((await waitAfter(tries, stranger(`198.51.100.${n % 200}`))) === 0) checked.push(clock.now())
    }
    const most = checked.map((at) => checked.filter((other) => other >= at && other < at + HALF_HOUR).length)
    expect(Math.max(...most)).toBe(10)
    expect(checked.length).toBeGreaterThan(50)
  })

  it('one password at 5,000 accounts is looked at sixty times from one network', async () => {
    const tries = new LogInTries(new MemoryStore(), clock, 'secret')
    let checked = 0
    for (let n = 0; n < 5_000; n += 1) {
      if ((await waitAfter(tries, stranger('203.0.113.1', `${n}@posdesk.test`))) === 0) checked += 1
    }
    expect(checked).toBe(60)
  })

  it('at ever new names from ever new networks does not make the store forget a locked account', async () => {
    const store = new MemoryStore()
    const tries = new LogInTries(store, clock, 'secret')
    for (let n = 0; n < 10; n += 1) await tries.charge(stranger(`198.51.100.${n}`))
    for (let n = 0; n < 5_050; n += 1) {
      clock.advance(1)
      await tries.charge(stranger(`2001:db8:${n}::/64`, `${n}@posdesk.test`))
    }
    expect(await waitAfter(tries, stranger('203.0.113.1'))).toBe(HALF_HOUR - 5_050)
    expect(await store.changeTries((counts) => ({ result: counts.length }))).toBe(5_000)
  })
})

describe('a right password', () => {
  it('is not counted, however often', async () => {
    const store = new MemoryStore()
    const tries = new LogInTries(store, clock, 'secret')
    for (let n = 0; n < 100; n += 1) {
      await tries.charge(stranger('203.0.113.1'))
      await tries.giveBack(stranger('203.0.113.1'))
    }
    expect(await store.changeTries((counts) => ({ result: counts }))).toEqual([])
  })
})
