import type { Conversation } from '../core/conversation.ts'
import type { AgentId, TicketId } from '../core/ids.ts'
import type { Store } from './ports.ts'

/** Who of the staff serves a merchant, and whether they have the case before them just now. */
export type Serving = { readonly name: string; readonly isHere: boolean }

/** Tells who serves a merchant; undefined while no agent holds the talk. Rejects as the store does. */
export type FindServing = (conversation: Conversation) => Promise<Serving | undefined>

/** Makes the look at who serves a merchant. `isAt` says whether an agent has a ticket open. */
export function findServing({
  store,
  isAt,
}: {
  readonly store: Pick<Store, 'listStaff'>
  readonly isAt: (agent: AgentId, ticket: TicketId) => boolean
}): FindServing {
  return async ({ holder, tickets }) => {
    if (holder !== 'agent') return undefined
    const ticket = tickets.findLast(({ status }) => status === 'claimed' || status === 'waiting')
    const agent = ticket?.assignee
    if (ticket === undefined || agent === undefined) return undefined
    const member = (await store.listStaff()).find(({ id }) => id === agent)
    return member && { name: member.name, isHere: isAt(agent, ticket.id) }
  }
}
