import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SavedView, StaffMember, StaffSession, Store, TicketQuery } from '../../src/app/ports.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { conversationId, ticketId } from '../../src/core/ids.ts'
import { claimEntry, recordOutcome } from '../../src/core/outbox-lane.ts'
import type { Author } from '../../src/core/transcript.ts'
import { afterLines, pushed } from '../fixtures/push-talk.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { caseId, caseOf, clerkId, quietTalk, shop, take, talkId, withMessage } from './shop-talk.ts'

/** A store to be tested: `reopen` closes it and opens what it kept, `cleanup` leaves nothing behind. */
export type OpenedStore = { store: Store; reopen(): Promise<Store>; cleanup(): Promise<void> }

/** What every store promises, run over one of them. */
export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the contract of a store`, () => {
    let opened: OpenedStore
    let store: Store

    beforeEach(async () => {
      opened = await open()
      store = opened.store
    })
    afterEach(() => opened.cleanup())

    const talk = async (n: number, ...keys: string[]): Promise<void> => {
      for (const key of keys) await store.turn(shop(n), take(shop(n), talkId(n), key))
    }
    const openCase = (n: number, parts: Partial<Ticket> = {}): Promise<unknown> =>
      store.turn(shop(n), (current) => {
        const base = current ?? quietTalk(shop(n), talkId(n))
        const tickets = [...base.tickets.filter(({ id }) => id !== caseId(n)), caseOf(n, parts)]
        return { conversation: { ...withMessage(base, `case-${n}-${tickets.length}`), tickets }, result: n }
      })
    const numbers = async (query: Partial<TicketQuery>): Promise<readonly string[]> =>
      (await store.listTickets({ limit: 50, ...query })).rows.map(({ ticket }) => ticket.number)

    describe('turn', () => {
      it('gives a merchant who never wrote nothing to decide on', async () => {
        const seen = await store.turn(shop(1), (current) => ({ result: current }))
        expect(seen).toBeUndefined()
        expect(await store.findCurrent(shop(1))).toBeUndefined()
      })

      it('finds what is due, most overdue first, also after a reopening, and no more once nothing is', async () => {
        const due = (n: number, at?: number): Promise<unknown> =>
          store.turn(shop(n), (current) => ({
            conversation: {
              ...withMessage(current ?? quietTalk(shop(n), talkId(n)), `due-${n}-${at}`),
              deadlines: at === undefined ? [] : [{ kind: 'merchant_silent', at }],
            },
            result: n,
          }))
        await due(1, 2_000)
        await due(2, 1_000)
        await due(3, 9_000)
        const found = async (now: number): Promise<readonly string[]> =>
          (await store.findDue(now, 10)).map(({ merchantKey }) => merchantKey)
        expect(await found(999)).toEqual([])
        expect(await found(5_000)).toEqual(['shop-2', 'shop-1'])
        store = await opened.reopen()
        expect(await found(5_000)).toEqual(['shop-2', 'shop-1'])
        await due(2)
        expect(await found(5_000)).toEqual(['shop-1'])
        expect(await store.findDue(10_000, 1)).toHaveLength(1)
      })

      it('finds what is to be sent on a channel, the most overdue first, over a reopening', async () => {
        const say = (n: number, now: number, ...authors: readonly Author[]): Promise<unknown> =>
          store.turn(pushed(n), (current) => ({
            conversation: afterLines(current, pushed(n), n, authors, now),
            result: n,
          }))
        const change = (n: number, decide: (current: Conversation) => Conversation): Promise<unknown> =>
          store.turn(pushed(n), (current) => ({ conversation: decide(current ?? fail()), result: n }))
        const found = async (now: number, limit = 10): Promise<readonly string[]> =>
          (await store.findOutgoing('slack', now, limit)).map(({ merchantKey }) => merchantKey)
        await say(1, 2_000, 'agent', 'agent')
        await say(2, 1_000, 'agent')
        await say(3, 9_000, 'agent')
        await say(4, 1_000, 'merchant')
        expect(await found(999)).toEqual([])
        expect(await found(5_000)).toEqual(['shop-2', 'shop-1'])
        expect(await found(5_000, 1)).toEqual(['shop-2'])
        expect(await store.findOutgoing('wechat', 5_000, 10)).toEqual([])
        await change(1, (current) => claimEntry(current, 1))
        await change(2, (current) =>
          recordOutcome(claimEntry(current, 1), 1, { kind: 'sent' }, { now: 1, random: 0 }),
        )
        store = await opened.reopen()
        expect(await found(5_000)).toEqual(['shop-1'])
        expect(await store.findUnsent(10)).toEqual(expect.arrayContaining([talkId(1), talkId(3)]))
        expect(await store.findUnsent(10)).toHaveLength(2)
        expect(await store.findUnsent(1)).toHaveLength(1)
        expect(await store.deliveryCounts(5_000)).toEqual({ outgoing: 2, overdueMs: 3_000, unsent: 3 })
        expect((await store.findConversation(talkId(1)))?.outbox?.map(({ state }) => state)).toEqual([
          'sending',
          'queued',
        ])
        expect(await store.findDue(1e15, 10)).toEqual([])
      })

      it('counts the queue by urgency, then age, and tells the figures', async () => {
        await openCase(1, { priority: 'P3' })
        await openCase(2, { priority: 'P1' })
        await openCase(3, { priority: 'P3', status: 'claimed', assignee: clerkId(1) })
        await openCase(4, { priority: 'P3' })
        const places = await Promise.all([1, 2, 3, 4, 9].map((n) => store.queuePosition(caseId(n))))
        expect(places).toEqual([2, 1, undefined, 3, undefined])
        const { createdAt } = caseOf(2)
        await openCase(2, { status: 'resolved', answeredAt: createdAt + 120_000, resolvedAt: createdAt + 1 })
        await store.turn(shop(5), () => ({
          conversation: {
            ...withMessage(quietTalk(shop(5), talkId(5)), 'm'),
            solved: 2,
            ratings: [{ score: 4, at: 1 }],
          },
          result: 5,
        }))
        const figures = {
          open: { P1: 0, P2: 0, P3: 3, P4: 0 },
          answerMinutes: [2],
          resolvedByStaff: 1,
          solvedByBot: 2,
          byReason: { tree_exhausted: 4 },
          scores: [4],
        }
        expect(await store.figures()).toEqual(figures)
        const answers = [{ at: createdAt + 120_000, minutes: 2 }]
        expect(await store.recentAnswers(5)).toEqual(answers)
        store = await opened.reopen()
        expect(await store.recentAnswers(5)).toEqual(answers)
        expect(await store.figures()).toEqual(figures)
      })

      it('keeps the audit trail, newest first, over a reopening, in pages', async () => {
        const entry = (at: number): Parameters<Store['appendAudit']>[0] => ({
          at,
          agentId: clerkId(1),
          action: 'look',
          ticketId: caseId(1),
        })
        for (const at of [1, 2]) await store.appendAudit(entry(at))
        store = await opened.reopen()
        await Promise.all([3, 4, 5].map((at) => store.appendAudit(entry(at))))
        const first = await store.listAudit({ limit: 3 })
        expect(first.entries).toEqual([entry(5), entry(4), entry(3)])
        const rest = await store.listAudit({ limit: 3, after: first.next ?? '' })
        expect(rest).toEqual({ entries: [entry(2), entry(1)] })
        await expect(store.listAudit({ limit: 3, after: 'x' })).rejects.toMatchObject({ code: 'invalid' })
      })

      it('keeps exactly the conversation that was decided, over a reopening', async () => {
        const decided = { ...withMessage(quietTalk(shop(1), talkId(1)), 'm1'), tickets: [caseOf(1)] }
        await store.turn(shop(1), () => ({ conversation: decided, result: 'done' }))
        expect(await store.findCurrent(shop(1))).toEqual(decided)
        store = await opened.reopen()
        expect(await store.findCurrent(shop(1))).toEqual(decided)
        expect(await store.findConversation(talkId(1))).toEqual(decided)
        const seen = await store.turn(shop(1), (current) => ({ result: current }))
        expect(seen).toEqual(decided)
      })

      it('runs the turns of one merchant one at a time, in order of the calls', async () => {
        const keys = Array.from({ length: 40 }, (_, n) => `m${n}`)
        const taken = await Promise.all(keys.map((key) => store.turn(shop(1), take(shop(1), talkId(1), key))))
        expect(taken.map(({ seq }) => seq)).toEqual(keys.map((_, n) => 2 * n + 1))
        const lines = await store.readTranscript(talkId(1))
        expect(lines.filter(({ author }) => author === 'merchant').map(({ text }) => text)).toEqual(keys)
      })

      it('refuses the 51st waiting turn of a merchant and takes the others', async () => {
        const outcomes = await Promise.allSettled(
          Array.from({ length: 60 }, (_, n) => store.turn(shop(1), take(shop(1), talkId(1), `m${n}`))),
        )
        const refused = outcomes.filter(({ status }) => status === 'rejected')
        expect(refused).toHaveLength(9)
        for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: 'too_many' } })
        expect(await store.readTranscript(talkId(1))).toHaveLength(2 * 51)
        await talk(1, 'later')
        expect(await store.readTranscript(talkId(1))).toHaveLength(2 * 52)
      })

      it('writes nothing when the decision throws, and passes the error on', async () => {
        await talk(1, 'm1')
        const before = await store.findCurrent(shop(1))
        const wrong = new Error('no such step')
        await expect(
          store.turn(shop(1), () => {
            throw wrong
          }),
        ).rejects.toBe(wrong)
        expect(await store.findCurrent(shop(1))).toEqual(before)
        await talk(1, 'm2')
        expect(await store.readTranscript(talkId(1))).toHaveLength(4)
      })

      it('writes the audit line of a change, and none when nothing changes', async () => {
        await talk(1, 'm1')
        const audit = { at: 1, agentId: clerkId(1), action: 'claim', ticketId: caseId(1) } as const
        await store.turn(shop(1), () => ({ audit, result: 0 }))
        expect(await store.listAudit({ limit: 5 })).toEqual({ entries: [] })
        await store.turn(shop(1), take(shop(1), talkId(1), 'm1'))
        await store.turn(shop(1), (current) => ({
          ...(current && { conversation: withMessage(current, 'm2') }),
          audit,
          result: 0,
        }))
        store = await opened.reopen()
        expect(await store.listAudit({ limit: 5 })).toEqual({ entries: [audit] })
      })

      it('writes nothing when nothing was decided', async () => {
        await talk(1, 'm1')
        const before = await store.findCurrent(shop(1))
        expect(await store.turn(shop(1), take(shop(1), talkId(1), 'm1'))).toEqual({ seq: 1, repeated: true })
        expect(await store.findCurrent(shop(1))).toEqual(before)
      })

      it('still knows the dedupe keys after a reopening', async () => {
        await talk(1, 'm1', 'm2')
        store = await opened.reopen()
        expect(await store.turn(shop(1), take(shop(1), talkId(1), 'm2'))).toEqual({ seq: 3, repeated: true })
      })

      it('keeps merchants of the same key on different channels apart', async () => {
        const [web, slack] = [shop(1), { channel: 'slack', merchantKey: 'shop-1' } as const]
        await store.turn(web, take(web, talkId(1), 'm1'))
        await store.turn(slack, take(slack, talkId(2), 'm1'))
        expect((await store.findCurrent(web))?.id).toBe(talkId(1))
        expect((await store.findCurrent(slack))?.id).toBe(talkId(2))
      })

      it('refuses a conversation of somebody else, and an id that is taken', async () => {
        await talk(1, 'm1')
        const foreign = withMessage(quietTalk(shop(1), talkId(9)), 'm1')
        await expect(store.turn(shop(2), () => ({ conversation: foreign, result: 0 }))).rejects.toMatchObject(
          { code: 'internal' },
        )
        const taken = withMessage(quietTalk(shop(2), talkId(1)), 'm1')
        await expect(store.turn(shop(2), () => ({ conversation: taken, result: 0 }))).rejects.toMatchObject({
          code: 'conflict',
        })
        expect(await store.findCurrent(shop(2))).toBeUndefined()
        expect((await store.findConversation(talkId(1)))?.merchantKey).toBe('shop-1')
      })

      it.each(['../../../../etc/passwd', '', 'x'.repeat(26).toUpperCase(), '__proto__'])(
        'refuses the id %j',
        async (id) => {
          const bad = withMessage(quietTalk(shop(1), conversationId(id)), 'm1')
          await expect(store.turn(shop(1), () => ({ conversation: bad, result: 0 }))).rejects.toMatchObject({
            code: 'internal',
          })
          expect(await store.findConversation(conversationId(id))).toBeUndefined()
          expect(await store.readTranscript(conversationId(id))).toEqual([])
          expect(await store.findTicket(ticketId(id))).toBeUndefined()
        },
      )
    })

    describe('transcripts', () => {
      it('reads a long one whole, in order, over a reopening, while turns see its newest lines', async () => {
        const keys = Array.from({ length: 180 }, (_, n) => `m${n}`)
        await talk(1, ...keys)
        const wanted = Array.from({ length: 360 }, (_, n) => n + 1)
        expect((await store.readTranscript(talkId(1))).map(({ seq }) => seq)).toEqual(wanted)
        store = await opened.reopen()
        const lines = await store.readTranscript(talkId(1))
        expect(lines.map(({ seq }) => seq)).toEqual(wanted)
        expect(lines.filter(({ author }) => author === 'merchant').map(({ text }) => text)).toEqual(keys)
        const current = await store.findCurrent(shop(1))
        expect(current?.transcript.at(-1)).toEqual(lines.at(-1))
        await talk(1, 'm180')
        expect((await store.readTranscript(talkId(1))).at(-2)?.text).toBe('m180')
      })

      it('gives lines after a seq, at most as many as wanted', async () => {
        await talk(1, ...Array.from({ length: 150 }, (_, n) => `m${n}`))
        const read = async (after: number, limit: number): Promise<readonly number[]> =>
          (await store.readLines(shop(1), after, limit)).map(({ seq }) => seq)
        expect(await read(0, 3)).toEqual([1, 2, 3])
        expect(await read(99, 4)).toEqual([100, 101, 102, 103])
        expect(await read(298, 100)).toEqual([299, 300])
        expect(await read(300, 100)).toEqual([])
        expect(await read(0, 1000)).toHaveLength(300)
        expect(await read(0, 0)).toEqual([])
        expect(await store.readLines(shop(2), 0, 10)).toEqual([])
      })

      it('puts the lines of all conversations of a merchant together', async () => {
        await talk(1, 'a1', 'a2')
        for (const n of [2, 3]) {
          await store.turn(shop(1), (current) => ({
            conversation: withMessage(quietTalk(shop(1), talkId(n), current), `b${n}`),
            result: 0,
          }))
        }
        store = await opened.reopen()
        const read = async (after: number): Promise<readonly number[]> =>
          (await store.readLines(shop(1), after, 100)).map(({ seq }) => seq)
        expect(await read(0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
        expect(await read(3)).toEqual([4, 5, 6, 7, 8])
        expect(await read(6)).toEqual([7, 8])
        expect((await store.findCurrent(shop(1)))?.id).toBe(talkId(3))
        expect(await store.readTranscript(talkId(1))).toHaveLength(4)
        expect(await store.counts()).toEqual({ conversations: 3, openTickets: 0 })
      })
    })

    describe('the history of a merchant', () => {
      it('goes back page by page, newest first, and refuses a cursor of somebody else', async () => {
        await talk(9, 'other')
        for (const n of [1, 2, 3, 4, 5]) {
          await store.turn(shop(1), (current) => ({
            conversation: withMessage(quietTalk(shop(1), talkId(n), current), `b${n}`),
            result: 0,
          }))
        }
        store = await opened.reopen()
        const pages: string[][] = []
        for (let after: string | undefined; pages.length < 9;) {
          const page = await store.listConversations(shop(1), { limit: 2, ...(after && { after }) })
          pages.push(page.conversations.map(({ id }) => id))
          after = page.next
          if (after === undefined) break
        }
        expect(pages).toEqual([[talkId(5), talkId(4)], [talkId(3), talkId(2)], [talkId(1)]])
        for (const after of [talkId(9), 'x']) {
          const page = store.listConversations(shop(1), { limit: 2, after })
          await expect(page).rejects.toMatchObject({ code: 'invalid' })
        }
        expect(await store.listConversations(shop(7), { limit: 2 })).toEqual({ conversations: [] })
      })
    })

    describe('tickets', () => {
      it('come with how the merchant liked the help', async () => {
        const rating = { score: 4, comment: '挺快', at: 7, ticketId: caseId(1) }
        await store.turn(shop(1), () => ({
          conversation: {
            ...withMessage(quietTalk(shop(1), talkId(1)), 'm1'),
            tickets: [caseOf(1, { status: 'resolved' })],
            ratings: [{ score: 1, at: 3 }, rating],
          },
          result: 0,
        }))
        await openCase(2)
        store = await opened.reopen()
        expect(await store.findTicket(caseId(1))).toMatchObject({ rating })
        expect(await store.findTicket(caseId(2))).not.toHaveProperty('rating')
      })

      it('are listed by urgency, then age', async () => {
        await openCase(1, { priority: 'P3' })
        await openCase(2, { priority: 'P1' })
        await openCase(3, { priority: 'P3', createdAt: 5 })
        await openCase(4, { priority: 'P2' })
        const wanted = ['261125-00002', '261125-00004', '261125-00003', '261125-00001']
        expect(await numbers({})).toEqual(wanted)
        store = await opened.reopen()
        expect(await numbers({})).toEqual(wanted)
        expect(await store.counts()).toEqual({ conversations: 4, openTickets: 4 })
      })

      it('are found by status, priority, assignee and words', async () => {
        await openCase(1, { intent: 'printer_problem' })
        await openCase(2, { status: 'claimed', assignee: clerkId(7) })
        await openCase(3, { status: 'resolved', assignee: clerkId(7), priority: 'P1' })
        expect(await numbers({ status: 'open' })).toEqual(['261125-00001'])
        expect(await numbers({ status: 'resolved' })).toEqual(['261125-00003'])
        expect(await numbers({ status: 'taken' })).toEqual(['261125-00002'])
        expect(await numbers({ status: 'unresolved' })).toEqual(['261125-00001', '261125-00002'])
        expect(await numbers({ priority: 'P1' })).toEqual(['261125-00003'])
        expect(await numbers({ assignee: clerkId(7) })).toEqual(['261125-00003', '261125-00002'])
        expect(await numbers({ assignee: clerkId(7), status: 'claimed' })).toEqual(['261125-00002'])
        expect(await numbers({ q: '00003' })).toEqual(['261125-00003'])
        expect(await numbers({ q: ' PRINTER' })).toEqual(['261125-00001'])
        expect(await numbers({ q: 'shop-2' })).toEqual(['261125-00002'])
        expect(await numbers({ q: 'a920' })).toHaveLength(3)
        expect(await numbers({ q: 'P1' })).toEqual([])
        expect(await numbers({ openedAfter: caseOf(2).createdAt })).toEqual(['261125-00003'])
      })

      it('show the newest state, with channel and epoch of their conversation', async () => {
        await openCase(1)
        const raise = (current: Conversation | undefined): { conversation: Conversation; result: number } => {
          if (current === undefined) throw new Error('no conversation')
          const tickets = current.tickets.map((one) => ({ ...one, status: 'resolved' as const, version: 4 }))
          return { conversation: { ...current, epoch: 3, tickets }, result: 0 }
        }
        await store.turn(shop(1), raise)
        const wanted = { conversationId: talkId(1), channel: 'web', epoch: 3 }
        for (const again of [true, false]) {
          const row = await store.findTicket(caseId(1))
          expect(row).toMatchObject(wanted)
          expect(row?.ticket).toEqual(caseOf(1, { status: 'resolved', version: 4 }))
          expect((await store.listTickets({ limit: 5 })).rows).toEqual([row])
          expect(await store.counts()).toEqual({ conversations: 1, openTickets: 0 })
          if (again) store = await opened.reopen()
        }
        expect(await store.findTicket(caseId(2))).toBeUndefined()
      })

      it('come in pages that lose and repeat nothing while tickets come and go', async () => {
        for (let n = 1; n <= 9; n += 1) await openCase(n, { priority: n % 2 === 0 ? 'P2' : 'P3' })
        const first = await store.listTickets({ limit: 3 })
        expect(first.rows.map(({ ticket }) => ticket.number.slice(-1))).toEqual(['2', '4', '6'])
        await openCase(10, { priority: 'P1' })
        await openCase(4, { status: 'resolved', priority: 'P2' })
        await openCase(11, { priority: 'P4' })
        const rest: string[] = []
        for (let after = first.next; after !== undefined;) {
          const page = await store.listTickets({ limit: 3, after })
          rest.push(...page.rows.map(({ ticket }) => ticket.number.slice(-2)))
          after = page.next
        }
        expect(rest).toEqual(['08', '01', '03', '05', '07', '09', '11'])
      })

      it('have no next page after the last, and refuse a cursor that is not theirs', async () => {
        await openCase(1)
        await openCase(2)
        expect(await store.listTickets({ limit: 2 })).not.toHaveProperty('next')
        expect((await store.listTickets({ limit: 1 })).next).toBeDefined()
        await expect(store.listTickets({ limit: 2, after: 'P9.x' })).rejects.toMatchObject({
          code: 'invalid',
        })
      })
    })

    describe('staff', () => {
      const clerk: StaffMember = {
        id: clerkId(1),
        email: 'lin@example.com',
        name: '林',
        role: 'agent',
        passwordHash: 'scrypt$1$2',
        disabled: false,
        createdAt: 1,
      }
      const session: StaffSession = {
        idHash: 'ab'.repeat(32),
        agentId: clerkId(1),
        csrfToken: 'cd'.repeat(16),
        createdAt: 1_764_000_000_000,
        lastSeenAt: 1_764_000_000_000,
      }

      it('are kept, and changed in place', async () => {
        expect(await store.listStaff()).toEqual([])
        const lead: StaffMember = { ...clerk, id: clerkId(2), role: 'lead' }
        await Promise.all([store.saveStaff(clerk), store.saveStaff(lead)])
        await store.saveStaff({ ...clerk, disabled: true })
        const wanted = [{ ...clerk, disabled: true }, lead]
        expect(await store.listStaff()).toEqual(wanted)
        store = await opened.reopen()
        expect(await store.listStaff()).toEqual(wanted)
      })

      it('log in and out', async () => {
        await store.saveStaffSession(session)
        await store.saveStaffSession({ ...session, idHash: 'other' })
        await store.saveStaffSession({ ...session, lastSeenAt: session.lastSeenAt + 5 })
        store = await opened.reopen()
        expect(await store.findStaffSession(session.idHash)).toEqual({
          ...session,
          lastSeenAt: session.lastSeenAt + 5,
        })
        await store.deleteStaffSession(session.idHash)
        await store.deleteStaffSession('unknown')
        store = await opened.reopen()
        expect(await store.findStaffSession(session.idHash)).toBeUndefined()
        expect(await store.findStaffSession('other')).toEqual({ ...session, idHash: 'other' })
      })

      it('are changed one at a time, each decided on what the last left, with an audit line before', async () => {
        const names = ['a', 'b', 'c', 'd', 'e']
        await Promise.all(
          names.map((name, n) =>
            store.changeStaff((staff) => ({
              member: { ...clerk, id: clerkId(n + 1), name, createdAt: staff.length },
              audit: { at: staff.length, agentId: clerkId(1), action: 'staff.added', detail: name },
              result: n,
            })),
          ),
        )
        store = await opened.reopen()
        expect((await store.listStaff()).map(({ createdAt }) => createdAt)).toEqual([0, 1, 2, 3, 4])
        const { entries } = await store.listAudit({ limit: 10 })
        expect(entries.map(({ detail }) => detail)).toEqual([...names].reverse())
        const refusal = new Error('not this one')
        await expect(
          store.changeStaff(() => {
            throw refusal
          }),
        ).rejects.toBe(refusal)
        expect(await store.changeStaff((staff) => ({ result: staff.length }))).toBe(5)
      })

      it('who mistype a password are counted, one at a time, over a reopening', async () => {
        const add = (): Promise<number> =>
          store.changeTries((counts) => {
            const tries = (counts[0]?.tries ?? 0) + 1
            return { counts: [{ key: 'k', tries, until: 9 }], result: tries }
          })
        expect(await Promise.all([add(), add(), add()])).toEqual([1, 2, 3])
        store = await opened.reopen()
        expect(await store.changeTries((counts) => ({ result: counts }))).toEqual([
          { key: 'k', tries: 3, until: 9 },
        ])
        expect(await add()).toBe(4)
      })

      it('keep their own saved views, over a reopening', async () => {
        const view = (name: string): SavedView => ({
          name,
          filters: { tab: 'open', priority: 'P1', q: name },
        })
        await Promise.all(
          ['a', 'b'].map((name) => store.changeViews(clerkId(1), (views) => [...views, view(name)])),
        )
        await store.changeViews(clerkId(2), () => [view('c')])
        store = await opened.reopen()
        expect(await store.listViews(clerkId(1))).toEqual([view('a'), view('b')])
        expect(await store.listViews(clerkId(3))).toEqual([])
        expect(await store.changeViews(clerkId(2), () => [])).toEqual([])
        expect(await store.listViews(clerkId(2))).toEqual([])
      })

      it('share a secret that is made once', async () => {
        let made = 0
        const make = (): string => `secret-${(made += 1)}`
        const both = await Promise.all([store.secret('widget', make), store.secret('widget', make)])
        expect(both).toEqual(['secret-1', 'secret-1'])
        expect(await store.secret('__proto__', make)).toBe('secret-2')
        store = await opened.reopen()
        expect(await store.secret('widget', make)).toBe('secret-1')
        expect(await store.secret('__proto__', make)).toBe('secret-2')
      })
    })

    it('finishes the turns under way when it is closed, and takes no more', async () => {
      const running = [1, 2, 3].map((n) => store.turn(shop(n), take(shop(n), talkId(n), 'm1')))
      const closing = store.close()
      await expect(store.turn(shop(4), take(shop(4), talkId(4), 'm1'))).rejects.toMatchObject({
        code: 'unavailable',
      })
      await Promise.all([...running, closing])
      store = await opened.reopen()
      expect(await store.counts()).toEqual({ conversations: 3, openTickets: 0 })
    })
  })
}

function fail(): never {
  throw new Error('the conversation is missing')
}
