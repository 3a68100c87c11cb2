import { parseJson, parseLine } from './wire.ts'
import type { Line } from './wire.ts'

export type StreamEvent = { readonly event: string; readonly data: string }

/**
 * Cuts a `text/event-stream` into events. Feed it decoded text in pieces of any size; it gives back the events
 * that are complete. Comments, `id:` and `retry:` are passed over: ids are the seq inside the data.
 */
export function createEventParser(): (chunk: string) => StreamEvent[] {
  let rest = ''
  let event = ''
  let data: string[] = []

  function take(line: string, out: StreamEvent[]): void {
    if (line === '') {
      if (data.length > 0) out.push({ event: event === '' ? 'message' : event, data: data.join('\n') })
      event = ''
      data = []
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') event = value
    if (field === 'data') data.push(value)
  }

  return (chunk) => {
    const out: StreamEvent[] = []
    rest += chunk
    // A lone CR at the very end may be half of a CRLF: it waits for the next piece.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) take(line, out)
    return out
  }
}

/** The lines among events. */
export function linesOf(events: readonly StreamEvent[]): Line[] {
  return events.flatMap(({ event, data }) => (event === 'message' ? (parseLine(parseJson(data)) ?? []) : []))
}
