import type { Dictionary } from '../words/dictionary-zh.ts'
import type { Agent, Ticket } from '../wire.ts'

export type Permissions = {
  readonly claim: boolean
  /** Reply, note, resolve and hand back: what only the holder does. */
  readonly work: boolean
  readonly release: boolean
  readonly transfer: boolean
}

/** What this member of staff may do with a ticket. The server decides; this only spares useless buttons. */
export function permissionsOf(ticket: Ticket, me: Agent): Permissions {
  if (ticket.status === 'resolved') return { claim: false, work: false, release: false, transfer: false }
  const isFree = ticket.assignee == null
  const isMine = ticket.assignee === me.id
  const isLead = me.role !== 'agent'
  return { claim: isFree, work: isMine, release: !isFree && (isMine || isLead), transfer: isMine || isLead }
}

/** Why the holder's actions are not offered; undefined when they are. */
export function whyNot(words: Dictionary, ticket: Ticket, me: Agent): string | undefined {
  if (ticket.status === 'resolved') return words.why.resolved
  if (ticket.assignee == null) return words.why.claimFirst
  if (ticket.assignee === me.id) return undefined
  return words.why.heldByOther(ticket.assigneeName ?? words.why.someone)
}
