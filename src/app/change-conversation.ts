import type { Conversation } from '../core/conversation.ts'
import { withDeadlines } from '../core/desk/deadlines.ts'
import type { StaffTime } from '../core/desk/staff-time.ts'
import { withOutbox } from '../core/outbox.ts'
import type { MerchantAddress, Store, TurnDecision } from './ports.ts'

type Needs = {
  readonly store: Store
  readonly content: () => StaffTime
}

/** What a turn gave, and the conversation as stored when it changed. */
export type Change<Result> = { readonly conversation?: Conversation; readonly result: Result }

/**
 * Runs one turn of the store and gives what it decided its deadlines and its outbox, in the same write. Everything that
 * may add a line goes through here, so that none is left without its way to the merchant. Rejects as `Store.turn` does.
 */
export async function changeConversation<Result>(
  { store, content }: Needs,
  address: MerchantAddress,
  now: number,
  decide: (current: Conversation | undefined) => TurnDecision<Result>,
): Promise<Change<Result>> {
  return store.turn(address, (current): TurnDecision<Change<Result>> => {
    const { conversation: decided, audit, result } = decide(current)
    if (decided === undefined || decided === current) return { result: { result } }
    const conversation = withOutbox(current, withDeadlines(decided, content()), now)
    return { conversation, ...(audit === undefined ? {} : { audit }), result: { conversation, result } }
  })
}
