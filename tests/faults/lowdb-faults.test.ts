import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { AppError } from '../../src/core/errors.ts'
import type { DurableFs } from '../../src/store/lowdb/durable-fs.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { shop, take, talkId } from '../contracts/shop-talk.ts'
import { FaultyFs } from './faulty-fs.ts'
import type { Call, Fate } from './faulty-fs.ts'
import { scratchFolder } from './scratch-folder.ts'
import { AFTERNOON, MORNING, accountOf, contradictions, untilDone } from './shop-day.ts'
import type { Account, Deed } from './shop-day.ts'

const clock = { now: () => 1_764_000_000_000 }
const CODES = ['EIO', 'ENOSPC', 'EINTR'] as const
// A pull request tries one error at each call; nightly every error at each call.
const EVERY_ERROR = Number(process.env['POSDESK_FAULT_ROUNDS'] ?? 0) > 0
const MINUTES = 60_000

describe('a day at a store whose file calls fail', () => {
  const root = scratchFolder('posdesk-faults-')
  const dir = join(root, 'days')
  let expected: Account
  let calls: readonly Call[]

  beforeAll(async () => {
    await (await openLowdbStore(dir, { clock })).close()
    const fs = new FaultyFs(() => 'works')
    const day = await wholeDay(emptyFolder(), fs, 0)
    expected = day.account
    calls = fs.calls
  }, MINUTES)
  afterAll(() => rmSync(root, { recursive: true }), MINUTES)

  /** The same folder, with nothing in it but its subfolders, which take longest to make. */
  const emptyFolder = (): string => {
    for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) rmSync(join(entry.parentPath, entry.name))
    }
    return dir
  }

  const faultsAt = (k: number): readonly Fate[] => {
    const codes = EVERY_ERROR ? CODES : [CODES[k % CODES.length] ?? 'EIO']
    const short: readonly Fate[] = calls[k - 1] === 'write' ? ['short'] : []
    return [...codes.map((code) => ({ code })), ...short]
  }

  it('has every kind of call to fail', () => {
    expect(new Set(calls)).toEqual(
      new Set(['create', 'openToAppend', 'write', 'datasync', 'close', 'rename', 'syncFolder', 'read']),
    )
    expect(calls.length).toBeGreaterThan(120)
  })

  it('ends as any day when one call fails, whichever it is', { timeout: 20 * MINUTES }, async () => {
    let refused = 0
    for (let k = 1; k <= calls.length; k += 1) {
      for (const fate of faultsAt(k)) {
        emptyFolder()
        const day = await wholeDay(dir, new FaultyFs((n) => (n === k ? fate : 'works')), 1)
        expect(
          contradictions(day.account, [expected]),
          `call ${k} (${calls[k - 1]}) ${JSON.stringify(fate)}`,
        ).toEqual([])
        expect(temporaryIn(dir)).toEqual([])
        refused += day.refused
      }
    }
    expect(refused).toBeGreaterThan(100)
  })

  it('ends as any day when a call and the clearing up after it fail', { timeout: 20 * MINUTES }, async () => {
    for (let k = 1; k <= calls.length; k += EVERY_ERROR ? 1 : 6) {
      emptyFolder()
      const fs = new FaultyFs((n, call) =>
        n === k || (n > k && n < k + 4 && call === 'unlink') ? { code: 'EIO' } : 'works',
      )
      const day = await wholeDay(dir, fs, 1)
      expect(contradictions(day.account, [expected]), `call ${k} (${calls[k - 1]})`).toEqual([])
      expect(temporaryIn(dir)).toEqual([])
    }
  })

  it('heals without a restart when a full disk gets room again', { timeout: 20 * MINUTES }, async () => {
    for (let k = 1; k <= calls.length; k += EVERY_ERROR ? 1 : 8) {
      emptyFolder()
      const full = (n: number, call: Call): Fate => {
        if (n < k || n > k + 24) return 'works'
        if (call === 'write') return n % 2 === 0 ? 'short' : { code: 'ENOSPC' }
        return call === 'create' || call === 'makeFolder' ? { code: 'ENOSPC' } : 'works'
      }
      const day = await wholeDay(dir, new FaultyFs(full), 30)
      expect(contradictions(day.account, [expected]), `full from call ${k}`).toEqual([])
      expect(temporaryIn(dir)).toEqual([])
    }
  })

  it('loses nothing acknowledged when the process dies at a call', { timeout: 20 * MINUTES }, async () => {
    for (let k = 1; k <= calls.length; k += EVERY_ERROR ? 1 : 3) {
      emptyFolder()
      const done: Deed[] = []
      const dying = new FaultyFs((n) => (n >= k ? { code: 'EIO' } : 'works'))
      await dayUntilDeath(dir, dying, done)
      const store = await openLowdbStore(dir, { clock })
      const found = await accountOf(store)
      const wanted = await accountsAfter(done)
      expect(
        contradictions(found, wanted),
        `dead from call ${k} (${calls[k - 1]}) after ${done.at(-1)?.name}`,
      ).toEqual([])
      await store.close()
    }
  })

  const states: Account[] = []
  /** The accounts allowed after these deeds: exactly that, or with the next deed done, which nobody acknowledged. */
  const accountsAfter = async (done: readonly Deed[]): Promise<readonly Account[]> => {
    const deeds = [...MORNING, ...AFTERNOON]
    if (states.length === 0) {
      const store = await openLowdbStore(join(root, 'model'), { clock })
      states.push(await accountOf(store))
      for (const deed of deeds) {
        await deed.run(store)
        states.push(await accountOf(store))
      }
      await store.close()
    }
    return [done.length, done.length + 1].map((n) => states[Math.min(n, deeds.length)] ?? new Map())
  }

  it('shows nobody a turn that was refused', async () => {
    for (const call of ['create', 'write', 'datasync', 'rename', 'syncFolder'] as const) {
      let failing = false
      const fs = new FaultyFs((_, met) => (failing && met === call ? { code: 'EIO' } : 'works'))
      const store = await openLowdbStore(emptyFolder(), { clock, fs })
      await store.turn(shop(1), take(shop(1), talkId(1), 'm1'))
      const before = await store.findCurrent(shop(1))
      failing = true
      await expect(store.turn(shop(1), take(shop(1), talkId(1), 'm2'))).rejects.toMatchObject({
        code: 'unavailable',
      })
      await expect(store.turn(shop(2), take(shop(2), talkId(2), 'm1'))).rejects.toBeInstanceOf(AppError)
      expect(await store.findCurrent(shop(1)), call).toEqual(before)
      expect(await store.readLines(shop(1), 0, 10)).toHaveLength(2)
      expect(await store.findConversation(talkId(2))).toBeUndefined()
      expect(await store.counts()).toEqual({ conversations: 1, openTickets: 0 })
      failing = false
      await store.turn(shop(1), take(shop(1), talkId(1), 'm3'))
      const keys = (await store.findCurrent(shop(1)))?.dedupe.map(({ key }) => key)
      // A write that reached its file before the sync of the folder failed is taken up, never forked.
      expect(keys).toEqual(call === 'syncFolder' ? ['m1', 'm2', 'm3'] : ['m1', 'm3'])
      await store.close()
    }
  })

  it('opens at the second try when making the folder fails at first', { timeout: MINUTES }, async () => {
    const counting = new FaultyFs(() => 'works')
    await (await openLowdbStore(join(root, 'first'), { clock, fs: counting })).close()
    const tried = counting.calls.flatMap((call, at) =>
      call === 'makeFolder' && at > 5 && at % 40 > 0 ? [] : [at + 1],
    )
    for (const k of tried) {
      const dir = join(root, `first-${k}`)
      const fs = new FaultyFs((n) => (n === k ? { code: 'ENOSPC' } : 'works'))
      await openLowdbStore(dir, { clock, fs })
        .then((store) => store.close())
        .catch((error: unknown) => expect(error).toMatchObject({ code: 'unavailable' }))
      const store = await openLowdbStore(dir, { clock })
      await store.turn(shop(1), take(shop(1), talkId(1), 'm1'))
      await store.close()
    }
  })
})

