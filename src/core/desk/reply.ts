import type { Conversation } from '../conversation.ts'
import { AppError } from '../errors.ts'
import { changed, heldCase, withLine } from './open-case.ts'
import type { Attachment } from '../transcript.ts'
import type { DeskAct } from './change-hands.ts'

/** What an agent writes: masked text, empty for pictures alone, the key of the message, and the epoch the agent saw. */
export type AgentReply = {
  readonly text: string
  readonly attachments?: readonly Attachment[]
  /** Why its pictures cannot be sent; a copy of a sent message gets its first answer all the same. */
  readonly refusal?: AppError
  readonly key: string
  readonly epoch?: number
}

/**
 * An agent's answer to the merchant. Pure and idempotent by `key`: a copy gives the seq of the first one, also after
 * the ticket has changed hands.
 *
 * Throws `conflict` when the agent does not hold the ticket, or wrote under an older epoch than it has now.
 */
export function reply(
  conversation: Conversation | undefined,
  act: DeskAct,
  { text, attachments, refusal, key, epoch }: AgentReply,
): { readonly conversation?: Conversation; readonly seq: number } {
  const copy = conversation?.dedupe.find((one) => one.key === key)
  if (copy !== undefined) return { seq: copy.seq }
  const found = heldCase(conversation, act.ticketId, act)
  if (epoch !== undefined && epoch !== found.conversation.epoch) {
    throw new AppError('conflict', 'the conversation changed hands since you began to write; read it again')
  }
  if (refusal !== undefined) throw refusal
  const answered = changed(found, {
    status: 'waiting',
    answeredAt: found.ticket.answeredAt ?? act.now,
  })
  const said = withLine(answered, {
    author: 'agent',
    name: act.agent.name,
    text,
    ...(attachments === undefined ? {} : { attachments }),
    at: act.now,
  })
  return {
    conversation: { ...said, dedupe: [...said.dedupe, { key, seq: said.lastSeq, at: act.now }] },
    seq: said.lastSeq,
  }
}

/**
 * A private note on the ticket. Pure and, with a `key`, idempotent: a copy gives the seq of the first one, also after
 * the ticket has changed hands. Throws `conflict` when the agent does not hold the ticket.
 */
export function addNote(
  conversation: Conversation | undefined,
  act: DeskAct,
  { text, key }: { readonly text: string; readonly key?: string },
): { readonly conversation?: Conversation; readonly seq: number } {
  const known = conversation?.tickets.find(({ id }) => id === act.ticketId)?.notes ?? []
  const copy = key === undefined ? undefined : known.find((note) => note.key === key)
  if (copy !== undefined) return { seq: copy.seq }
  const found = heldCase(conversation, act.ticketId, act)
  const notes = found.ticket.notes ?? []
  const seq = notes.length + 1
  const { id: agentId, name } = act.agent
  const note = { seq, agentId, name, text, at: act.now, ...(key === undefined ? {} : { key }) }
  return { conversation: changed(found, { notes: [...notes, note] }), seq }
}
