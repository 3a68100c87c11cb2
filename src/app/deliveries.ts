import type { Conversation } from '../core/conversation.ts'
import { isPending, type OutboxEntry } from '../core/outbox.ts'
import { retryEntry } from '../core/outbox-lane.ts'
import { AppError } from '../core/errors.ts'
import type { ConversationId, TicketId } from '../core/ids.ts'
import { getConversation } from './access.ts'
import type { Bus, Clock, Store, TurnDecision } from './ports.ts'
import type { Viewer } from './staff-sessions.ts'

/** What became of the lines that had to be pushed, by seq. */
export type Deliveries = ReadonlyMap<number, OutboxEntry>

/** A line that did not arrive for sure, for lists. */
export type UnsentLine = {
  readonly conversation: Conversation
  readonly entry: OutboxEntry
}

/**
 * What became of a conversation's lines. Unsettled ones move to the merchant's next conversation, so the newest one is
 * asked too. Rejects as the store does.
 */
export async function readDeliveries(store: Store, conversation: Conversation): Promise<Deliveries> {
  const own = conversation.outbox ?? []
  const found = new Map(own.map((entry) => [entry.seq, entry]))
  if (!own.some(isPending)) return found
  const newest = await store.findCurrent(conversation)
  for (const entry of newest?.outbox ?? []) if (found.has(entry.seq)) found.set(entry.seq, entry)
  return found
}

/** Lines that did not arrive for sure, of the newest conversations first. Rejects as the store does. */
export async function listUnsent(store: Store, mostConversations: number): Promise<readonly UnsentLine[]> {
  const found: UnsentLine[] = []
  for (const id of await store.findUnsent(mostConversations)) {
    const conversation = await store.findConversation(id)
    if (conversation === undefined) continue
    const deliveries = await readDeliveries(store, conversation)
    for (const { seq } of conversation.outbox ?? []) {
      const entry = deliveries.get(seq)
      if (entry !== undefined && entry.state !== 'sent') found.push({ conversation, entry })
    }
  }
  return found
}

/**
 * Queues lines of a conversation once more, durably, with all their tries and their whole time. Rejects with
 * `not_found` for a line that never was on its way, `conflict` for one that arrived, still is on its way, or was given
 * up in a conversation the merchant has left.
 */
export async function sendAgain(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  conversation: Conversation,
  seqs: readonly number[],
): Promise<Conversation> {
  return store.turn(conversation, (current): TurnDecision<Conversation> => {
    const isPresent = (seq: number): boolean => current?.outbox?.some((entry) => entry.seq === seq) ?? false
    if (current === undefined || (current.id !== conversation.id && !seqs.every(isPresent))) {
      throw new AppError('conflict', 'the merchant has begun a new conversation; write to them there')
    }
    const next = seqs.reduce((state, seq) => retryEntry(state, seq, clock.now()), current)
    return { conversation: next, result: next }
  })
}

/**
 * Sends a line once more because staff want it so: whoever holds the conversation, a lead or an admin. Audited. Rejects
 * with `not_found` and `conflict` as `sendAgain` does, and with `conflict` for an agent who does not hold it.
 */
export async function retryDelivery(
  needs: { readonly store: Store; readonly bus: Bus; readonly clock: Clock },
  viewer: Viewer,
  id: string,
  seq: number,
): Promise<void> {
  const { store, bus, clock } = needs
  const conversation = await getConversation(store, viewer, id)
  if (!holds(viewer, conversation)) {
    throw new AppError('conflict', 'you do not hold this conversation; claim its ticket first')
  }
  const { channel, merchantKey, lastSeq } = await sendAgain(needs, conversation, [seq])
  await store.appendAudit({
    at: clock.now(),
    agentId: viewer.member.id,
    action: 'send_again',
    ...ticketOf(conversation),
    detail: conversation.id,
  })
  bus.publish({ address: { channel, merchantKey }, lastSeq })
}

/** The conversation an operator means: its id, or the number of its ticket. Rejects with `not_found`. */
export async function findByName(store: Store, name: string): Promise<Conversation> {
  const { rows } = await store.listTickets({ q: name, limit: 20 })
  const row = rows.find(({ ticket }) => ticket.number === name)
  const unsent = await store.findUnsent(Number.POSITIVE_INFINITY)
  const id: ConversationId | undefined = row?.conversationId ?? unsent.find((one) => one === name)
  const conversation = id === undefined ? undefined : await store.findConversation(id)
  if (conversation === undefined) {
    throw new AppError('not_found', `"${name}" is no ticket number and no conversation with unsent lines`)
  }
  return conversation
}

function holds({ member }: Viewer, { holder, tickets }: Conversation): boolean {
  if (member.role !== 'agent') return true
  return (
    holder === 'agent' &&
    tickets.some(({ status, assignee }) => status !== 'resolved' && assignee === member.id)
  )
}

function ticketOf({ tickets }: Conversation): { readonly ticketId?: TicketId } {
  const ticketId = tickets.at(-1)?.id
  return ticketId === undefined ? {} : { ticketId }
}
