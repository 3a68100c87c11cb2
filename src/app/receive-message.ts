import type { Content } from '../core/content.ts'
import { type Conversation, type DedupeKey, emptyDialogue } from '../core/conversation.ts'
import { AppError } from '../core/errors.ts'
import type { Effect } from '../core/effect.ts'
import { conversationId, ticketId } from '../core/ids.ts'
import type { Asking } from '../core/nlu/entities/extract.ts'
import { understand } from '../core/nlu/understand.ts'
import { NOTHING_UNDERSTOOD } from '../core/nlu/understanding.ts'
import { askingOf } from '../core/open-question.ts'
import { isRepeated, raiseRepeated, terminalToLookFor } from '../core/repeated-repair.ts'
import { hidePieces } from '../core/privacy/hide-pieces.ts'
import { mask, maskSplit } from '../core/privacy/mask.ts'
import { mayAskProgress } from '../core/turn/collect.ts'
import { type TurnContext, type TurnInput, takeTurn } from '../core/turn.ts'
import type { Attachment, TranscriptLine } from '../core/transcript.ts'
import { changeConversation } from './change-conversation.ts'
import { failedTurn } from './failed-turn.ts'
import { type SentPictures, sendPictures } from './sent-pictures.ts'
import type { FindWaiting, Waiting } from './waiting.ts'
import type { Clock, Ids, InboundMessage, ReceiveMessage, Received, Store, TurnDecision } from './ports.ts'

/** A quiet conversation ends after this; the merchant's next message opens a new one, linked to it. */
export const CONVERSATION_QUIET_MS = 24 * 60 * 60 * 1000
/** Copies of a message are known for this long. */
export const DEDUPE_MS = 7 * 24 * 60 * 60 * 1000
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
      const before = openConversation(current, message, content, now, fresh)
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
  const read = readMessage(before, message, content, context.now)
  const sent = attachments.length === 0 ? {} : { attachments }
  let input: TurnInput = { ...read.input, ...sent, understanding: NOTHING_UNDERSTOOD }
  try {
    input = { ...input, understanding: understand(content, read.whole, context.now, read.asking) }
    return takeTurn(read.conversation, input, content, context)
  } catch (error) {
    return failedTurn(read.conversation, input, content, context, error)
  }
}

/** A message behind the door: masked, but for telephone numbers in `whole`, which stays in memory. */
type ReadMessage = {
  readonly conversation: Conversation
  readonly input: Omit<TurnInput, 'understanding'>
  readonly whole: string
  readonly asking?: Asking
}

/** Masks the message; a choice of the open question keeps its id, a stale one is its label. */
function readMessage(
  before: Conversation,
  message: InboundMessage,
  content: Content,
  now: number,
): ReadMessage {
  if (message.content.kind === 'choice') {
    const { label, isOpen } = chosen(before, message.content)
    const input = { text: label, hidden: false, ...(isOpen ? { choiceId: message.content.id } : {}) }
    return { conversation: before, input, whole: label }
  }
  const asking = askingOf(before, content)
  const recent = recentLines(before)
  const split = maskSplit(recent, message.content.text, now)
  if (split !== undefined) {
    const hidden = new Map([...split.earlier].map(([index, text]) => [recent[index]?.seq ?? 0, text]))
    const input = { text: split.text, hidden: true }
    return { conversation: hidePieces(before, hidden), input, whole: split.text, asking }
  }
  const whole = mask(message.content.text, { phones: 'keep', answering: asking.slots })
  const stored = mask(message.content.text, { phones: 'mask', answering: asking.slots })
  const input = { text: stored.text, hidden: whole.hits.length > 0 }
  return { conversation: before, input, whole: whole.text, asking }
}

function chosen(
  conversation: Conversation,
  choice: { readonly id: string; readonly promptSeq: number },
): { readonly label: string; readonly isOpen: boolean } {
  const line = conversation.transcript.find(({ seq }) => seq === choice.promptSeq)
  const label = line?.choices?.find(({ id }) => id === choice.id)?.label
  if (label === undefined) {
    throw new AppError('invalid', `line ${choice.promptSeq} offered no choice "${choice.id}"`)
  }
  return { label, isOpen: conversation.dialogue.offered?.seq === choice.promptSeq }
}

/** The merchant's own last lines, for numbers that are sent in pieces. */
function recentLines(conversation: Conversation): readonly TranscriptLine[] {
  const lines: TranscriptLine[] = []
  for (const line of [...conversation.transcript].reverse()) {
    if (line.author !== 'merchant') continue
    if (lines.length >= 20) break
    lines.unshift(line)
  }
  return lines
}

/** The merchant's open conversation, or a new one that begins with the greeting. */
function openConversation(
  current: Conversation | undefined,
  message: InboundMessage,
  content: Content,
  now: number,
  fresh: Conversation['id'],
): Conversation {
  if (current !== undefined && !hasEnded(current, now)) return current
  const firstSeq = (current?.lastSeq ?? 0) + 1
  const greeting: TranscriptLine = { seq: firstSeq, author: 'bot', text: content.replies.greet, at: now }
  return {
    id: current === undefined ? (message.firstConversationId ?? fresh) : fresh,
    channel: message.address.channel,
    merchantKey: message.address.merchantKey,
    createdAt: now,
    updatedAt: now,
    holder: 'bot',
    epoch: 1,
    dialogue: emptyDialogue(),
    firstSeq,
    lastSeq: firstSeq,
    processedSeq: current?.processedSeq ?? 0,
    transcript: [greeting],
    tickets: [],
    dedupe: current?.dedupe ?? [],
    ...(current === undefined ? {} : { previous: current.id }),
    conversations: (current?.conversations ?? 0) + 1,
  }
}

function hasEnded(conversation: Conversation, now: number): boolean {
  const quiet = now - conversation.updatedAt > CONVERSATION_QUIET_MS
  const waits = conversation.tickets.some(({ status }) => status !== 'resolved')
  return quiet && !waits
}

function withDedupe(conversation: Conversation, key: string, seq: number, now: number): Conversation {
  const kept: readonly DedupeKey[] = conversation.dedupe.filter(({ at }) => now - at < DEDUPE_MS)
  return { ...conversation, dedupe: [...kept, { key, seq, at: now }] }
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
