import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { AppError } from '../../src/core/errors.ts'
import type { TranscriptLine } from '../../src/core/transcript.ts'
import {
  caseOf,
  caseId,
  clerkId,
  quietTalk,
  shop,
  take,
  talkId,
  withMessage,
} from '../contracts/shop-talk.ts'

/** One thing done with a store. Doing it again after a failure must be harmless. */
export type Deed = { readonly name: string; run(store: Store): Promise<void> }

const LONG_TALK = 101

const message = (n: number, key: string): Deed => ({
  name: `shop ${n} writes ${key}`,
  async run(store) {
    await store.turn(shop(n), take(shop(n), talkId(n), key))
  },
})

const longTalk = (n: number): Deed => ({
  name: `shop ${n} brings a talk that is long enough to be split`,
  async run(store) {
    await store.turn(shop(n), (current) => {
      if (current !== undefined) return { result: 0 }
      let talk = quietTalk(shop(n), talkId(n))
      for (let i = 0; i < LONG_TALK; i += 1) talk = withMessage(talk, `long-${i}`)
      return { conversation: talk, result: 0 }
    })
  },
})

const nextTalk = (n: number, id: number): Deed => ({
  name: `shop ${n} begins conversation ${id}`,
  async run(store) {
    await store.turn(shop(n), (current) => {
      if (current?.id === talkId(id)) return { result: 0 }
      return { conversation: withMessage(quietTalk(shop(n), talkId(id), current), `m-${id}`), result: 0 }
    })
  },
})

const ticket = (n: number, status: 'open' | 'resolved'): Deed => ({
  name: `the case of shop ${n} is ${status}`,
  async run(store) {
    await store.turn(shop(n), (current) => {
      const talk = current ?? quietTalk(shop(n), talkId(n))
      return { conversation: { ...talk, tickets: [caseOf(n, { status })] }, result: 0 }
    })
  },
})

const together = (name: string, deeds: readonly Deed[]): Deed => ({
  name,
  async run(store) {
    const outcomes = await Promise.allSettled(deeds.map((deed) => deed.run(store)))
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  },
})

const clerk = {
  id: clerkId(1),
  email: 'lin@example.com',
  name: '林',
  role: 'agent',
  passwordHash: 'x',
} as const
const session = { agentId: clerkId(1), csrfToken: 'c5', createdAt: 1, lastSeenAt: 1_764_000_000_000 }

/** What a shop and its helpdesk do before the store is opened again, and after. */
export const MORNING: readonly Deed[] = [
  message(1, 'a1'),
  message(1, 'a2'),
  longTalk(2),
  message(2, 'b1'),
  nextTalk(1, 11),
  ticket(3, 'open'),
  together(
    'shops 4 to 6 write at once',
    [4, 5, 6].map((n) => message(n, 'c1')),
  ),
  {
    name: 'a clerk is made',
    run: (store) => store.saveStaff({ ...clerk, disabled: false, createdAt: 1 }),
  },
  { name: 'the clerk logs in', run: (store) => store.saveStaffSession({ ...session, idHash: 'morning' }) },
  { name: 'and again', run: (store) => store.saveStaffSession({ ...session, idHash: 'evening' }) },
  { name: 'and out', run: (store) => store.deleteStaffSession('morning') },
  {
    name: 'the clerk is made a lead',
    async run(store) {
      await store.changeStaff(([lin]) => ({
        ...(lin && { member: { ...lin, role: 'lead', logInEpoch: 1 } }),
        audit: { at: 1, agentId: clerkId(1), action: 'staff.changed' },
        result: undefined,
      }))
    },
  },
  {
    name: 'a password is mistyped',
    run: (store) =>
      store.changeTries(() => ({ counts: [{ key: 'k', tries: 1, until: 9 }], result: undefined })),
  },
  {
    name: 'a view is saved',
    async run(store) {
      const filters = { tab: 'open', priority: 'P1', q: '' } as const
      await store.changeViews(clerkId(1), () => [{ name: '急', filters }])
    },
  },
  {
    name: 'a secret is asked for',
    async run(store) {
      expect(await store.secret('widget', () => 'made once')).toBe('made once')
    },
  },
]
export const AFTERNOON: readonly Deed[] = [
  message(1, 'a3'),
  message(2, 'b2'),
  ticket(3, 'resolved'),
  message(4, 'c2'),
]

/** What can be read from a store. */
export type Account = ReadonlyMap<string, unknown>

/** Everything that can be read of these merchants. */
export async function accountOf(store: Store): Promise<Account> {
  const account = new Map<string, unknown>()
  for (const n of [1, 2, 3, 4, 5, 6]) {
    account.set(`conversation of shop ${n}`, await store.findCurrent(shop(n)))
    account.set(`lines of shop ${n}`, await store.readLines(shop(n), 0, 1000))
  }
  account.set('ticket', await store.findTicket(caseId(3)))
  account.set('tickets', await store.listTickets({ limit: 10 }))
  account.set('staff', await store.listStaff())
  account.set('tries', await store.changeTries((counts) => ({ result: counts })))
  account.set('views', await store.listViews(clerkId(1)))
  account.set('morning log-in', await store.findStaffSession('morning'))
  account.set('evening log-in', await store.findStaffSession('evening'))
  const ids = [1, 2, 3, 4, 5, 6, 11].map(talkId)
  const talks = await Promise.all(ids.map((id) => store.findConversation(id)))
  const { conversations } = await store.counts()
  expect(conversations).toBe(talks.filter((talk) => talk !== undefined).length)
  return account
}

/** What in `found` is told by none of the `allowed` accounts. */
export function contradictions(found: Account, allowed: readonly Account[]): readonly string[] {
  return [...found].flatMap(([what, told]) => {
    if (allowed.some((account) => isDeepStrictEqual(account.get(what), told))) return []
    const text = JSON.stringify(told) ?? 'absent'
    return [`${what}: ${text.slice(0, 300)} … ${text.slice(-200)}`]
  })
}

/** The words of the merchant in these lines. */
export function saidIn(lines: readonly TranscriptLine[]): readonly string[] {
  return lines.filter(({ author }) => author === 'merchant').map(({ text }) => text)
}

/** Does a deed again, as a client would, until it is acknowledged; a refusal must be one to try again after. */
export async function untilDone(deed: Deed, store: Store, tries: number): Promise<number> {
  for (let refused = 0; ; refused += 1) {
    try {
      await deed.run(store)
      return refused
    } catch (error) {
      if (!(error instanceof AppError) || refused >= tries) throw error
      expect(error).toMatchObject({ code: 'unavailable' })
      expect(error.retryAfterMs).toBeGreaterThan(0)
    }
  }
}
