import { describe, expect, it } from 'vitest'
import { createBus } from '../../src/app/bus.ts'
import { fireDue } from '../../src/app/fire-due.ts'
import { caseOf, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { shippedContent } from '../fixtures/content.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { SteadyClock, SteadyIds } from '../fixtures/steady.ts'

describe('what is due', () => {
  it('is done for everybody else when one conversation cannot be read, and announced', async () => {
    const store = new MemoryStore()
    const clock = new SteadyClock()
    const bus = createBus()
    const told: string[] = []
    bus.subscribeAll(({ address }) => told.push(address.merchantKey))
    for (const n of [1, 2, 3]) {
      await store.turn(shop(n), () => ({
        conversation: {
          ...quietTalk(shop(n), talkId(n)),
          holder: 'queue',
          tickets: [caseOf(n)],
          deadlines: [{ kind: 'first_answer', at: clock.now() }],
        },
        result: n,
      }))
    }
    store.damaged = 'shop-2'
    const errors: unknown[] = []
    const content = shippedContent()
    const needs = {
      store,
      bus,
      clock,
      ids: new SteadyIds(),
      content: () => content,
      onError: (error: unknown) => errors.push(error),
    }
    expect(await fireDue(needs)).toBe(2)
    expect(told).toEqual(['shop-1', 'shop-3'])
    expect(errors).toHaveLength(1)
    expect((await store.findCurrent(shop(3)))?.tickets[0]?.isLate).toBe(true)
  })
})
