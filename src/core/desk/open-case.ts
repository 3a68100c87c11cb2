import type { Conversation } from '../conversation.ts'
import { AppError } from '../errors.ts'
import type { AgentId, TicketId } from '../ids.ts'
import type { Ticket } from '../ticket.ts'
import type { TranscriptLine } from '../transcript.ts'

/** Who acts at the desk. */
export type DeskAgent = { readonly id: AgentId; readonly name: string }

/** What a member of staff is called, for refusals that say who has a ticket. */
export type NameOf = (id: AgentId) => string

/** A conversation with the ticket that staff act on. */
export type Case = { readonly conversation: Conversation; readonly ticket: Ticket }

/**
 * The ticket inside its conversation, as long as staff may still change it. Throws `conflict` once it is resolved or
 * the merchant has gone on to a new conversation.
 */
export function openCase(conversation: Conversation | undefined, id: TicketId): Case {
  const ticket = conversation?.tickets.find((one) => one.id === id)
  if (conversation === undefined || ticket === undefined || ticket.status === 'resolved') {
    throw new AppError('conflict', 'this ticket is resolved; the merchant may have opened a new one')
  }
  return { conversation, ticket }
}

/** The ticket for the agent who holds it. Throws `conflict` saying who does. */
export function heldCase(
  conversation: Conversation | undefined,
  id: TicketId,
  { agent, nameOf }: { readonly agent: DeskAgent; readonly nameOf: NameOf },
): Case {
  const found = openCase(conversation, id)
  const { assignee } = found.ticket
  if (assignee === agent.id && found.conversation.holder === 'agent') return found
  throw new AppError(
    'conflict',
    assignee === undefined
      ? 'nobody holds this ticket; claim it first'
      : `${nameOf(assignee)} holds this ticket`,
  )
}

/** The conversation with its ticket changed and its version counted on. Pure. */
export function changed({ conversation, ticket }: Case, change: Partial<Ticket>): Conversation {
  const next: Ticket = { ...ticket, ...change, version: ticket.version + 1 }
  return {
    ...conversation,
    tickets: conversation.tickets.map((one) => (one.id === ticket.id ? next : one)),
  }
}

/** The ticket without the agent who had it. Pure. */
export function unassigned(found: Case): Case {
  const { assignee, ...ticket } = found.ticket
  void assignee
  return { ...found, ticket }
}

/** The conversation with one more line. Nothing is added for an empty text without pictures. Pure. */
export function withLine(conversation: Conversation, line: Omit<TranscriptLine, 'seq'>): Conversation {
  if (line.text === '' && line.attachments === undefined) return conversation
  const seq = conversation.lastSeq + 1
  return {
    ...conversation,
    lastSeq: seq,
    updatedAt: line.at,
    transcript: [...conversation.transcript, { ...line, seq }],
  }
}
