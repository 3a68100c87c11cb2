import { describe, expect, it, vi } from 'vitest'

import { receiveMessage } from '../../src/app/receive-message.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { shippedContent } from '../fixtures/content.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { SteadyClock, SteadyIds } from '../fixtures/steady.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** A shop's terminals, each ticket reported by a merchant of its own. */
class Shop {
  readonly clock = new SteadyClock()
  readonly store = new MemoryStore()
  readonly #receive = receiveMessage({
    store: this.store,
    content: shippedContent,
    clock: this.clock,
    ids: new SteadyIds(),
  })

  /** Says some lines as one merchant; gives the conversation after the last. */
  async report(merchantKey: string, lines: readonly string[]): Promise<Conversation> {
    let conversation: Conversation | undefined
    for (const [at, text] of lines.entries()) {
      this.clock.advance(5000)
      const received = await this.#receive({
        address: { channel: 'terminal', merchantKey },
        dedupeKey: `${merchantKey}-${at}`,
        content: { kind: 'text', text },
      })
      conversation = received.conversation
    }
    if (conversation === undefined) throw new Error('nothing was said')
    return conversation
  }
}

const broken = (sn: string): readonly string[] => ['打印机卡纸', '人工', `SN号${sn}，电话13800138000`]

describe('the third ticket for one terminal in thirty days', () => {
  it('is raised by one level, with the reason on its card', async () => {
    const shop = new Shop()
    const [first, second, third] = [
      await shop.report('a', broken('N5001234567890')),
      await shop.report('b', broken('N5001234567890')),
      await shop.report('c', broken('N5001234567890')),
    ]
    expect([first, second, third].map(({ tickets }) => tickets[0]?.priority)).toEqual(['P3', 'P3', 'P2'])
    expect(third.tickets[0]?.card).toMatchObject({ priority: 'P2' })
    expect(third.tickets[0]?.card.priorityReason).toContain('30天内第3次报修')
  })

  it('is raised once, whatever else is said', async () => {
    const shop = new Shop()
    await shop.report('a', broken('N5001234567890'))
    await shop.report('b', broken('N5001234567890'))
    const third = await shop.report('c', [...broken('N5001234567890'), '你们快点啊', '店里就这一台'])
    expect(third.tickets[0]?.priority).toBe('P2')
  })

  it('is raised by the message sent again, when the first time the other tickets could not be read', async () => {
    const shop = new Shop()
    await shop.report('a', broken('N5001234567890'))
    await shop.report('b', broken('N5001234567890'))
    vi.spyOn(shop.store, 'listTickets').mockRejectedValueOnce(new Error('gone'))
    await expect(shop.report('c', broken('N5001234567890'))).rejects.toThrow('gone')
    const third = await shop.report('c', broken('N5001234567890'))
    expect(third.tickets[0]?.priority).toBe('P2')
  })

  it('reads the other tickets once, in the turn that makes the terminal known', async () => {
    const shop = new Shop()
    const listTickets = vi.spyOn(shop.store, 'listTickets')
    await shop.report('a', [...broken('N5001234567890'), '你们快点啊', '店里就这一台'])
    expect(listTickets).toHaveBeenCalledOnce()
  })

  it('is not, when the others are older or about other terminals', async () => {
    const shop = new Shop()
    await shop.report('a', broken('N5001234567890'))
    await shop.report('b', broken('N5009999999999'))
    shop.clock.advance(31 * DAY_MS)
    await shop.report('c', broken('N5001234567890'))
    const last = await shop.report('d', broken('N5001234567890'))
    expect(last.tickets[0]?.priority).toBe('P3')
  })
})
