import type { DeskContent } from '../core/content.ts'
import { fireDeadlines } from '../core/desk/deadlines.ts'
import type { Bus, Clock, Store } from './ports.ts'

const MOST_AT_ONCE = 200

type Needs = {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly content: () => DeskContent
}

/**
 * Does everything that is due now, each deadline once: what fired is saved in the same write as its deed. Gives the
 * number of conversations that changed. Rejects as the store does; what was not done then is still due.
 */
export async function fireDue({ store, bus, clock, content }: Needs): Promise<number> {
  const now = clock.now()
  let count = 0
  for (const address of await store.findDue(now, MOST_AT_ONCE)) {
    const lastSeq = await store.turn(address, (current) => {
      if (current === undefined) return { result: undefined }
      const { conversation, fired } = fireDeadlines(current, content(), now)
      return fired.length === 0 ? { result: undefined } : { conversation, result: conversation.lastSeq }
    })
    if (lastSeq === undefined) continue
    count += 1
    bus.publish({ address, lastSeq })
  }
  return count
}
