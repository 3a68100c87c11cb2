import { type Conversation, emptyDialogue } from './conversation.ts'
import { giveUpEntries } from './outbox-lane.ts'
import type { Ticket } from './ticket.ts'
import type { TranscriptLine } from './transcript.ts'

/** What stands where words were. */
export const ERASED = '（已删除）'

/** Says whether what is personal in a talk is to go: the merchant left, and no ticket needs it any more. Pure. */
export function isErasable({ leftAt, tickets }: Conversation): boolean {
  return leftAt !== undefined && tickets.every(({ status }) => status === 'resolved')
}

/**
 * The conversation in which the merchant has left the channel: nothing more is sent, and there is no way to reach
 * them. Pure.
 */
export function withoutMerchant(conversation: Conversation, now: number): Conversation {
  const { reach, quota, ...rest } = giveUpEntries(conversation, 'unsubscribed')
  void reach
  void quota
  return { ...rest, leftAt: now }
}

/** A line without what was said; who spoke when stays. Pure. */
export function erasedLine({ seq, author, at }: TranscriptLine): TranscriptLine {
  return { seq, author, text: ERASED, at }
}

/**
 * The conversation without anything personal: no words, facts, notes or comments. What the figures count, the ids and
 * the keys of messages already taken stay. Pure and idempotent.
 */
export function erased(conversation: Conversation): Conversation {
  const { reach, quota, ...rest } = conversation
  void reach
  void quota
  return {
    ...rest,
    dialogue: emptyDialogue(),
    transcript: conversation.transcript.map(erasedLine),
    tickets: conversation.tickets.map(erasedTicket),
    ...(conversation.ratings === undefined
      ? {}
      : { ratings: conversation.ratings.map(({ comment, ...rating }) => (void comment, rating)) }),
  }
}

/** The conversation whose erasure is complete: nothing is due any more. Pure. */
export function afterErasure(conversation: Conversation): Conversation {
  const { leftAt, ...rest } = conversation
  void leftAt
  return { ...rest, deadlines: [] }
}

function erasedTicket(ticket: Ticket): Ticket {
  const { fix, notes, card, ...rest } = ticket
  const { merchant, responseCode, nextUntriedStep, ...facts } = card
  void nextUntriedStep
  void responseCode
  return {
    ...rest,
    ...(fix === undefined ? {} : { fix: ERASED }),
    ...(notes === undefined ? {} : { notes: notes.map((note) => ({ ...note, text: ERASED })) }),
    additions: [],
    card: {
      ...facts,
      path: [],
      slots: {},
      merchant: { id: merchant.id, channel: merchant.channel, conversations: merchant.conversations },
    },
  }
}
