import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttachmentStore } from '../../src/app/picture-ports.ts'
import { AppError } from '../../src/core/errors.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { bytesOf, pictureId, pictureOf } from '../contracts/attachments.contract.ts'
import { FaultyFs } from './faulty-fs.ts'
import type { Call, Fate } from './faulty-fs.ts'
import { scratchFolder } from './scratch-folder.ts'

const clock = { now: () => 1_764_000_000_000 }
const MINUTE = 60_000

type Deed = (pictures: AttachmentStore) => Promise<unknown>

/** Two pictures brought, one of them sent; a third brought, sent and taken away; a fourth never sent. */
const DEEDS: readonly Deed[] = [
  ...[1, 2, 3, 4].map(
    (n): Deed =>
      (pictures) =>
        pictures.save(pictureOf(n), bytesOf(n)),
  ),
  (pictures) => pictures.markSent([pictureId(2), pictureId(3)]),
  (pictures) => pictures.remove(pictureId(3)),
  (pictures) => pictures.removeUnsent(pictureOf(2).savedAt),
]

describe('pictures on a disk whose calls fail', () => {
  const root = scratchFolder('posdesk-picture-faults-')
  const dir = join(root, 'store')
  let calls: readonly Call[]

  beforeAll(async () => {
    await (await openLowdbStore(dir, { clock })).close()
    const fs = new FaultyFs(() => 'works')
    await day(fs, 0)
    calls = fs.calls
  }, MINUTE)
  afterAll(() => rmSync(root, { recursive: true }))

  /** Does every deed, again after a refusal, at most `tries` times more. Gives the number of refusals. */
  async function day(fs: FaultyFs, tries: number): Promise<number> {
    for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) rmSync(join(entry.parentPath, entry.name))
    }
    let refused = 0
    const store = await untilOpen(fs, tries)
    for (const deed of DEEDS) {
      for (let left = tries; ; left -= 1) {
        try {
          await deed(store.attachments)
          break
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'unavailable' || left === 0) throw error
          refused += 1
        }
      }
    }
    await store.close()
    return refused
  }

  async function untilOpen(fs: FaultyFs, tries: number): Promise<Awaited<ReturnType<typeof openLowdbStore>>> {
    try {
      return await openLowdbStore(dir, { clock, fs })
    } catch (error) {
      if (tries === 0) throw error
      return openLowdbStore(dir, { clock, fs })
    }
  }

  async function expectWhole(what: string): Promise<void> {
    const store = await openLowdbStore(dir, { clock })
    const found = await Promise.all([1, 2, 3, 4].map((n) => store.attachments.read(pictureId(n))))
    expect(
      found.map((one, index) => one !== undefined && Buffer.from(one.data).equals(bytesOf(index + 1))),
      what,
    ).toEqual([false, true, false, true])
    // Sent stays sent: a sweep much later takes the fourth one only.
    expect(await store.attachments.removeUnsent(Number.MAX_SAFE_INTEGER), what).toBe(1)
    await store.close()
  }

  it('are as on any day when one call fails, whichever it is', { timeout: 5 * MINUTE }, async () => {
    let refused = 0
    for (let k = 1; k <= calls.length; k += 1) {
      const fates: Fate[] = [{ code: 'EIO' }, ...(calls[k - 1] === 'write' ? (['short'] as const) : [])]
      for (const fate of fates) {
        refused += await day(new FaultyFs((n) => (n === k ? fate : 'works')), 2)
        await expectWhole(`call ${k} (${calls[k - 1]}) ${JSON.stringify(fate)}`)
      }
    }
    expect(refused).toBeGreaterThan(20)
  })

  it('that were acknowledged survive a death at any call', { timeout: 5 * MINUTE }, async () => {
    for (let k = 1; k <= calls.length; k += 1) {
      const done: number[] = []
      const dying = new FaultyFs((n) => (n >= k ? { code: 'EIO' } : 'works'))
      await dayUntilDeath(dying, done)
      const store = await openLowdbStore(dir, { clock })
      for (const n of [2, 4].filter((one) => done.includes(one - 1))) {
        const found = await store.attachments.read(pictureId(n))
        expect(Buffer.from(found?.data ?? []).equals(bytesOf(n)), `picture ${n}, dead from call ${k}`).toBe(
          true,
        )
      }
      if (done.includes(4)) {
        await store.attachments.removeUnsent(Number.MAX_SAFE_INTEGER)
        expect(await store.attachments.find(pictureId(2)), `sent, dead from call ${k}`).toBeDefined()
      }
      if (done.includes(5))
        expect(await store.attachments.find(pictureId(3)), `dead from ${k}`).toBeUndefined()
      await store.close()
    }
  })

  /** Does deeds until one fails; notes in `done` the places of those that were acknowledged. */
  async function dayUntilDeath(fs: FaultyFs, done: number[]): Promise<void> {
    for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) rmSync(join(entry.parentPath, entry.name))
    }
    const store = await openLowdbStore(dir, { clock, fs }).catch(() => undefined)
    if (store === undefined) return
    try {
      for (const [index, deed] of DEEDS.entries()) {
        await deed(store.attachments)
        done.push(index)
      }
    } catch {
      // Dead from here on.
    }
    await store.close().catch(() => undefined)
  }
})
