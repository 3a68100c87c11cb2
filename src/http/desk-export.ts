import type { Response } from 'express'
import { exportTicket, exportTickets } from '../app/export-tickets.ts'
import { type Clock, ROLES, type Store, type TicketRow } from '../app/ports.ts'
import type { DeskContent } from '../core/content.ts'
import { timeInChina, renderVocabulary } from './desk-words.ts'
import type { Limits } from './limits.ts'
import { renderExportedTicket } from './render.ts'
import { Nothing, type Route, type RouteMaker } from './route.ts'
import { ExportQuery } from './schema.ts'
import { isDrained } from './send-stream.ts'
import { renderTicketPage } from './ticket-page.ts'
import { toTicketQuery } from './ticket-query.ts'
import { TicketsCsv } from './tickets-csv.ts'

export type DeskExportNeeds = {
  readonly store: Store
  readonly clock: Clock
  readonly content: () => DeskContent
  readonly limits: Limits
}

/** Tickets as files that an owner can send on. */
export function createDeskExportRoutes(make: RouteMaker, needs: DeskExportNeeds): Route[] {
  const { store, clock } = needs

  const listAs = (format: 'csv' | 'json', type: string, summary: string): Route =>
    make.forStaff(
      ['lead', 'admin'],
      {
        method: 'get',
        path: `/desk/v1/tickets.${format}`,
        summary,
        body: Nothing,
        query: ExportQuery,
        answer: { status: 200, type },
      },
      async ({ query, response, request }, viewer) => {
        const staff = await store.listStaff()
        const parts = format === 'csv' ? csvParts(needs.content(), staff) : jsonParts(staff)
        const pages = exportTickets(needs, viewer, toTicketQuery(query, viewer), format)
        // The first page decides whether there is an answer at all: a refusal must still be able to say so.
        const first = await pages.next()
        begin(response, type, `tickets-${dayOf(clock)}.${format}`)
        if (request.method === 'HEAD') await pages.return()
        else await send(response, parts, first, pages, needs.limits.stalledReaderMs)
        response.end()
        return 'sent'
      },
    )

  const one = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/tickets/:id/export',
      summary: 'One ticket, its card and transcript as a page for sending on',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: 'text/html' },
    },
    async ({ request, response }, viewer) => {
      const { row, transcript } = await exportTicket(needs, viewer, String(request.params['id']))
      const assignee = (await store.listStaff()).find(({ id }) => id === row.ticket.assignee)?.name
      const page = renderTicketPage(row, transcript, renderVocabulary(needs.content()), assignee)
      begin(response, 'text/html', `ticket-${row.ticket.number}.html`)
      response.end(request.method === 'HEAD' ? undefined : page)
      return 'sent'
    },
  )

  return [
    listAs('csv', 'text/csv', 'All tickets that fit the filters, as a table for spreadsheets'),
    listAs('json', 'application/json', 'All tickets that fit the filters, with their cards'),
    one,
  ]
}

/** The text before, of and after the pages of an export. */
type Parts = {
  readonly head: string
  page(rows: readonly TicketRow[], isFirst: boolean): string
  readonly tail: string
}

function csvParts(content: DeskContent, staff: Awaited<ReturnType<Store['listStaff']>>): Parts {
  const csv = new TicketsCsv(renderVocabulary(content), staff)
  return { head: csv.head, page: (rows) => csv.lines(rows), tail: '' }
}

function jsonParts(staff: Awaited<ReturnType<Store['listStaff']>>): Parts {
  return {
    head: '{"tickets":[',
    page(rows, isFirst) {
      if (rows.length === 0) return ''
      const texts = rows.map((row) => JSON.stringify(renderExportedTicket(row, staff)))
      return `${isFirst ? '' : ','}\n${texts.join(',\n')}`
    },
    tail: '\n]}\n',
  }
}

async function send(
  response: Response,
  { head, page, tail }: Parts,
  first: IteratorResult<readonly TicketRow[], void>,
  rest: AsyncGenerator<readonly TicketRow[], void, undefined>,
  stalledMs: number,
): Promise<void> {
  const write = async (text: string): Promise<boolean> =>
    !response.destroyed && (response.write(text) || (await isDrained(response, stalledMs)))
  try {
    let isFirst = true
    await write(head)
    for (let at = first; at.done !== true; at = await rest.next()) {
      if (!(await write(page(at.value, isFirst)))) {
        response.destroy()
        return
      }
      isFirst = false
    }
    response.write(tail)
  } finally {
    await rest.return()
  }
}

/** A file for the disk, never a page of ours: should a browser show it all the same, nothing in it may run. */
function begin(response: Response, type: string, name: string): void {
  response.writeHead(200, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${name}"`,
    'Content-Security-Policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    'Cache-Control': 'no-store',
  })
}

function dayOf(clock: Clock): string {
  return timeInChina(clock.now()).slice(0, 10)
}
