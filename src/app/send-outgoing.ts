import { CHANNELS, type ChannelName, type Conversation } from '../core/conversation.ts'
import { DELIVERY_RULES, type OutboxEntry, type SendOutcome } from '../core/outbox.ts'
import {
  claimEntry,
  endGrace,
  expireEntries,
  giveUpEntries,
  nextRun,
  queuedEntries,
  recordOutcome,
  settleInterrupted,
} from '../core/outbox-lane.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import { InHand, keyOf } from './in-hand.ts'
import { linesOf, mergedLine, uncounted } from './outgoing-lines.ts'
import type { Bus, Clock, MerchantAddress, Random, Store, TurnDecision } from './ports.ts'

/** Sends of one channel at the same time: a provider that hangs holds no other channel up. */
const MOST_LANES = 16
const MOST_LOOKED_AT = 1_000
/** A conversation that could not be read or had nothing to do after all is left alone for this long. */
const REST_MS = 2_000
const PUSHED = CHANNELS.filter((name) => DELIVERY_RULES[name] !== undefined)

export type OutgoingNeeds = {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly random: Random
  /** Sends one line; never rejects (`MessageHub.send`). */
  readonly send: (conversation: Conversation, line: TranscriptLine) => Promise<SendOutcome>
  /** When a merchant's next line may leave, where the channel sets a pace. */
  readonly notBefore?: (address: MerchantAddress) => number
  /** Told of every outcome: for log and metrics. */
  readonly onOutcome?: (conversation: Conversation, seq: number, outcome: SendOutcome) => void
  /** Told of a conversation that could not be read or written; it is tried again. */
  readonly onError: (error: unknown, address: MerchantAddress) => void
}

/**
 * Lines taken to be answered within the merchant's own request. They are `sending`, durably, and nobody else sends
 * them. Call exactly one of the two; after a crash in between they are `unknown`.
 */
export type PassiveAnswer = {
  readonly conversation: Conversation
  readonly lines: readonly TranscriptLine[]
  /** They were written to a connection that was still open. */
  sent(): Promise<void>
  /** They surely did not leave: they are queued again, to be pushed after `afterMs` or taken once more before. */
  requeue(afterMs?: number): Promise<void>
}

/** What became of lines of one merchant. */
type Result = {
  readonly address: MerchantAddress
  readonly seqs: readonly number[]
  readonly outcome: SendOutcome
}

type Claim = { readonly conversation: Conversation; readonly entries: readonly OutboxEntry[] }

/**
 * Sends what is in the outboxes: claims an entry durably (`sending`), lets it go, and records durably what became of
 * it. One line of a conversation at a time, conversations side by side. A line found in `sending` that is not in hand
 * here belongs to a crash: it becomes `unknown` and is not sent again.
 */
export class OutboxSender {
  readonly #needs: OutgoingNeeds
  readonly #lanes = new Map<string, { readonly channel: ChannelName; readonly work: Promise<void> }>()
  readonly #inHand = new InHand()
  readonly #resting = new Map<string, number>()
  readonly #full = new Set<ChannelName>()
  #unrecorded: Result[] = []
  #isStopping = false

  constructor(needs: OutgoingNeeds) {
    this.#needs = needs
  }

  /** Starts sending whatever is due and free to go; does not wait for it. Rejects when the store cannot say what is due. */
  async look(): Promise<void> {
    await this.#recordLate()
    for (const channel of PUSHED) await this.#lookAt(channel)
  }

