import type { Content } from '../core/content.ts'
import { fireDeadlines } from '../core/desk/deadlines.ts'
import { afterErasure, erased, erasedLine, isErasable } from '../core/erase.ts'
import { ticketId } from '../core/ids.ts'
import { changeConversation } from './change-conversation.ts'
import type { Bus, Clock, Ids, MerchantAddress, Rewriting, Store } from './ports.ts'

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

const ERASURE: Rewriting = {
  isWanted: isErasable,
  line: erasedLine,
  conversation: erased,
  finish: afterErasure,
}

async function fireOne(needs: Needs, address: MerchantAddress, now: number): Promise<boolean> {
  if (await eraseIfDue(needs, address, now)) return true
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

/** A merchant who left is erased as soon as no ticket is open; whoever came back meanwhile is not. */
async function eraseIfDue({ store, bus }: Needs, address: MerchantAddress, now: number): Promise<boolean> {
  const current = await store.findCurrent(address)
  const isDue = current?.deadlines?.some(({ kind, at }) => kind === 'erase' && at <= now) ?? false
  if (!isDue) return false
  // Pictures first: once the lines are rewritten, nothing names them any more.
  for (const { attachments = [] } of await store.readLines(address, 0, Number.MAX_SAFE_INTEGER)) {
    for (const { id } of attachments) await store.attachments.remove(id)
  }
  if (!(await store.rewrite(address, ERASURE))) return false
  bus.publish({ address, lastSeq: current?.lastSeq ?? 0 })
  return true
}
