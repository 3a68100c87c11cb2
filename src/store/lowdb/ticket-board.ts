import type { FirstAnswer, TicketQuery } from '../../app/ports.ts'
import { AppError } from '../../core/errors.ts'
import type { TicketId } from '../../core/ids.ts'
import type { IndexedConversation, IndexedTicket } from './indexed-conversation.ts'

/** A ticket with the conversation it lives in, both as indexed. */
export type BoardRow = { readonly ticket: IndexedTicket; readonly conversation: IndexedConversation }

type Place = Pick<IndexedTicket, 'priority' | 'createdAt' | 'id'>

const MINUTE_MS = 60_000
/** First answers that are kept at hand: enough for an estimate of the wait. */
const ANSWERS_KEPT = 100

const CURSOR = /^(P[1-4])\.(\d{1,16})\.([a-z0-9]{26})$/

/** All tickets in the order the desk works them off: the most urgent first, then the oldest. */
export class TicketBoard {
  readonly #rows: BoardRow[]
  readonly #byId = new Map<TicketId, BoardRow>()
  /** Tickets nobody has taken: few, however many there have ever been. */
  readonly #untaken = new Map<TicketId, IndexedTicket>()
  readonly #answers = new Map<TicketId, FirstAnswer>()
  #open = 0

  constructor(conversations: Iterable<IndexedConversation>) {
    this.#rows = [...conversations].flatMap(rowsOf)
    this.#rows.sort((a, b) => compare(a.ticket, b.ticket))
    for (const row of this.#rows) this.#remember(row)
  }

  /** Number of tickets that are not resolved. */
  get open(): number {
    return this.#open
  }

  find(id: TicketId): BoardRow | undefined {
    return this.#byId.get(id)
  }

  /** Puts a conversation's tickets in the places of those it had before. */
  replace(before: IndexedConversation | undefined, after: IndexedConversation): void {
    const kept = new Set(after.tickets.map(({ id }) => id))
    for (const { id } of before?.tickets ?? []) if (!kept.has(id)) this.#remove(id)
    for (const row of rowsOf(after)) this.#put(row)
  }

  /**
   * The rows that a query asks for, and the cursor of the next page. The cursor is a place in the order, not a
   * number of rows, so tickets that come and go shift no page. Throws `invalid` for a cursor that is not ours.
   */
  page(query: TicketQuery): { rows: readonly BoardRow[]; next?: string } {
    const limit = Math.max(1, query.limit)
    const wanted = query.q?.trim().toLowerCase() ?? ''
    const rows: BoardRow[] = []
    for (let at = query.after === undefined ? 0 : this.#positionAfter(query.after); ; at += 1) {
      const row = this.#rows[at]
      if (row === undefined) return { rows }
      if (!matches(row.ticket, query, wanted)) continue
      const last = rows.at(-1)
      if (rows.length === limit && last !== undefined) return { rows, next: cursorOf(last.ticket) }
      rows.push(row)
    }
  }

  /** Place among the tickets that nobody has taken, 1 first. */
  queuePosition(id: TicketId): number | undefined {
    const own = this.#untaken.get(id)
    if (own === undefined) return undefined
    let position = 1
    for (const other of this.#untaken.values()) if (compare(other, own) < 0) position += 1
    return position
  }

  /** The newest first answers, newest first. */
  recentAnswers(limit: number): readonly FirstAnswer[] {
    return [...this.#answers.values()].sort((a, b) => b.at - a.at).slice(0, limit)
  }

  #put(row: BoardRow): void {
    const before = this.#byId.get(row.ticket.id)
    const stays = before !== undefined && compare(before.ticket, row.ticket) === 0
    if (!stays) this.#remove(row.ticket.id)
    this.#rows.splice(this.#positionOf(row.ticket), stays ? 1 : 0, row)
    if (stays && before.ticket.status !== 'resolved') this.#open -= 1
    this.#remember(row)
  }

  #remember(row: BoardRow): void {
    this.#byId.set(row.ticket.id, row)
    this.#rememberAnswer(row.ticket)
    if (row.ticket.status === 'open') this.#untaken.set(row.ticket.id, row.ticket)
    else this.#untaken.delete(row.ticket.id)
    if (row.ticket.status !== 'resolved') this.#open += 1
  }

  #rememberAnswer({ id, createdAt, answeredAt: at }: IndexedTicket): void {
    if (at === undefined) return
    this.#answers.set(id, { at, minutes: (at - createdAt) / MINUTE_MS })
    if (this.#answers.size <= 2 * ANSWERS_KEPT) return
    const oldest = [...this.#answers].sort(([, a], [, b]) => a.at - b.at).slice(0, ANSWERS_KEPT)
    for (const [old] of oldest) this.#answers.delete(old)
  }

  #remove(id: TicketId): void {
    const row = this.#byId.get(id)
    if (row === undefined) return
    this.#rows.splice(this.#positionOf(row.ticket), 1)
    this.#byId.delete(id)
    this.#untaken.delete(id)
    if (row.ticket.status !== 'resolved') this.#open -= 1
  }

  #positionAfter(cursor: string): number {
    const [, priority, createdAt, id] = CURSOR.exec(cursor) ?? []
    if (priority === undefined || createdAt === undefined || id === undefined) {
      throw new AppError('invalid', 'the cursor is not one this list gave out')
    }
    return this.#firstWhere((row) => compareWords(row.ticket, [priority, Number(createdAt), id]) > 0)
  }

  #positionOf(place: Place): number {
    return this.#firstWhere((row) => compare(row.ticket, place) >= 0)
  }

  #firstWhere(isBehind: (row: BoardRow) => boolean): number {
    let [low, high] = [0, this.#rows.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const row = this.#rows[middle]
      if (row !== undefined && isBehind(row)) high = middle
      else low = middle + 1
    }
    return low
  }
}

function rowsOf(conversation: IndexedConversation): readonly BoardRow[] {
  return conversation.tickets.map((ticket) => ({ ticket, conversation }))
}

function matches(ticket: IndexedTicket, query: TicketQuery, wanted: string): boolean {
  return (
    (query.openedAfter === undefined || ticket.createdAt > query.openedAfter) &&
    (query.status === undefined || hasStatus(ticket, query.status)) &&
    (query.priority === undefined || ticket.priority === query.priority) &&
    (query.assignee === undefined || (ticket.assignee ?? 'none') === query.assignee) &&
    ticket.search.includes(wanted)
  )
}

function hasStatus({ status }: IndexedTicket, wanted: NonNullable<TicketQuery['status']>): boolean {
  if (wanted === 'unresolved') return status !== 'resolved'
  return wanted === 'taken' ? status === 'claimed' || status === 'waiting' : status === wanted
}

function cursorOf(place: Place): string {
  return `${place.priority}.${place.createdAt}.${place.id}`
}

function compare(a: Place, b: Place): number {
  return compareWords(a, [b.priority, b.createdAt, b.id])
}

// Plain comparison: the names of priorities sort by urgency, and localeCompare is forty times slower.
function compareWords(a: Place, [priority, createdAt, id]: readonly [string, number, string]): number {
  if (a.priority !== priority) return a.priority < priority ? -1 : 1
  if (a.createdAt !== createdAt) return a.createdAt - createdAt
  return a.id === id ? 0 : a.id < id ? -1 : 1
}
