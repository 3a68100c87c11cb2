import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { caseId, caseOf, clerkId, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { FaultyFs } from './faulty-fs.ts'
import { scratchFolder } from './scratch-folder.ts'
import { untilDone, type Deed } from './shop-day.ts'

const clock = { now: () => 1_764_000_000_000 }
const MINUTES = 60_000

const claim: Deed = {
  name: 'claim',
  async run(store) {
    await store.turn(shop(1), (current) => {
      if (current?.tickets[0]?.assignee !== undefined) return { result: 0 }
      const tickets = [caseOf(1, { status: 'claimed', assignee: clerkId(1) })]
      const conversation = { ...(current ?? quietTalk(shop(1), talkId(1))), tickets }
      const audit = { at: 1, agentId: clerkId(1), action: 'claim', ticketId: caseId(1) } as const
      return { conversation, audit, result: 0 }
    })
  },
}
const promotion: Deed = {
  name: 'staff.changed',
  async run(store) {
    await store.changeStaff(([lin]) => ({
      ...(lin?.role === 'agent' && { member: { ...lin, role: 'lead' } }),
      audit: { at: 2, agentId: clerkId(1), action: 'staff.changed', detail: clerkId(1) },
      result: 0,
    }))
  },
}

/** What has been done without a line in the audit trail. */
async function unwritten(store: Store): Promise<readonly string[]> {
  const done: string[] = []
  if ((await store.findTicket(caseId(1)))?.ticket.assignee !== undefined) done.push(claim.name)
  if ((await store.listStaff()).some(({ role }) => role === 'lead')) done.push(promotion.name)
  const { entries } = await store.listAudit({ limit: 50 })
  return done.filter((name) => !entries.some(({ action }) => action === name))
}

describe('what staff do while file calls fail', () => {
  const dir = join(scratchFolder('posdesk-audit-'), 'store')
  let calls = 0

  async function begin(fs: FaultyFs): Promise<Store> {
    const store = await openLowdbStore(dir, { clock, fs })
    await store.saveStaff({
      id: clerkId(1),
      email: 'lin@example.com',
      name: '林',
      role: 'agent',
      passwordHash: 'x',
      disabled: false,
      createdAt: 1,
    })
    await store.turn(shop(1), () => ({
      conversation: { ...quietTalk(shop(1), talkId(1)), tickets: [caseOf(1)] },
      result: 0,
    }))
    return store
  }
  const emptyFolder = (): void => {
    for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) rmSync(join(entry.parentPath, entry.name))
    }
  }

  beforeAll(async () => {
    const fs = new FaultyFs(() => 'works')
    const store = await begin(fs)
    const before = fs.calls.length
    for (const deed of [claim, promotion]) await deed.run(store)
    calls = fs.calls.length - before
    await store.close()
  }, MINUTES)
  afterAll(() => rmSync(join(dir, '..'), { recursive: true }), MINUTES)

  it(
    'never stands without its line in the audit trail, whichever call fails',
    async () => {
      expect(calls).toBeGreaterThan(10)
      let refused = 0
      for (let k = 1; k <= calls; k += 1) {
        emptyFolder()
        let left = Infinity
        const fs = new FaultyFs((_, call) => {
          left -= 1
          return left === 0 ? (call === 'write' && k % 2 === 0 ? 'short' : { code: 'EIO' }) : 'works'
        })
        const store = await begin(fs)
        let untilFailure = k
        for (const deed of [claim, promotion]) {
          left = untilFailure
          await deed.run(store).catch(() => (refused += 1))
          untilFailure = left
          left = Infinity
          expect(await unwritten(store), `call ${k}, ${deed.name}`).toEqual([])
          await untilDone(deed, store, 1)
        }
        expect(await unwritten(store)).toEqual([])
        await store.close()
        const again = await openLowdbStore(dir, { clock })
        expect((await again.findTicket(caseId(1)))?.ticket.assignee).toBe(clerkId(1))
        expect((await again.listStaff())[0]?.role).toBe('lead')
        expect(await unwritten(again)).toEqual([])
        await again.close()
      }
      expect(refused).toBeGreaterThan(8)
    },
    MINUTES,
  )
})
