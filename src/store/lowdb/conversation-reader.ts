import type { MerchantAddress, TicketRow } from '../../app/ports.ts'
import type { Conversation } from '../../core/conversation.ts'
import { isOwnId } from '../../core/ids.ts'
import type { ConversationId } from '../../core/ids.ts'
import type { TranscriptLine } from '../../core/transcript.ts'
import type { ConversationIndex } from './conversation-index.ts'
import type { ConversationShelf } from './conversation-shelf.ts'
import { CorruptFileError } from './envelope.ts'
import { addressKey } from './indexed-conversation.ts'
import type { SerialQueue } from './serial-queue.ts'
import type { BoardRow } from './ticket-board.ts'

/** Reads conversations as last made durable. What lists leave out because it is damaged is reported. */
export class ConversationReader {
  readonly #shelf: ConversationShelf
  readonly #index: ConversationIndex
  readonly #turns: SerialQueue
  readonly #report: (message: string) => void

  constructor(parts: {
    shelf: ConversationShelf
    index: ConversationIndex
    /** Lanes of the merchants' turns: what is not in memory is read in line with them. */
    turns: SerialQueue
    report: (message: string) => void
  }) {
    this.#shelf = parts.shelf
    this.#index = parts.index
    this.#turns = parts.turns
    this.#report = parts.report
  }

  async findCurrent(address: MerchantAddress): Promise<Conversation | undefined> {
    const newest = this.#index.findNewest(address)
    return newest === undefined ? undefined : this.find(newest.id)
  }

  async find(id: ConversationId): Promise<Conversation | undefined> {
    return (await this.#open(id))?.conversation
  }

  async transcript(id: ConversationId): Promise<readonly TranscriptLine[]> {
    const stored = await this.#open(id)
    return stored === undefined ? [] : this.#shelf.linesOf(stored, 0)
  }

  async lines(address: MerchantAddress, after: number, limit: number): Promise<readonly TranscriptLine[]> {
    const newest = this.#index.findNewest(address)
    const parts: (readonly TranscriptLine[])[] = []
    for (let at = newest; at !== undefined && at.lastSeq > after; at = this.#index.before(at)) {
      const lines = await this.#linesOf(at.id, after, at.id === newest?.id)
      parts.unshift(lines)
      const first = lines[0]
      if (first !== undefined && first.seq <= after + 1) break
    }
    return parts.flat().slice(0, Math.max(0, limit))
  }

  /** A merchant's conversations, newest first. Throws `invalid` for a cursor that is not of this merchant. */
  async history(
    address: MerchantAddress,
    { after, limit }: { readonly after?: string; readonly limit: number },
  ): Promise<{ conversations: readonly Conversation[]; next?: string }> {
    const known = this.#index.historyOf(address, after)
    const page = known.slice(0, limit)
    const read = await Promise.all(
      page.map(({ id }) => this.find(id).catch((error: unknown) => this.#skipDamaged(error))),
    )
    const last = page.at(-1)
    return {
      conversations: read.filter((one) => one !== undefined),
      ...(known.length > limit && last !== undefined ? { next: last.id } : {}),
    }
  }

  async ticketRows(rows: readonly BoardRow[]): Promise<readonly TicketRow[]> {
    const read = await Promise.all(
      rows.map((row) => this.ticketRow(row).catch((error: unknown) => this.#skipDamaged(error))),
    )
    return read.filter((row) => row !== undefined)
  }

  async ticketRow({ ticket, conversation }: BoardRow): Promise<TicketRow | undefined> {
    const { id: conversationId, channel, epoch } = conversation
    const row = { conversationId, channel, epoch }
    if (ticket.open !== undefined) return { ...row, ticket: ticket.open }
    const whole = await this.find(conversationId)
    const found = whole?.tickets.find(({ id }) => id === ticket.id)
    if (found === undefined) return undefined
    const rating = whole?.ratings?.find(({ ticketId }) => ticketId === ticket.id)
    return { ...row, ticket: found, ...(rating === undefined ? {} : { rating }) }
  }

  /** A conversation as last made durable. What is not in memory is read in line with its merchant's turns. */
  async #open(id: ConversationId): Promise<ReturnType<ConversationShelf['inMemory']>> {
    const known = isOwnId(id) ? this.#index.find(id) : undefined
    if (known === undefined) return undefined
    return this.#shelf.inMemory(id) ?? this.#turns.run(addressKey(known), () => this.#shelf.open(known))
  }

  /** Lines after `after`. Of an earlier conversation that is damaged there are none: the talk goes on. */
  async #linesOf(id: ConversationId, after: number, isNewest: boolean): Promise<readonly TranscriptLine[]> {
    try {
      const stored = await this.#open(id)
      return stored === undefined ? [] : await this.#shelf.linesOf(stored, after)
    } catch (error) {
      if (isNewest) throw error
      this.#skipDamaged(error)
      return []
    }
  }

  #skipDamaged(error: unknown): undefined {
    if (!(error instanceof CorruptFileError)) throw error
    this.#report(`${error.message}; left out`)
    return undefined
  }
}
