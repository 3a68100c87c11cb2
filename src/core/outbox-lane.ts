import type { Conversation } from './conversation.ts'
import { AppError } from './errors.ts'
import { afterSending, type Quota, usedUp } from './quota.ts'
import { DELIVERY_RULES, isPending, type OutboxEntry, requeued, type SendOutcome } from './outbox.ts'

/** Reasons that tell of the provider's count of messages. */
export const QUOTA_USED = 'quota'
export const WINDOW_CLOSED = 'window_closed'
/** Share of a wait by which it is made shorter or longer, so that many lanes do not come back at once. */
const JITTER = 0.2

/**
 * The entry that may leave now: the head of the conversation's lane, or a parked one whose time has come. Nothing while
 * one is being sent, since lines arrive in their order. Pure.
 */
export function nextToSend(
  { outbox = [] }: Pick<Conversation, 'outbox'>,
  now: number,
): OutboxEntry | undefined {
  if (outbox.some(({ state }) => state === 'sending')) return undefined
  for (const entry of outbox) {
    if (!isPending(entry)) continue
    if (entry.nextAt <= now) return entry
    if (entry.state === 'queued') return undefined
  }
  return undefined
}

/**
 * The entries that may leave now as one message: the next one, and where the channel counts messages what bot and
 * system said right after it. A question with choices ends a message. Pure.
 */
export function nextRun(conversation: Conversation, now: number): readonly OutboxEntry[] {
  const { outbox = [], channel, transcript, dialogue } = conversation
  const head = nextToSend(conversation, now)
  if (head === undefined) return []
  if (DELIVERY_RULES[channel]?.mergesLines !== true || head.state !== 'queued') return [head]
  const run: OutboxEntry[] = []
  for (const entry of outbox.slice(outbox.indexOf(head))) {
    const line = transcript.find(({ seq }) => seq === entry.seq)
    const isOurs = line !== undefined && line.author !== 'agent' && line.author !== 'merchant'
    if (entry.state !== 'queued' || entry.nextAt > now || !isOurs) break
    run.push(entry)
    if (entry.seq === dialogue.offered?.seq) break
  }
  return run.length === 0 ? [head] : run
}

/** The queued entries, oldest first, up to line `upToSeq`; none while one is being sent. Pure. */
export function queuedEntries({ outbox = [] }: Conversation, upToSeq: number): readonly OutboxEntry[] {
  if (outbox.some(({ state }) => state === 'sending')) return []
  return outbox.filter(({ state, seq }) => state === 'queued' && seq <= upToSeq)
}

/** The conversation with one entry marked as being sent. Pure. */
export function claimEntry(conversation: Conversation, seq: number): Conversation {
  return changedEntry(conversation, seq, (entry) => ({ ...requeued(entry, entry.nextAt), state: 'sending' }))
}

/** The conversation with queued entries up to `upToSeq` due at once: nobody answers them within a request. Pure. */
export function endGrace(conversation: Conversation, upToSeq: number, now: number): Conversation {
  return changedEntries(conversation, (entry) =>
    entry.state === 'queued' && entry.reason === undefined && entry.seq <= upToSeq && entry.nextAt > now
      ? requeued(entry, now)
      : entry,
  )
}

/** The conversation with what its time has run out for marked so. The same one when there is nothing. Pure. */
export function expireEntries(conversation: Conversation, now: number): Conversation {
  return changedEntries(conversation, (entry) =>
    entry.expiresAt <= now && (entry.state === 'queued' || entry.state === 'parked')
      ? { ...entry, state: 'expired', reason: entry.reason ?? 'too_late' }
      : entry,
  )
}

/**
 * The conversation with every entry in `sending` that nobody has in hand marked `unknown`: whoever sent it is gone, so
 * it may have arrived. Pure.
 */
export function settleInterrupted(
  conversation: Conversation,
  isInHand: (seq: number) => boolean,
): Conversation {
  return changedEntries(conversation, (entry) =>
    entry.state === 'sending' && !isInHand(entry.seq)
      ? { ...entry, state: 'unknown', reason: 'interrupted' }
      : entry,
  )
}

/**
 * The conversation with what became of the entry that was being sent. `random` is from 0 up to 1. Pure; the same
 * conversation when that entry is not being sent any more.
 */
