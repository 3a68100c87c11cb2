import { asksForRating } from '../core/desk/rate.ts'
import type { Holder } from '../core/conversation.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type { MerchantAddress, Store } from './ports.ts'
import type { FindServing, Serving } from './serving.ts'
import type { FindWaiting, Waiting } from './waiting.ts'

/** Where a merchant's talk stands. Before the first message nothing is stored and all is zero. */
export type TalkStatus = {
  readonly lastSeq: number
  readonly processedSeq: number
  readonly holder: Holder
  /** Place in the queue; only while nobody has taken the ticket. */
  readonly waiting?: Waiting
  /** Who of the staff holds the talk. */
  readonly serving?: Serving
  /** Up to here the merchant has seen the lines of staff. */
  readonly readSeq?: number
  /** First seq of a talk in which the bot has helped and was not rated yet. */
  readonly rateable?: number
}

/** What a merchant's talk is read from. */
export type TalkSources = {
  readonly store: Store
  readonly waiting: FindWaiting
  readonly serving: FindServing
}

export type LinesPage = TalkStatus & { readonly lines: readonly TranscriptLine[] }

/** Reads where a merchant's talk stands. Rejects as the store does. */
export async function readStatus(
  { store, waiting, serving }: TalkSources,
  address: MerchantAddress,
): Promise<TalkStatus> {
  const current = await store.findCurrent(address)
  if (!current) return { lastSeq: 0, processedSeq: 0, holder: 'bot' }
  const { lastSeq, processedSeq, holder } = current
  const place = await waiting(current)
  const agent = await serving(current)
  return {
    lastSeq,
    processedSeq,
    holder,
    ...(place === undefined ? {} : { waiting: place }),
    ...(agent === undefined ? {} : { serving: agent }),
    ...(current.readSeq === undefined ? {} : { readSeq: current.readSeq }),
    ...(asksForRating(current) ? { rateable: current.firstSeq } : {}),
  }
}

/**
 * Reads a merchant's lines after `after`, over all their conversations, with where the talk stands.
 *
 * Whenever `processedSeq` covers a message, its replies are among the stored lines. Rejects as the store does.
 */
export async function readLines(
  sources: TalkSources,
  address: MerchantAddress,
  after: number,
  limit: number,
): Promise<LinesPage> {
  // Status first, lines second: the other way round a turn in between would be announced without its replies.
  const status = await readStatus(sources, address)
  const lines = await sources.store.readLines(address, after, limit)
  return { ...status, lastSeq: Math.max(status.lastSeq, lines.at(-1)?.seq ?? 0), lines }
}
