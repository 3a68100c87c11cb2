import type { Figures } from '../../app/ports.ts'
import type { Priority, TicketReason } from '../../core/ticket.ts'
import type { IndexedConversation } from './indexed-conversation.ts'

const MINUTE_MS = 60_000

/** The desk's figures from what the index knows; no file is read. Pure. */
export function figuresOf(conversations: readonly IndexedConversation[]): Figures {
  const open: Record<Priority, number> = { P1: 0, P2: 0, P3: 0, P4: 0 }
  const byReason: Partial<Record<TicketReason, number>> = {}
  const answerMinutes: number[] = []
  let resolvedByStaff = 0
  for (const ticket of conversations.flatMap(({ tickets }) => tickets)) {
    if (ticket.status === 'resolved') resolvedByStaff += 1
    else open[ticket.priority] += 1
    byReason[ticket.reason] = (byReason[ticket.reason] ?? 0) + 1
    if (ticket.answeredAt !== undefined) {
      answerMinutes.push((ticket.answeredAt - ticket.createdAt) / MINUTE_MS)
    }
  }
  return {
    open,
    answerMinutes,
    resolvedByStaff,
    byReason,
    solvedByBot: conversations.reduce((sum, { solved }) => sum + solved, 0),
    scores: conversations.flatMap(({ scores }) => scores),
  }
}
