import { once } from 'node:events'
import type { Response } from 'express'
import type { WatchEvent } from '../app/watch-lines.ts'
import type { WebChannel } from '../app/web-channel.ts'

/**
 * Writes events to an event stream as fast as the reader takes them; ends the response after the last one.
 * A reader that takes nothing for `stalledMs` is cut off.
 */
export async function sendStream(
  response: Response,
  web: Pick<WebChannel, 'streamOpening' | 'renderEvent'>,
  events: AsyncIterable<WatchEvent>,
  stalledMs: number,
): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  })
  response.write(web.streamOpening)
  for await (const event of events) {
    if (response.destroyed) return
    if (response.write(web.renderEvent(event))) continue
    if (!(await isDrained(response, stalledMs))) {
      response.destroy()
      return
    }
  }
  response.end()
}

/** Waits until a slow reader has taken what was written; false when it has gone or takes nothing for `stalledMs`. */
export async function isDrained(response: Response, stalledMs: number): Promise<boolean> {
  const patience = AbortSignal.timeout(stalledMs)
  const closed = new AbortController()
  const onClose = (): void => closed.abort()
  response.once('close', onClose)
  try {
    await once(response, 'drain', { signal: AbortSignal.any([patience, closed.signal]) })
    return true
  } catch {
    return false
  } finally {
    response.off('close', onClose)
  }
}
