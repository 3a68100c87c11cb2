import type { Content } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { AppError } from '../core/errors.ts'
import type { Effect } from '../core/effect.ts'
import { conversationId, ticketId } from '../core/ids.ts'
import { understand } from '../core/nlu/understand.ts'
import { NOTHING_UNDERSTOOD } from '../core/nlu/understanding.ts'
import { isRepeated, raiseRepeated, terminalToLookFor } from '../core/repeated-repair.ts'
import { mayAskProgress } from '../core/turn/collect.ts'
import { type TurnContext, type TurnInput, takeTurn } from '../core/turn.ts'
import type { Attachment } from '../core/transcript.ts'
import { changeConversation } from './change-conversation.ts'
import { failedTurn } from './failed-turn.ts'
import { openConversation, withDedupe } from './open-conversation.ts'
import { type SentPictures, sendPictures } from './sent-pictures.ts'
import type { FindWaiting, Waiting } from './waiting.ts'
import type { InboundMessage, ReceiveMessage, Received } from './channel-ports.ts'
import type { Clock, Ids, Store, TurnDecision } from './ports.ts'
import { readMessage } from './read-message.ts'

/** Tickets of one terminal that are looked at; more than enough for a third. */
const MOST_LOOKED_AT = 20

/** What happened in a turn, for the log and the metrics: ids and kinds, never words. */
export type TurnReport = {
  readonly conversation: Conversation
  readonly intent: string
  readonly confidence: number
  readonly effects: readonly Effect[]
  readonly error?: unknown
}

export type ReceiveMessageDeps = {
  readonly store: Store
  /** Read anew for each turn, so that content may be exchanged while the server runs. */
  readonly content: () => Content
  readonly clock: Clock
  readonly ids: Ids
  /** Where who waits for a human stands; merchants who ask are told. */
  readonly waiting?: FindWaiting
  readonly onTurn?: (report: TurnReport) => void
}

/**
 * Makes the one use case of the inbound side: mask, then one transaction { drop a copy, load and lock the
 * conversation, understand, take the turn, save everything }.
 *
 * Idempotent by `dedupeKey`. A turn that throws is not a failed write: the message is stored, the merchant told,
 * the conversation handed over with reason `error`. Rejects with `unavailable` when the store cannot write and
 * `invalid` for an empty message.
 */
export function receiveMessage(deps: ReceiveMessageDeps): ReceiveMessage {
  return async (message) => {
    const now = deps.clock.now()
    const content = deps.content()
    const waiting = await askedWaiting(deps, message, content)
    const context: TurnContext = {
      now,
      ticketId: ticketId(deps.ids.id()),
      ticketNumber: deps.ids.ticketNumber(now),
      ...(waiting === undefined ? {} : { waiting }),
    }
    const fresh = conversationId(deps.ids.id())
    const pictures = await picturesOf(deps.store, message)
    let report: TurnReport | undefined
    let lookedForBefore: string | undefined
    const decide = (current: Conversation | undefined): TurnDecision<Received> => {
      const copy = current?.dedupe.find(({ key }) => key === message.dedupeKey)
      if (current !== undefined && copy !== undefined) {
        return { result: { seq: copy.seq, repeated: true, replies: [], conversation: current } }
      }
      if (pictures.refusal !== undefined) throw pictures.refusal
      const before = openConversation(current, message, { content, now, fresh })
      const turn = decideTurn(before, message, pictures.attachments, content, context)
      report = turn
      lookedForBefore = terminalToLookFor(before)
      const conversation = withDedupe(turn.conversation, message.dedupeKey, before.lastSeq + 1, now)
      return { conversation, result: receivedFrom(before, conversation, turn) }
    }
    const needs = { store: deps.store, content: () => content }
    const { result, conversation } = await changeConversation(needs, message.address, now, decide)
    const received = { ...result, ...(conversation === undefined ? {} : { conversation }) }
    if (report !== undefined) deps.onTurn?.(report)
    const sn = terminalToLookFor(received.conversation)
    // Other tickets are read in the turn that makes a terminal known; for a copy too, as that turn may have broken here.
    if (sn === undefined || sn === lookedForBefore) return received
    return raiseIfRepeated(deps, message, { received, sn, now })
  }
}

/** Looks at the queue only for who asks how far things are: nobody else is told. */
async function askedWaiting(
  { store, waiting }: ReceiveMessageDeps,
  { address, content: said }: InboundMessage,
  content: Content,
): Promise<Waiting | undefined> {
  if (waiting === undefined || said.kind !== 'text' || !mayAskProgress(content, said.text)) return undefined
  const current = await store.findCurrent(address)
  return current && waiting(current)
}

function picturesOf(store: Store, { address, content }: InboundMessage): Promise<SentPictures> {
  const ids = content.kind === 'text' ? (content.attachmentIds ?? []) : []
  if (content.kind === 'text' && content.text === '' && ids.length === 0) {
    throw new AppError('invalid', 'text: a message needs words or a picture')
  }
  return sendPictures(store, address, ids)
}

/** Raises the ticket of a terminal that is reported for the third time. */
async function raiseIfRepeated(
  deps: ReceiveMessageDeps,
  { address }: InboundMessage,
  { received, sn, now }: { readonly received: Received; readonly sn: string; readonly now: number },
): Promise<Received> {
  const { rows } = await deps.store.listTickets({ q: sn, limit: MOST_LOOKED_AT })
  const tickets = rows.map(({ ticket }) => ticket)
  if (!isRepeated(sn, tickets, now)) return received
  const { conversation } = await changeConversation(deps, address, now, (current) => ({
    conversation: raiseRepeated(current ?? received.conversation, deps.content()),
    result: undefined,
  }))
  return { ...received, ...(conversation === undefined ? {} : { conversation }) }
}

function decideTurn(
  before: Conversation,
  message: InboundMessage,
  attachments: readonly Attachment[],
  content: Content,
  context: TurnContext,
): TurnReport {
  const read = readMessage(before, message, { flows: content.flows, now: context.now })
  const sent = attachments.length === 0 ? {} : { attachments }
  let input: TurnInput = { ...read.input, ...sent, understanding: NOTHING_UNDERSTOOD }
  try {
    input = { ...input, understanding: understand(content, read.whole, context.now, read.asking) }
    return takeTurn(read.conversation, input, content, context)
  } catch (error) {
    return failedTurn(read.conversation, input, content, context, error)
  }
}

function receivedFrom(before: Conversation, conversation: Conversation, turn: TurnReport): Received {
  const seq = before.lastSeq + 1
  return {
    seq,
    repeated: false,
    replies: conversation.transcript.filter((line) => line.seq > seq),
    conversation,
    understood: { intent: turn.intent, confidence: turn.confidence },
  }
}
