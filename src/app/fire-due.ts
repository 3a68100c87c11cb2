import type { Content } from '../core/content.ts'
import { fireDeadlines } from '../core/desk/deadlines.ts'
import { ticketId } from '../core/ids.ts'
import { changeConversation } from './change-conversation.ts'
import type { Bus, Clock, Ids, MerchantAddress, Store } from './ports.ts'

const MOST_AT_ONCE = 200

type Needs = {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly ids: Ids
  readonly content: () => Content
  /** Told of a conversation whose deadline could not be done; it is still due. */
  readonly onError: (error: unknown) => void
}

/**
 * Does everything that is due now, each deadline once: what fired is saved in the same write as its deed. Gives the
 * number of conversations that changed. One that fails is reported and keeps no other one waiting. Rejects when the
 * store cannot say what is due.
 */
export async function fireDue(needs: Needs): Promise<number> {
  const now = needs.clock.now()
  let count = 0
  for (const address of await needs.store.findDue(now, MOST_AT_ONCE)) {
    try {
      if (await fireOne(needs, address, now)) count += 1
    } catch (error) {
      needs.onError(error)
    }
  }
  return count
}

async function fireOne(needs: Needs, address: MerchantAddress, now: number): Promise<boolean> {
  const { ids } = needs
  const context = { now, ticketId: ticketId(ids.id()), ticketNumber: ids.ticketNumber(now) }
  const { conversation } = await changeConversation(needs, address, now, (current) =>
    current === undefined
      ? { result: undefined }
      : { conversation: fireDeadlines(current, needs.content(), context).conversation, result: undefined },
  )
  if (conversation !== undefined) needs.bus.publish({ address, lastSeq: conversation.lastSeq })
  return conversation !== undefined
}