/** A whole day with one reopening at noon and one at night; what fails is done again. */
async function wholeDay(
  dir: string,
  fs: DurableFs,
  tries: number,
): Promise<{ account: Account; refused: number }> {
  let refused = 0
  for (const deeds of [MORNING, AFTERNOON]) {
    const store = await openAtLast(dir, fs, tries)
    for (const deed of deeds) refused += await untilDone(deed, store, tries)
    await store.close()
  }
  const store = await openLowdbStore(dir, { clock })
  const account = await accountOf(store)
  await store.close()
  return { account, refused }
}

async function openAtLast(dir: string, fs: DurableFs, tries: number): Promise<Store> {
  for (let refused = 0; ; refused += 1) {
    try {
      return await openLowdbStore(dir, { clock, fs })
    } catch (error) {
      if (refused >= tries) throw error
      expect(error).toMatchObject({ code: 'unavailable' })
    }
  }
}

/** A day that goes on until something fails; `done` gets what was acknowledged. */
async function dayUntilDeath(dir: string, fs: DurableFs, done: Deed[]): Promise<void> {
  for (const deeds of [MORNING, AFTERNOON]) {
    const store = await openLowdbStore(dir, { clock, fs }).catch(() => undefined)
    if (store === undefined) return
    try {
      for (const deed of deeds) {
        await deed.run(store)
        done.push(deed)
      }
    } catch {
      return
    } finally {
      await store.close()
    }
  }
}

function temporaryIn(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))
}
