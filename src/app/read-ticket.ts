import type { TranscriptLine } from '../core/transcript.ts'
import { getTicket } from './access.ts'
import type { Store, TicketRow } from './ports.ts'
import type { Viewer } from './staff-sessions.ts'

/** Reads a ticket with its conversation's whole transcript. Throws `not_found`. */
export async function readTicket(
  store: Store,
  viewer: Viewer,
  id: string,
): Promise<{ row: TicketRow; transcript: readonly TranscriptLine[] }> {
  const row = await getTicket(store, viewer, id)
  return { row, transcript: await store.readTranscript(row.conversationId) }
}
