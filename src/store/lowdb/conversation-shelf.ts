import type { MerchantAddress, Rewriting } from '../../app/ports.ts'
import { emptyDialogue } from '../../core/conversation.ts'
import type { Conversation } from '../../core/conversation.ts'
import { AppError } from '../../core/errors.ts'
import { isOwnId } from '../../core/ids.ts'
import type { ConversationId } from '../../core/ids.ts'
import type { TranscriptLine } from '../../core/transcript.ts'
import type { ConversationDocument, ConversationFiles } from './conversation-files.ts'
import type { ConversationIndex } from './conversation-index.ts'
import { UnsettledWriteError } from './durable-writer.ts'
import { CorruptFileError } from './envelope.ts'
import type { IndexFile } from './index-file.ts'
import { addressKey, indexedConversation } from './indexed-conversation.ts'
import type { IndexedConversation } from './indexed-conversation.ts'
import { RecentlyUsed } from './recently-used.ts'
import type { StoredConversation } from './schema.ts'

const KEPT_IN_MEMORY = 500

/**
 * Conversations as last made durable, the recent ones in memory.
 *
 * All but `inMemory` and `linesOf` are called for one merchant at a time.
 */
export class ConversationShelf {
  readonly #files: ConversationFiles
  readonly #index: ConversationIndex
  readonly #indexFile: IndexFile
  readonly #report: (message: string) => void
  readonly #recent = new RecentlyUsed<ConversationId, ConversationDocument>(KEPT_IN_MEMORY)
  readonly #unsettled = new Map<string, StoredConversation>()

  constructor(parts: {
    files: ConversationFiles
    index: ConversationIndex
    indexFile: IndexFile
    report: (message: string) => void
  }) {
    this.#files = parts.files
    this.#index = parts.index
    this.#indexFile = parts.indexFile
    this.#report = parts.report
  }

  inMemory(id: ConversationId): StoredConversation | undefined {
    return this.#recent.get(id)?.data ?? undefined
  }

  /** Reads a conversation. Throws `CorruptFileError`. */
  async open(known: IndexedConversation): Promise<StoredConversation> {
    await this.settle(known)
    const recent = this.inMemory(known.id)
    if (recent !== undefined) return recent
    const { document, stored } = await this.#files.load(known.id)
    this.#recent.set(known.id, document)
    return stored
  }

  /**
   * The merchant's newest conversation for a turn. A damaged one is kept aside and stood in for by what the
   * index knows: the talk goes on under the same id and the numbers of its lines go on, its open tickets stay.
   */
  async openForTurn(address: MerchantAddress): Promise<StoredConversation | undefined> {
    await this.settle(address)
    const known = this.#index.findNewest(address)
    if (known === undefined) return undefined
    try {
      return await this.open(known)
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error
      const aside = await this.#files.keepAside(known.id, error)
      const segments = await this.#files.findSegments(known.id, known.lastSeq)
      this.#report(`${error.message}; ${aside === undefined ? 'lost' : `kept as ${aside}`}, the talk goes on`)
      return { conversation: standIn(known), segments }
    }
  }

  /** Makes a turn's conversation durable and only then visible. Rejects with `unavailable`. */
  async save(
    address: MerchantAddress,
    current: StoredConversation | undefined,
    conversation: Conversation,
  ): Promise<void> {
    this.#checkPlace(address, current, conversation)
    const continued = conversation.id === current?.conversation.id
    const next = await this.#files.withoutOldLines(conversation, continued ? current.segments : [])
    try {
      await this.#write(next)
    } catch (error) {
      if (error instanceof UnsettledWriteError) this.#unsettled.set(addressKey(address), next)
      throw error
    }
  }

  /** Rewrites a conversation and its older lines, and removes damaged versions kept aside. Rejects with `unavailable`. */
  async rewrite(
    address: MerchantAddress,
    stored: StoredConversation,
    { line, conversation }: Rewriting,
  ): Promise<StoredConversation> {
    const { id } = stored.conversation
    for (const { n } of stored.segments) await this.#files.rewriteSegment(id, n, line)
    await this.#files.removeKeptAside(id)
    const next = conversation(stored.conversation)
    await this.save(address, stored, next)
    return { ...stored, conversation: next }
  }

  /**
   * Ends the doubt about a write that reached its file but was perhaps not durable: it is written again. Until
   * that works the merchant's turns are refused, because a decision on either version might be the wrong one.
   */
  async settle(address: MerchantAddress): Promise<void> {
    const key = addressKey(address)
    const unsettled = this.#unsettled.get(key)
    if (unsettled === undefined) return
    await this.#write(unsettled)
    this.#unsettled.delete(key)
  }

  /** Settles what is in doubt; says whether all of it could be. */
  async settleAll(): Promise<boolean> {
    for (const { conversation } of [...this.#unsettled.values()]) {
      await this.settle(conversation).catch((error: unknown) => this.#report(String(error)))
    }
    return this.#unsettled.size === 0
  }

  /** A conversation's lines with `seq > after`, closed segments included. Throws `CorruptFileError`. */
  async linesOf(stored: StoredConversation, after: number): Promise<readonly TranscriptLine[]> {
    const parts: (readonly TranscriptLine[])[] = []
    for (const segment of stored.segments) {
      if (segment.lastSeq > after) {
        parts.push(await this.#files.readSegment(stored.conversation.id, segment.n))
      }
    }
    return [...parts.flat(), ...stored.conversation.transcript].filter(({ seq }) => seq > after)
  }

  async #write(next: StoredConversation): Promise<void> {
    const { id } = next.conversation
    const document = this.#recent.get(id) ?? this.#files.fresh(id)
    await document.save(next)
    this.#recent.set(id, document)
    const indexed = indexedConversation(next.conversation, document.stamp)
    this.#index.put(indexed)
    this.#indexFile.note(indexed)
  }

  #checkPlace(
    address: MerchantAddress,
    current: StoredConversation | undefined,
    conversation: Conversation,
  ): void {
    if (addressKey(conversation) !== addressKey(address) || !isOwnId(conversation.id)) {
      throw new AppError('internal', `a turn's conversation is not its merchant's: ${conversation.id}`)
    }
    if (conversation.id !== current?.conversation.id && this.#index.find(conversation.id) !== undefined) {
      throw new AppError('conflict', `conversation ${conversation.id} exists already`)
    }
  }
}

/** A conversation in place of one whose file is damaged. */
function standIn(known: IndexedConversation): Conversation {
  const { id, channel, merchantKey, createdAt, holder, epoch, lastSeq, previous, conversations } = known
  return {
    id,
    channel,
    merchantKey,
    createdAt,
    updatedAt: createdAt,
    holder,
    epoch,
    dialogue: emptyDialogue(),
    firstSeq: lastSeq + 1,
    lastSeq,
    processedSeq: lastSeq,
    transcript: [],
    tickets: known.tickets.map((ticket) => ticket.open).filter((ticket) => ticket !== undefined),
    dedupe: [],
    ...(previous === undefined ? {} : { previous }),
    conversations,
  }
}