export function recordOutcome(
  conversation: Conversation,
  seq: number,
  outcome: SendOutcome,
  { now, random }: { readonly now: number; readonly random: number },
): Conversation {
  const entry = conversation.outbox?.find((one) => one.seq === seq)
  if (entry?.state !== 'sending') return conversation
  const recorded = changedEntry(conversation, seq, () =>
    settled(conversation, entry, outcome, { now, random }),
  )
  const { quota } = conversation
  return quota === undefined ? recorded : { ...recorded, quota: quotaAfter(quota, outcome, now) }
}

function settled(
  conversation: Conversation,
  entry: OutboxEntry,
  outcome: SendOutcome,
  { now, random }: { readonly now: number; readonly random: number },
): OutboxEntry {
  switch (outcome.kind) {
    case 'sent': {
      const { providerMessageId } = outcome
      return { ...entry, state: 'sent', ...(providerMessageId === undefined ? {} : { providerMessageId }) }
    }
    case 'retry':
      return tryAgain(conversation, entry, outcome, { now, random })
    case 'parked':
      return {
        ...entry,
        state: 'parked',
        nextAt: outcome.until ?? entry.expiresAt,
        reason: outcome.reason,
      }
    case 'failed':
    case 'unknown':
      return { ...entry, state: outcome.kind, reason: outcome.reason }
  }
}

/** What a send leaves of the quota: what may have arrived counts, and the provider knows better than we. */
function quotaAfter(quota: Quota, outcome: SendOutcome, now: number): Quota {
  switch (outcome.kind) {
    case 'sent':
      return afterSending(quota, outcome.messages ?? 1, now)
    case 'unknown':
      return afterSending(quota, 1, now)
    case 'parked':
      return outcome.reason === QUOTA_USED ? usedUp(quota) : quota
    case 'failed':
      return outcome.reason === WINDOW_CLOSED ? [] : quota
    case 'retry':
      return quota
  }
}

/** The conversation in which nothing more is sent: the merchant has gone. Pure. */
export function giveUpEntries(conversation: Conversation, reason: string): Conversation {
  return changedEntries(conversation, (entry) =>
    entry.state === 'queued' || entry.state === 'parked' ? { ...entry, state: 'failed', reason } : entry,
  )
}

/**
 * The conversation with a line sent once more because staff want it so: with all its tries and its whole time. Pure.
 * Throws `not_found` for a line that never was on its way, `conflict` for one that arrived or still is.
 */
export function retryEntry(conversation: Conversation, seq: number, now: number): Conversation {
  const found = conversation.outbox?.find((entry) => entry.seq === seq)
  if (found === undefined) throw new AppError('not_found', `line ${seq} is not in the outbox`)
  if (found.state === 'sent' || found.state === 'queued' || found.state === 'sending') {
    throw new AppError('conflict', `line ${seq} is ${found.state}: it is not sent again`)
  }
  const windowMs = DELIVERY_RULES[conversation.channel]?.windowMs ?? 0
  return changedEntry(conversation, seq, (entry) => ({
    ...requeued(entry, now),
    attempts: 0,
    expiresAt: now + windowMs,
  }))
}

function tryAgain(
  { channel }: Conversation,
  entry: OutboxEntry,
  { afterMs, reason }: { readonly afterMs?: number; readonly reason: string },
  { now, random }: { readonly now: number; readonly random: number },
): OutboxEntry {
  const { backoffMs = [], mostAttempts = 1 } = DELIVERY_RULES[channel] ?? {}
  const attempts = entry.attempts + (afterMs === undefined ? 1 : 0)
  if (attempts >= mostAttempts) return { ...entry, attempts, state: 'failed', reason }
  const step = backoffMs[Math.min(attempts, backoffMs.length) - 1] ?? 0
  const waitMs = afterMs ?? step * (1 - JITTER + 2 * JITTER * random)
  return { ...entry, attempts, state: 'queued', nextAt: now + Math.round(waitMs), reason }
}

function changedEntry(
  conversation: Conversation,
  seq: number,
  change: (entry: OutboxEntry) => OutboxEntry,
): Conversation {
  return changedEntries(conversation, (entry) => (entry.seq === seq ? change(entry) : entry))
}

function changedEntries(
  conversation: Conversation,
  change: (entry: OutboxEntry) => OutboxEntry,
): Conversation {
  const { outbox = [] } = conversation
  const next = outbox.map(change)
  return next.every((entry, index) => entry === outbox[index])
    ? conversation
    : { ...conversation, outbox: next }
}
