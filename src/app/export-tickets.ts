import { getTicket } from './access.ts'
import { listTickets } from './list-tickets.ts'
import { withMaskedPhone } from './masked-slots.ts'
import type { AuditAction, Clock, Store, TicketQuery, TicketRow } from './ports.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type { Viewer } from './staff-sessions.ts'

const PAGE = 100

type Needs = { readonly store: Store; readonly clock: Clock }

/**
 * Gives all tickets of a query, page by page, with phone numbers masked: what is exported may be sent on. The audit trail
 * has a line before the first page and one with the number of tickets given at the end, also when the reader leaves
 * early. Throws `forbidden` for someone who reads no tickets.
 */
export async function* exportTickets(
  { store, clock }: Needs,
  viewer: Viewer,
  query: TicketQuery,
  format: string,
): AsyncGenerator<readonly TicketRow[], void, undefined> {
  let after = query.after
  let count = 0
  const audit = (action: AuditAction, detail: string): Promise<void> =>
    store.appendAudit({ at: clock.now(), agentId: viewer.member.id, action, detail })
  await audit('export', format)
  let ending: AuditAction = 'export.cut'
  try {
    do {
      const page = await listTickets(store, viewer, {
        ...query,
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      })
      count += page.rows.length
      yield page.rows.map(masked)
      after = page.next
    } while (after !== undefined)
    ending = 'export.done'
  } finally {
    await audit(ending, `${format} ${count}`)
  }
}

/** Gives one ticket with its transcript to be sent on, the phone number masked; audited. Throws `not_found`. */
export async function exportTicket(
  { store, clock }: Needs,
  viewer: Viewer,
  id: string,
): Promise<{ readonly row: TicketRow; readonly transcript: readonly TranscriptLine[] }> {
  const row = await getTicket(store, viewer, id)
  await store.appendAudit({
    at: clock.now(),
    agentId: viewer.member.id,
    action: 'export',
    ticketId: row.ticket.id,
  })
  return { row: masked(row), transcript: await store.readTranscript(row.conversationId) }
}

function masked(row: TicketRow): TicketRow {
  const { ticket } = row
  const card = { ...ticket.card, slots: withMaskedPhone(ticket.card.slots) }
  return { ...row, ticket: { ...ticket, card } }
}
