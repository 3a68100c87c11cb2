import type { TranscriptLine } from '../core/transcript.ts'
import type { QuotaLeft } from '../core/quota.ts'
import { getTicket } from './access.ts'
import { type Deliveries, readDeliveries } from './deliveries.ts'
import type { Clock, Store, TicketRow } from './ports.ts'
import { quotaOf } from './read-conversation.ts'
import type { Viewer } from './staff-sessions.ts'

/** Reads a ticket with its conversation's whole transcript; the look is audited. Throws `not_found`. */
export async function readTicket(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  viewer: Viewer,
  id: string,
): Promise<{
  readonly row: TicketRow
  readonly transcript: readonly TranscriptLine[]
  readonly deliveries: Deliveries
  readonly readSeq?: number
  readonly quota?: QuotaLeft
}> {
  const row = await getTicket(store, viewer, id)
  await store.appendAudit({
    at: clock.now(),
    agentId: viewer.member.id,
    action: 'look',
    ticketId: row.ticket.id,
  })
  const conversation = await store.findConversation(row.conversationId)
  return {
    row,
    transcript: await store.readTranscript(row.conversationId),
    deliveries: conversation === undefined ? new Map() : await readDeliveries(store, conversation),
    ...(conversation?.readSeq === undefined ? {} : { readSeq: conversation.readSeq }),
    ...quotaOf(conversation ?? {}, clock.now()),
  }
}
