import * as z from 'zod/mini'
import { Cell, useCell } from '../cell.ts'
import { readStored, writeStored } from '../stored.ts'

const Message = z.object({
  clientMsgId: z.string(),
  kind: z.enum(['reply', 'note']),
  text: z.string(),
  attachmentIds: z._default(z.array(z.string()), []),
  /** Epoch the agent saw when this was written: a repeat must not pass for an answer to what came since. */
  epoch: z._default(z.number(), 0),
  state: z.enum(['sending', 'failed']),
  error: z._default(z.string(), ''),
})
const Draft = z.object({
  text: z.string(),
  /** Pictures at the server that wait to be sent with the text. */
  attachmentIds: z._default(z.array(z.string()), []),
  messages: z.array(Message),
})

/** What an agent wrote that the server does not have yet. */
export type Message = z.output<typeof Message>
export type Draft = z.output<typeof Draft>

const NOTHING: Draft = { text: '', attachmentIds: [], messages: [] }
const cells = new Map<string, Cell<Draft>>()

/** The agent's unsent words for a ticket: kept in the browser until sent, over a reload and a new log-in. */
function draftCell(agentId: string, ticketId: string): Cell<Draft> {
  const key = `posdesk.console.draft.${agentId}.${ticketId}`
  const known = cells.get(key)
  if (known !== undefined) return known
  const cell = new Cell(restore(readStored(key)))
  cell.subscribe(() => {
    const draft = cell.get()
    const { text, attachmentIds, messages } = draft
    const isEmpty = text === '' && attachmentIds.length === 0 && messages.length === 0
    writeStored(key, isEmpty ? '' : JSON.stringify(draft))
  })
  cells.set(key, cell)
  return cell
}

export function useDraft(
  agentId: string,
  ticketId: string,
): readonly [Draft, (next: (draft: Draft) => Draft) => void] {
  const cell = draftCell(agentId, ticketId)
  return [
    useCell(cell),
    (next) => {
      cell.set(next(cell.get()))
    },
  ]
}

/** Whether a message that was on its way when the page ended has arrived nobody knows: it is shown as failed. */
function restore(stored: string | undefined): Draft {
  if (stored === undefined) return NOTHING
  try {
    const parsed = Draft.safeParse(JSON.parse(stored))
    if (!parsed.success) return NOTHING
    const messages = parsed.data.messages.map((message) => ({ ...message, state: 'failed' as const }))
    return { ...parsed.data, messages }
  } catch {
    return NOTHING
  }
}
