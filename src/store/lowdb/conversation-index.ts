import type { MerchantAddress } from '../../app/ports.ts'
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
  readonly tickets: TicketBoard

  constructor(conversations: Map<ConversationId, IndexedConversation>) {
    this.#byId = conversations
    this.tickets = new TicketBoard(conversations.values())
    for (const conversation of conversations.values()) {
      this.#noteNewest(conversation)
      if (conversation.due !== undefined) this.#waiting.set(conversation.id, conversation)
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

  /** Newest conversations of merchants with a deadline at or before `now`, the most overdue first. */
  due(now: number, limit: number): readonly IndexedConversation[] {
    return [...this.#waiting.values()]
      .filter((one) => (one.due ?? Infinity) <= now && this.findNewest(one)?.id === one.id)
      .sort((a, b) => (a.due ?? 0) - (b.due ?? 0))
      .slice(0, limit)
  }

  put(conversation: IndexedConversation): void {
    this.tickets.replace(this.#byId.get(conversation.id), conversation)
    this.#byId.set(conversation.id, conversation)
    if (conversation.due === undefined) this.#waiting.delete(conversation.id)
    else this.#waiting.set(conversation.id, conversation)
    this.#noteNewest(conversation)
  }

  #noteNewest(conversation: IndexedConversation): void {
    const key = addressKey(conversation)
    const newest = this.#newest.get(key)
    if (newest === undefined || newest.id === conversation.id || isLater(conversation, newest)) {
      this.#newest.set(key, conversation)
    }
  }
}
