import type { Conversation } from '../conversation.ts'
import type { TicketId } from '../ids.ts'
import { DELIVERY_RULES, type OutboxEntry, type SendOutcome } from '../outbox.ts'
import { claimEntry, nextToSend, recordOutcome } from '../outbox-lane.ts'
import type { Ticket } from '../ticket.ts'

/** The channel in which staff are told of new tickets, and whose rules hold for it. */
const NOTICE_CHANNEL = 'slack'

/** A ticket opened longer ago is no news any more, milliseconds. */
export const NEWS_MS = DELIVERY_RULES[NOTICE_CHANNEL]?.windowMs ?? 0

/** Says whether staff are still to be told of a ticket: nobody has taken it, and it is news. Pure. */
export function isNoticeDue(ticket: Ticket, now: number): boolean {
  const entry = noticeOf(ticket)
  return (
    ticket.status === 'open' && entry.expiresAt > now && nextToSend({ outbox: [entry] }, now) !== undefined
  )
}

/**
 * The conversation with the notice of a ticket marked as being sent; `undefined` when it is not due any more. A notice
 * that a crash left there is not sent again: it may have arrived, and the ticket is in the queue anyway. Pure.
 */
export function claimNotice(conversation: Conversation, id: TicketId, now: number): Conversation | undefined {
  const ticket = conversation.tickets.find((one) => one.id === id)
  if (ticket === undefined || !isNoticeDue(ticket, now)) return undefined
  return withNotice(conversation, ticket, (lane) => claimEntry(lane, 0))
}

/** The conversation with what became of a notice. `random` is from 0 up to 1. Pure. */
export function recordNotice(
  conversation: Conversation,
  id: TicketId,
  outcome: SendOutcome,
  at: { readonly now: number; readonly random: number },
): Conversation {
  const ticket = conversation.tickets.find((one) => one.id === id)
  return ticket === undefined
    ? conversation
    : withNotice(conversation, ticket, (lane) => recordOutcome(lane, 0, outcome, at))
}

/** A notice is an outbox of one entry. The ticket's version stays: nothing that staff decide on has changed. */
function withNotice(
  conversation: Conversation,
  ticket: Ticket,
  change: (lane: Conversation) => Conversation,
): Conversation {
  const { outbox = [] } = change({ ...conversation, channel: NOTICE_CHANNEL, outbox: [noticeOf(ticket)] })
  const [notice] = outbox
  const changed: Ticket = { ...ticket, ...(notice === undefined ? {} : { notice }) }
  return {
    ...conversation,
    tickets: conversation.tickets.map((other) => (other.id === ticket.id ? changed : other)),
  }
}

function noticeOf({ notice, createdAt }: Ticket): OutboxEntry {
  return (
    notice ?? {
      seq: 0,
      state: 'queued',
      attempts: 0,
      nextAt: createdAt,
      createdAt,
      expiresAt: createdAt + NEWS_MS,
    }
  )
}
