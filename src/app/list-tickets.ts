import { AppError } from '../core/errors.ts'
import { mayRead } from './access.ts'
import type { Store, TicketQuery, TicketRow } from './ports.ts'
import type { Viewer } from './staff-sessions.ts'

/** Lists tickets by urgency, then age. Throws `forbidden` for someone who reads none. */
export async function listTickets(
  store: Store,
  viewer: Viewer,
  query: TicketQuery,
): Promise<{ rows: readonly TicketRow[]; next?: string }> {
  if (!mayRead(viewer)) throw new AppError('forbidden', 'your role does not read tickets')
  return store.listTickets(query)
}
