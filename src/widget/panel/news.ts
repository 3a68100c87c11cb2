import { isFields, isSeq } from './wire.ts'
import type { StreamEvent } from './event-stream.ts'

/** `live`: lines arrive as they are written. `broken`: more than one try in a row has failed. */
export type Connection = 'starting' | 'live' | 'broken'

/** What the tab that reads the stream tells the others. */
export type News =
  | { readonly kind: 'beat'; readonly connection: Connection; readonly seq: number }
  /** What the stream brought. */
  | { readonly kind: 'events'; readonly events: readonly StreamEvent[] }
  /** Something has changed: look for yourself. */
  | { readonly kind: 'look' }

/** Reads news of another tab, which may run an older or newer panel; undefined for what this one does not know. */
export function parseNews(value: unknown): News | undefined {
  if (!isFields(value)) return undefined
  const { kind, connection, seq, events } = value
  if (kind === 'look') return { kind }
  if (kind === 'beat' && isConnection(connection) && isSeq(seq)) return { kind, connection, seq }
  if (kind !== 'events' || !Array.isArray(events)) return undefined
  return { kind, events: events.flatMap((event: unknown) => parseEvent(event) ?? []) }
}

function isConnection(value: unknown): value is Connection {
  return value === 'starting' || value === 'live' || value === 'broken'
}

function parseEvent(value: unknown): StreamEvent | undefined {
  if (!isFields(value) || typeof value['event'] !== 'string' || typeof value['data'] !== 'string')
    return undefined
  return { event: value['event'], data: value['data'] }
}
