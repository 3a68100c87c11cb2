import type { ChannelName, Conversation } from './conversation.ts'

export const DELIVERY_STATES = [
  'queued',
  'sending',
  'sent',
  'parked',
  'failed',
  'expired',
  'unknown',
] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/**
 * One line on its way to a merchant whose channel must be pushed to. Times are epoch ms.
 *
 * `queued` waits until `nextAt`; `sending` has perhaps left already; `parked` waits for the merchant's next message, or
 * until `nextAt`; `unknown` may have arrived or not and is never sent again by itself.
 */
export type OutboxEntry = {
  /** Of the line, which is in the merchant's transcript. */
  readonly seq: number
  readonly state: DeliveryState
  /** Sends that failed so far. */
  readonly attempts: number
  readonly nextAt: number
  readonly createdAt: number
  /** After this the line has lost its sense or the channel takes it no more. */
  readonly expiresAt: number
  /** Why it is not sent (yet): a short code, never a sentence. */
  readonly reason?: string
  readonly providerMessageId?: string
}

/** What a channel says of one send. Reasons are short codes such as `window_closed`. */
export type SendOutcome =
  /** `messages`: how many of the provider's own the line took, where it counts them; one when absent. */
  | { readonly kind: 'sent'; readonly providerMessageId?: string; readonly messages?: number }
  /** Surely not delivered. With `afterMs` the provider said when to come back: that counts as no failed send. */
  | { readonly kind: 'retry'; readonly afterMs?: number; readonly reason: string }
  /** Not to be sent before the merchant writes again, or before `until` (epoch ms). */
  | { readonly kind: 'parked'; readonly until?: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  /** May have been delivered: an answer that never came. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** How one channel is pushed to. */
export type DeliveryRules = {
  /** How long what matters (a person's words, news of a ticket) is tried. */
  readonly windowMs: number
  /** Waits before the second, third … try; the last one repeats. */
  readonly backoffMs: readonly number[]
  readonly mostAttempts: number
  /** True where messages are counted: lines of bot and system that wait together leave as one. */
  readonly mergesLines: boolean
  /** How long a turn's answer is left to whoever can give it within the merchant's own request. */
  readonly answerGraceMs: number
}

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** A bot's question older than this would confuse more than help. */
export const BOT_LINE_MS = 15 * MINUTE_MS

/** Channels that must be pushed to. On the others stored means delivered: their readers pull. */
export const DELIVERY_RULES: Readonly<Partial<Record<ChannelName, DeliveryRules>>> = {
  wechat: {
    windowMs: 48 * HOUR_MS,
    backoffMs: [SECOND_MS, 5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS],
    mostAttempts: 8,
    mergesLines: true,
    answerGraceMs: 5 * SECOND_MS,
  },
  slack: {
    windowMs: HOUR_MS,
    backoffMs: [1, 2, 4, 8, 16, 32, 64, 128, 256, 300].map((seconds) => seconds * SECOND_MS),
    mostAttempts: Number.POSITIVE_INFINITY,
    mergesLines: false,
    answerGraceMs: 0,
  },
}

/**
 * The conversation with an entry for each line that came since `before` and must be pushed. Called after every change,
 * in the same write. Pure and idempotent.
 *
 * A merchant's message releases what is parked; unsettled entries of an earlier conversation move to its successor;
 * settled ones go when their line leaves the conversation's own part of the transcript.
 */
export function withOutbox(before: Conversation | undefined, after: Conversation, now: number): Conversation {
  const rules = DELIVERY_RULES[after.channel]
  if (rules === undefined) return after
  const fresh = after.transcript.filter(({ seq }) => seq > (before?.lastSeq ?? 0))
  const isAnswer = fresh.some(({ author }) => author === 'merchant')
  const nextAt = isAnswer ? now + rules.answerGraceMs : now
  const known = after.outbox ?? before?.outbox?.filter(isPending) ?? []
  const kept = known
    .filter((entry) => isPending(entry) || entry.seq >= (after.transcript[0]?.seq ?? 0))
    .map((entry) =>
      isAnswer && entry.state === 'parked' ? { ...requeued(entry, nextAt), attempts: 0 } : entry,
    )
  const matters = changesHands(before, after)
  const made = fresh
    .filter(({ author, seq }) => author !== 'merchant' && !kept.some((entry) => entry.seq === seq))
    .map(({ seq, author }): OutboxEntry => {
      const lifeMs = author === 'agent' || matters ? rules.windowMs : BOT_LINE_MS
      return { seq, state: 'queued', attempts: 0, nextAt, createdAt: now, expiresAt: now + lifeMs }
    })
  if (kept.length + made.length === 0 && after.outbox === undefined) return after
  return { ...after, outbox: [...kept, ...made] }
}

/** The conversation whose last line answers a request that is still open, and is left to it for a while. Pure. */
export function withAnswerEntry(conversation: Conversation, now: number): Conversation {
  const rules = DELIVERY_RULES[conversation.channel]
  if (rules === undefined) return conversation
  const entry: OutboxEntry = {
    seq: conversation.lastSeq,
    state: 'queued',
    attempts: 0,
    nextAt: now + rules.answerGraceMs,
    createdAt: now,
    expiresAt: now + BOT_LINE_MS,
  }
  return { ...conversation, outbox: [...(conversation.outbox ?? []), entry] }
}

/** Says whether an entry still waits for its end. Pure. */
export function isPending({ state }: OutboxEntry): boolean {
  return state === 'queued' || state === 'sending' || state === 'parked'
}

/**
 * When the outbox of a conversation must be looked at again, epoch ms; undefined when nothing is on its way. An entry
 * in `sending` counts as due: whoever did not put it there has to settle it. Pure.
 */
export function nextOutgoing({ outbox = [] }: Conversation): number | undefined {
  let next = Number.POSITIVE_INFINITY
  for (const entry of outbox) {
    if (entry.state === 'sending') return entry.createdAt
    if (!isPending(entry)) continue
    next = Math.min(next, entry.nextAt, entry.expiresAt)
    // What comes behind the head of the lane waits for it.
    if (entry.state === 'queued') break
  }
  return Number.isFinite(next) ? next : undefined
}

/** Number of lines that did not arrive for sure: what staff may want to look at. Pure. */
export function countUnsent({ outbox = [] }: Conversation): number {
  return outbox.filter(({ state }) => state !== 'sent').length
}

/** An entry that is to be sent at `nextAt`, whatever became of it before. Pure. */
export function requeued({ seq, attempts, createdAt, expiresAt }: OutboxEntry, nextAt: number): OutboxEntry {
  return { seq, state: 'queued', attempts, nextAt, createdAt, expiresAt }
}

/** A turn that hands over or opens a ticket says what must arrive, also late. */
function changesHands(before: Conversation | undefined, after: Conversation): boolean {
  if (before?.id !== after.id) return after.holder !== 'bot' || after.tickets.length > 0
  return after.epoch !== before.epoch || after.tickets.length !== before.tickets.length
}
