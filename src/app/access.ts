import type { Conversation } from '../core/conversation.ts'
import { AppError } from '../core/errors.ts'
import { conversationId, isOwnId, ticketId } from '../core/ids.ts'
import type { Role, Store, TicketRow } from './ports.ts'
import type { Viewer } from './staff-sessions.ts'

/** Roles that read every ticket and conversation. Who answers or moves them is narrower. */
const READERS: readonly Role[] = ['agent', 'lead', 'admin']

/** The one door to a ticket. Throws `not_found` alike for absent, malformed and foreign ids. */
export async function getTicket(store: Store, viewer: Viewer, id: string): Promise<TicketRow> {
  const row = mayRead(viewer) && isOwnId(id) ? await store.findTicket(ticketId(id)) : undefined
  if (!row) throw new AppError('not_found', 'there is no such ticket')
  return row
}

/** The one door to a conversation for staff. Throws `not_found` alike for absent, malformed and foreign ids. */
export async function getConversation(store: Store, viewer: Viewer, id: string): Promise<Conversation> {
  const conversation =
    mayRead(viewer) && isOwnId(id) ? await store.findConversation(conversationId(id)) : undefined
  if (!conversation) throw new AppError('not_found', 'there is no such conversation')
  return conversation
}

/** Says whether someone reads tickets at all. Pure. */
export function mayRead(viewer: Viewer): boolean {
  return READERS.includes(viewer.member.role)
}
