import { withContact } from '../core/contact.ts'
import type { Content } from '../core/content.ts'
import { type Conversation, type DedupeKey, emptyDialogue } from '../core/conversation.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type { InboundMessage } from './channel-ports.ts'

/** A quiet conversation ends after this; the merchant's next message opens a new one, linked to it. */
export const CONVERSATION_QUIET_MS = 24 * 60 * 60 * 1000
/** Copies of a message are known for this long. */
export const DEDUPE_MS = 7 * 24 * 60 * 60 * 1000

type Opening = {
  readonly content: Pick<Content, 'replies'>
  readonly now: number
  /** Id of a conversation that is to be opened. */
  readonly fresh: Conversation['id']
}

/**
 * The merchant's open conversation, or a new one, reached as the message says. It begins with the greeting where the
 * merchant sees it before writing; who follows an account was greeted then. Pure.
 */
export function openConversation(
  current: Conversation | undefined,
  message: Pick<InboundMessage, 'address' | 'contact' | 'firstConversationId'>,
  opening: Opening,
): Conversation {
  const isOpen = current !== undefined && !hasEnded(current, opening.now)
  const conversation = isOpen ? current : newConversation(current, message, opening)
  return withContact(conversation, message.contact, opening.now)
}

/** The conversation that knows a message, so that a copy of it gets no second turn. Pure. */
export function withDedupe(conversation: Conversation, key: string, seq: number, now: number): Conversation {
  const kept: readonly DedupeKey[] = conversation.dedupe.filter(({ at }) => now - at < DEDUPE_MS)
  return { ...conversation, dedupe: [...kept, { key, seq, at: now }] }
}

function newConversation(
  current: Conversation | undefined,
  { address, firstConversationId }: Pick<InboundMessage, 'address' | 'firstConversationId'>,
  { content, now, fresh }: Opening,
): Conversation {
  const firstSeq = (current?.lastSeq ?? 0) + 1
  const greeting: TranscriptLine = { seq: firstSeq, author: 'bot', text: content.replies.greet, at: now }
  const transcript = address.channel === 'wechat' ? [] : [greeting]
  return {
    id: current === undefined ? (firstConversationId ?? fresh) : fresh,
    channel: address.channel,
    merchantKey: address.merchantKey,
    createdAt: now,
    updatedAt: now,
    holder: 'bot',
    epoch: 1,
    dialogue: emptyDialogue(),
    firstSeq,
    lastSeq: firstSeq - 1 + transcript.length,
    processedSeq: current?.processedSeq ?? 0,
    transcript,
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
