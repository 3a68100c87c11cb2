import type { DeliveryCounts, MerchantAddress } from '../../app/ports.ts'
import type { ChannelName } from '../../core/conversation.ts'
import { AppError } from '../../core/errors.ts'
import type { ConversationId } from '../../core/ids.ts'
import { addressKey, isLater } from './indexed-conversation.ts'
import type { IndexedConversation } from './indexed-conversation.ts'
import { TicketBoard } from './ticket-board.ts'

/** What is known of all conversations without reading their files. It tells of durable versions only. */
export class ConversationIndex {
  readonly #byId: Map<ConversationId, IndexedConversation>
  readonly #newest = new Map<string, IndexedConversation>()
  /** Conversations with a deadline, so that looking for what is due does not go through all. */
  readonly #waiting = new Map<ConversationId, IndexedConversation>()
  /** Conversations with something on its way to the merchant. */
  readonly #sending = new Map<ConversationId, IndexedConversation>()
  readonly tickets: TicketBoard

  constructor(conversations: Map<ConversationId, IndexedConversation>) {
    this.#byId = conversations
    this.tickets = new TicketBoard(conversations.values())
    for (const conversation of conversations.values()) {
      this.#noteNewest(conversation)
      this.#noteWork(conversation)
    }
  }

  get size(): number {
    return this.#byId.size
  }

  all(): readonly IndexedConversation[] {
    return [...this.#byId.values()]
  }

  find(id: ConversationId): IndexedConversation | undefined {
    return this.#byId.get(id)
  }

  /** The merchant's newest conversation. */
  findNewest(address: MerchantAddress): IndexedConversation | undefined {
    return this.#newest.get(addressKey(address))
  }

  /** The merchant's conversation before this one. */
  before({ previous }: IndexedConversation): IndexedConversation | undefined {
    return previous === undefined ? undefined : this.find(previous)
  }

  /**
   * A merchant's conversations, newest first; with `after` those before that one. Throws `invalid` when it is not of
   * this merchant.
   */
  historyOf(address: MerchantAddress, after?: string): readonly IndexedConversation[] {
    const found: IndexedConversation[] = []
    for (let at = this.findNewest(address); at !== undefined; at = this.before(at)) found.push(at)
    if (after === undefined) return found
    const place = found.findIndex(({ id }) => id === after)
    if (place < 0) throw new AppError('invalid', 'the cursor is not one this list gave out')
    return found.slice(place + 1)
  }

  /** Newest conversations of merchants with a deadline at or before `now`, the most overdue first. */
  due(now: number, limit: number): readonly IndexedConversation[] {
    return this.#earliest(this.#waiting, ({ due }) => due, now, limit)
  }

  /** Newest conversations of a channel's merchants whose outbox is due at or before `now`, the most overdue first. */
  outgoing(channel: ChannelName, now: number, limit: number): readonly IndexedConversation[] {
    const timeOf = (one: IndexedConversation): number | undefined =>
      one.channel === channel ? one.outgoing : undefined
    return this.#earliest(this.#sending, timeOf, now, limit)
  }

  /** Conversations with lines that have not arrived for sure, the newest first. */
  unsent(limit: number): readonly IndexedConversation[] {
    return [...this.#byId.values()]
      .filter(({ unsent }) => unsent !== undefined)
      .sort((a, b) => b.createdAt - a.createdAt)
      .slice(0, limit)
  }

  deliveryCounts(now: number): DeliveryCounts {
    const newest = [...this.#sending.values()].filter((one) => this.findNewest(one)?.id === one.id)
    const first = Math.min(...newest.map(({ outgoing = Infinity }) => outgoing))
    const unsent = [...this.#byId.values()].reduce((sum, one) => sum + (one.unsent ?? 0), 0)
    return { outgoing: newest.length, overdueMs: Math.max(0, now - first), unsent }
  }

  put(conversation: IndexedConversation): void {
    this.tickets.replace(this.#byId.get(conversation.id), conversation)
    this.#byId.set(conversation.id, conversation)
    this.#noteWork(conversation)
    this.#noteNewest(conversation)
  }

  #earliest(
    waiting: ReadonlyMap<ConversationId, IndexedConversation>,
    timeOf: (one: IndexedConversation) => number | undefined,
    now: number,
    limit: number,
  ): readonly IndexedConversation[] {
    return [...waiting.values()]
      .filter((one) => (timeOf(one) ?? Infinity) <= now && this.findNewest(one)?.id === one.id)
      .sort((a, b) => (timeOf(a) ?? 0) - (timeOf(b) ?? 0))
      .slice(0, limit)
  }

  #noteWork(conversation: IndexedConversation): void {
    const { id, due, outgoing } = conversation
    if (due === undefined) this.#waiting.delete(id)
    else this.#waiting.set(id, conversation)
    if (outgoing === undefined) this.#sending.delete(id)
    else this.#sending.set(id, conversation)
  }

  #noteNewest(conversation: IndexedConversation): void {
    const key = addressKey(conversation)
    const newest = this.#newest.get(key)
    if (newest === undefined || newest.id === conversation.id || isLater(conversation, newest)) {
      this.#newest.set(key, conversation)
    }
  }
}
