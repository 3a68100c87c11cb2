import { describe, expect, it } from 'vitest'
import { type Notice, postNotices, type PostNoticesNeeds } from '../../src/app/post-notices.ts'
import type { SendOutcome } from '../../src/core/outbox.ts'
import { renderNotice } from '../../src/channels/slack/notice.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { caseId, caseOf, clerkId, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { shippedContent } from '../fixtures/content.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { SteadyClock } from '../fixtures/steady.ts'

function setUp(
  answer: () => Promise<SendOutcome> | SendOutcome = () => ({ kind: 'sent', providerMessageId: '1.1' }),
) {
  const store = new MemoryStore()
  const clock = new SteadyClock()
  const posted: Notice[] = []
  const errors: unknown[] = []
  const needs: PostNoticesNeeds = {
    store,
    clock,
    random: () => 0.5,
    content: () => shippedContent(),
    post: async (notice) => {
      posted.push(notice)
      return answer()
    },
    consoleUrl: 'https://help.example.com',
    onError: (error) => errors.push(error),
  }
  return {
    store,
    clock,
    posted,
    errors,
    look: () => postNotices(needs),
    async open(n: number, parts: Partial<Ticket> = {}): Promise<void> {
      const ticket = caseOf(n, { createdAt: clock.now(), ...parts })
      await store.turn(shop(n), () => ({
        conversation: { ...quietTalk(shop(n), talkId(n)), holder: 'queue', tickets: [ticket] },
        result: undefined,
      }))
    },
    notice: async (n: number) => (await store.findTicket(caseId(n)))?.ticket.notice,
  }
}

describe('the notice of a new ticket', () => {
  it('is posted once, marked before it leaves, and changes no version', async () => {
    const seen: unknown[] = []
    const desk = setUp(async () => {
      seen.push((await desk.notice(1))?.state)
      return { kind: 'sent', providerMessageId: '1.1' }
    })
    await desk.open(1)
    await desk.look()
    await desk.look()
    expect(desk.posted).toHaveLength(1)
    expect(seen).toEqual(['sending'])
    expect(await desk.notice(1)).toMatchObject({ state: 'sent', providerMessageId: '1.1' })
    expect((await desk.store.findTicket(caseId(1)))?.ticket.version).toBe(1)
  })

  it('says what it is about and where to go, and nothing by which the merchant could be known', async () => {
    const desk = setUp()
    const slots = {
      terminal_model: 'A920',
      contact_phone: '13800138000',
      contact_name: '王老板',
      service_address: '人民路1号',
    }
    const { card } = caseOf(1)
    await desk.open(1, { card: { ...card, slots, moneyAtRisk: true }, reason: 'money_at_risk' })
    await desk.look()
    const { text, blocks } = renderNotice(desk.posted[0] ?? fail())
    const shown = JSON.stringify(blocks)
    expect(text).toMatch(/^P3 新工单 261125-00001 · /)
    expect(shown).toContain('资金结果不明')
    expect(shown).toContain('资金结果未明，请先核实')
    expect(shown).toContain('A920')
    expect(shown).toContain(`<https://help.example.com/console#/tickets/${caseId(1)}|在工作台打开>`)
    expect(shown).not.toMatch(/13800138000|王老板|人民路|shop-1/)
  })

  it('is tried again when Slack surely did not take it, and not when it may have', async () => {
    const outcomes: SendOutcome[] = [
      { kind: 'retry', reason: 'busy' },
      { kind: 'unknown', reason: 'no_answer' },
    ]
    const desk = setUp(() => outcomes.shift() ?? { kind: 'sent' })
    await desk.open(1)
    await desk.look()
    await desk.look()
    expect(desk.posted).toHaveLength(1)
    desk.clock.advance(1_200)
    await desk.look()
    await desk.look()
    expect(desk.posted).toHaveLength(2)
    expect(await desk.notice(1)).toMatchObject({ state: 'unknown' })
    desk.clock.advance(600_000)
    await desk.look()
    expect(desk.posted).toHaveLength(2)
  })

  it('is not posted for a ticket that somebody has taken, that is resolved, or that is no news any more', async () => {
    const desk = setUp()
    await desk.open(1, { status: 'claimed', assignee: clerkId(1) })
    await desk.open(2, { status: 'resolved' })
    await desk.open(3, { createdAt: desk.clock.now() - 3_600_000 })
    await desk.look()
    expect(desk.posted).toEqual([])
  })

  it('that a crash left on its way is not posted again', async () => {
    const desk = setUp(() => new Promise(() => {}))
    await desk.open(1)
    void desk.look()
    for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(desk.posted).toHaveLength(1)
    await desk.look()
    expect(desk.posted).toHaveLength(1)
  })

  it('of each of many tickets goes out, also when one conversation cannot be read', async () => {
    const desk = setUp()
    for (let n = 1; n <= 250; n += 1) await desk.open(n)
    desk.store.damaged = 'shop-7'
    await desk.look()
    expect(desk.posted).toHaveLength(249)
    expect(desk.errors).toHaveLength(1)
  })
})

function fail(): never {
  throw new Error('nothing was posted')
}
