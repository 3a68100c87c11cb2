import type { WatchEvent } from '../../app/watch-lines.ts'

/** Wait of a browser before it connects again; the panel has its own, longer back-off. */
export const RETRY_HINT = 'retry: 3000\n\n'

/**
 * Writes an event as text of an event stream. Pure.
 *
 * Only messages carry an `id:`, because the browser's last id is the cursor it resumes from.
 */
export function renderEvent(event: WatchEvent): string {
  if (event.kind === 'heartbeat') return ': heartbeat\n\n'
  if (event.kind === 'typing') return 'event: typing\ndata: {"author":"agent"}\n\n'
  if (event.kind === 'status') {
    return `event: status\ndata: ${JSON.stringify(event.status)}\n\n`
  }
  const { seq, author, text, name, choices, attachments, at } = event.line
  const message = {
    seq,
    author,
    text,
    ...(name !== undefined && { name }),
    ...(choices && { choices }),
    ...(attachments && { attachments }),
    at: new Date(at).toISOString(),
  }
  return `id: ${seq}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`
}
