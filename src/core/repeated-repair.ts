import type { Conversation } from './conversation.ts'
import { sooner, type StaffTime } from './desk/staff-time.ts'
import { type Ticket, raised } from './ticket.ts'

/** So many tickets for one terminal within this time raise the newest (domain guide §4.2). */
export const REPEATED_TICKETS = 3
export const REPEATED_WITHIN_MS = 30 * 24 * 60 * 60 * 1000

/** The serial number of the terminal an unraised open ticket is about; undefined when there is none to look for. Pure. */
export function terminalToLookFor(conversation: Conversation): string | undefined {
  const sn = openTicketOf(conversation)?.card.slots['terminal_sn']
  return sn === undefined ? undefined : String(sn)
}

/** Tells whether tickets, the open one among them, show that a terminal is reported again and again. Pure. */
export function isRepeated(sn: string, tickets: readonly Ticket[], now: number): boolean {
  const recent = tickets.filter(
    ({ card, createdAt }) => card.slots['terminal_sn'] === sn && now - createdAt <= REPEATED_WITHIN_MS,
  )
  return recent.length >= REPEATED_TICKETS
}

/** Raises the open ticket by one level; one that was raised stays as it is (domain guide §8, 21). Pure. */
export function raiseRepeated(conversation: Conversation, time: StaffTime): Conversation {
  const ticket = openTicketOf(conversation)
  if (ticket === undefined) return conversation
  const priority = raised(ticket.priority)
  const priorityReason = `${ticket.card.priorityReason}；同一台机器30天内第${REPEATED_TICKETS}次报修，升一级`
  const changed: Ticket = {
    ...ticket,
    priority,
    isRaised: true,
    version: ticket.version + 1,
    ...sooner(ticket, priority, time),
    card: { ...ticket.card, priority, priorityReason },
  }
  return {
    ...conversation,
    tickets: conversation.tickets.map((other) => (other.id === ticket.id ? changed : other)),
  }
}

function openTicketOf({ tickets }: Conversation): Ticket | undefined {
  return tickets.filter(({ status, isRaised }) => status !== 'resolved' && !isRaised).at(-1)
}