  /**
   * Takes the queued lines up to `upToSeq` for an answer within the merchant's own request, before the loop pushes
   * them; undefined when there are none or one is being sent just now. `howMany` says how many of them the answer can
   * hold, counted from the first; what it cannot hold is pushed at once. Rejects as the store does.
   */
  async takePassive(
    address: MerchantAddress,
    upToSeq: number,
    howMany: (lines: readonly TranscriptLine[]) => number = (lines) => lines.length,
  ): Promise<PassiveAnswer | undefined> {
    const { clock } = this.#needs
    const taken = await this.#claim(address, (conversation) => {
      const queued = queuedEntries(conversation, upToSeq)
      const lines = linesOf(conversation, seqsOf(queued))
      // A line from an older part of the transcript would have to go first: that is left to the loop.
      const count = lines.length < queued.length ? 0 : Math.max(0, howMany(lines))
      return { conversation: endGrace(conversation, upToSeq, clock.now()), entries: queued.slice(0, count) }
    })
    if (taken === undefined) return undefined
    const { conversation, entries } = taken
    const seqs = seqsOf(entries)
    const record = (outcome: SendOutcome): Promise<void> => this.#record({ address, seqs, outcome })
    return {
      conversation,
      lines: linesOf(conversation, seqs),
      // An answer within the request is none of the messages a provider counts.
      sent: () => record({ kind: 'sent', messages: 0 }),
      requeue: (afterMs = 0) => record({ kind: 'retry', afterMs, reason: 'connection_closed' }),
    }
  }

  /** Sends nothing more to a merchant who has gone: what waits is `failed`. Rejects as the store does. */
  async giveUp(address: MerchantAddress, reason: string): Promise<void> {
    await this.#change(address, (current) => giveUpEntries(current, reason))
  }

  /** Resolves once nothing is at work. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.allSettled([...this.#lanes.values()].map(({ work }) => work))
  }

  /** Claims nothing more and waits for the sends in hand and their outcomes. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.idle()
    await this.#recordLate()
  }

  async #lookAt(channel: ChannelName): Promise<void> {
    const { store, clock } = this.#needs
    const now = clock.now()
    this.#full.delete(channel)
    for (const address of await store.findOutgoing(channel, now, MOST_LOOKED_AT)) {
      if (this.#isStopping) return
      if (!this.#mayStart(address, now)) continue
      if (this.#lanesOf(channel) >= MOST_LANES) {
        this.#full.add(channel)
        return
      }
      this.#startLane(address)
    }
  }

  #mayStart(address: MerchantAddress, now: number): boolean {
    const key = keyOf(address)
    const rests = (this.#resting.get(key) ?? 0) > now
    if (!rests) this.#resting.delete(key)
    return !rests && !this.#lanes.has(key) && !this.#inHand.has(address) && this.#pace(address) <= now
  }

  #startLane(address: MerchantAddress): void {
    const key = keyOf(address)
    const work = this.#runLane(address)
      .catch((error: unknown) => {
        this.#resting.set(key, this.#needs.clock.now() + REST_MS)
        this.#needs.onError(error, address)
      })
      .then(() => {
        this.#lanes.delete(key)
        if (this.#full.has(address.channel)) return this.#afterwards()
        return undefined
      })
    this.#lanes.set(key, { channel: address.channel, work })
  }

  /** Sends one message after the other, as long as one may leave. */
  async #runLane(address: MerchantAddress): Promise<void> {
    const { clock, onOutcome } = this.#needs
    for (let isFirst = true; ; isFirst = false) {
      if (this.#isStopping || this.#pace(address) > clock.now()) return
      const claimed = await this.#claim(address, (conversation) => {
        return { conversation, entries: nextRun(conversation, clock.now()) }
      })
      if (claimed === undefined) {
        if (isFirst) this.#resting.set(keyOf(address), clock.now() + REST_MS)
        return
      }
      const seqs = seqsOf(claimed.entries)
      const outcome = await this.#send(claimed.conversation, seqs)
      for (const seq of seqs) onOutcome?.(claimed.conversation, seq, outcome)
      await this.#record({ address, seqs, outcome })
    }
  }

  /** Sends lines as one message; several only where they stand in the conversation itself. */
  async #send(conversation: Conversation, seqs: readonly number[]): Promise<SendOutcome> {
    const { store, send } = this.#needs
    const line = mergedLine(linesOf(conversation, seqs))
    if (line !== undefined) return send(conversation, line)
    const seq = seqs[0] ?? 0
    const [older] = await store.readLines(conversation, seq - 1, 1).catch(() => [])
    if (older?.seq !== seq) return { kind: 'failed', reason: 'line_missing' }
    return send(conversation, older)
  }

  /** Marks the entries that `choose` wants as being sent, durably; undefined when it wants none. */
  async #claim(
    address: MerchantAddress,
    choose: (conversation: Conversation) => Claim,
  ): Promise<Claim | undefined> {
    let entries: readonly OutboxEntry[] = []
    let seqs: readonly number[] = []
    try {
      const conversation = await this.#change(address, (current) => {
        this.#inHand.letGo(address, seqs)
        const settled = settleInterrupted(current, (seq) => this.#inHand.has(address, seq))
        const chosen = choose(expireEntries(settled, this.#needs.clock.now()))
        entries = chosen.entries
        seqs = seqsOf(entries)
        this.#inHand.take(address, seqs)
        return seqs.reduce(claimEntry, chosen.conversation)
      })
      return conversation === undefined || entries.length === 0 ? undefined : { conversation, entries }
    } catch (error) {
      // The claim may have reached the disk, but nothing has left: it is taken back as soon as the disk allows.
      if (seqs.length > 0) {
        this.#unrecorded.push({ address, seqs, outcome: { kind: 'retry', afterMs: 0, reason: 'not_stored' } })
      }
      throw error
    }
  }

  /** Writes what became of lines. When the disk refuses, it is kept in hand and written later. */
  async #record(result: Result): Promise<void> {
    try {
      await this.#write(result)
    } catch (error) {
      this.#unrecorded.push(result)
      throw error
    }
  }

  async #recordLate(): Promise<void> {
    const late = this.#unrecorded
    this.#unrecorded = []
    for (const result of late) {
      await this.#record(result).catch((error: unknown) => this.#needs.onError(error, result.address))
    }
  }

  async #write({ address, seqs, outcome }: Result): Promise<void> {
    const settings = { now: this.#needs.clock.now(), random: this.#needs.random() }
    await this.#change(address, (current) =>
      // Lines that left together are one message.
      seqs.reduce(
        (state, seq, index) =>
          recordOutcome(state, seq, index === 0 ? outcome : uncounted(outcome), settings),
        current,
      ),
    )
    this.#inHand.letGo(address, seqs)
  }

  /** Changes the outbox of a merchant's conversation and tells whoever watches; undefined when nothing is stored. */
  async #change(
    address: MerchantAddress,
    change: (current: Conversation) => Conversation,
  ): Promise<Conversation | undefined> {
    const { store, bus } = this.#needs
    let isChanged = false
    const after = await store.turn(address, (current): TurnDecision<Conversation | undefined> => {
      const next = current === undefined ? undefined : change(current)
      isChanged = next !== current
      return { ...(next === undefined || !isChanged ? {} : { conversation: next }), result: next }
    })
    if (after !== undefined && isChanged) bus.publish({ address, lastSeq: after.lastSeq })
    return after
  }

  async #afterwards(): Promise<void> {
    await this.look().catch(() => undefined)
  }

  #pace(address: MerchantAddress): number {
    return this.#needs.notBefore?.(address) ?? 0
  }

  #lanesOf(channel: ChannelName): number {
    return [...this.#lanes.values()].filter((lane) => lane.channel === channel).length
  }
}

function seqsOf(entries: readonly OutboxEntry[]): readonly number[] {
  return entries.map(({ seq }) => seq)
}
