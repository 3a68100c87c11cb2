import { createHash } from 'node:crypto'
import { AppError } from '../../core/errors.ts'
import type { Conversation } from '../../core/conversation.ts'
import type { ConversationId } from '../../core/ids.ts'
import type { TranscriptLine } from '../../core/transcript.ts'
import { DurableDocument } from './durable-document.ts'
import type { DocumentAccess } from './durable-document.ts'
import { unavailable } from './durable-writer.ts'
import { CorruptFileError, seal, unseal } from './envelope.ts'
import type { StoreLayout } from './layout.ts'
import { segmentFileSchema, storedConversationSchema } from './schema.ts'
import type { Segment, StoredConversation } from './schema.ts'

// Longer transcripts are split, so that a turn writes at most this many lines however long the talk is.
const MOST_LINES = 200
const LINES_KEPT = 100

/** A conversation in memory, as its file has it. */
export type ConversationDocument = DurableDocument<StoredConversation | null>

/** Conversations and the closed parts of their transcripts, as files. */
export class ConversationFiles {
  readonly #access: DocumentAccess
  readonly #layout: StoreLayout

  constructor(access: DocumentAccess, layout: StoreLayout) {
    this.#access = access
    this.#layout = layout
  }

  /** A document for a conversation that has no file yet. */
  fresh(id: ConversationId): ConversationDocument {
    return DurableDocument.of<StoredConversation | null>(
      this.#access,
      this.#layout.conversation(id),
      storedConversationSchema,
      null,
    )
  }

  /** Reads a conversation that is known to exist. Throws `CorruptFileError`, also when its file is gone. */
  async load(id: ConversationId): Promise<{ document: ConversationDocument; stored: StoredConversation }> {
    const path = this.#layout.conversation(id)
    const document = await this.fresh(id).load()
    if (document.data === null) throw new CorruptFileError(path, 'the file is missing')
    if (document.data.conversation.id !== id) {
      throw new CorruptFileError(path, `holds conversation ${document.data.conversation.id}`)
    }
    return { document, stored: document.data }
  }

  /**
   * Writes the older lines of a long transcript to a closed segment, durably, and returns what the
   * conversation's own file is to hold; a short one is returned whole.
   */
  async withoutOldLines(
    conversation: Conversation,
    segments: readonly Segment[],
  ): Promise<StoredConversation> {
    const lines = conversation.transcript
    if (lines.length <= MOST_LINES) return { conversation, segments }
    const older = lines.slice(0, -LINES_KEPT)
    const n = (segments.at(-1)?.n ?? 0) + 1
    const sealed = seal({ id: conversation.id, n, lines: older })
    await this.#access.writer.write(this.#layout.segment(conversation.id, n), sealed)
    return {
      conversation: { ...conversation, transcript: lines.slice(-LINES_KEPT) },
      segments: [...segments, segmentOf(n, older)],
    }
  }

  /** The lines of one segment. Throws `CorruptFileError`. */
  async readSegment(id: ConversationId, n: number): Promise<readonly TranscriptLine[]> {
    const path = this.#layout.segment(id, n)
    const bytes = await this.#read(path)
    if (bytes === undefined) throw new CorruptFileError(path, 'the file is missing')
    const { lines, ...named } = unseal(path, bytes, segmentFileSchema)
    if (named.id !== id || named.n !== n) {
      throw new CorruptFileError(path, `holds part ${named.n} of conversation ${named.id}`, bytes)
    }
    return lines
  }

  /** Writes a segment anew, durably. Throws `CorruptFileError`, rejects with `unavailable`. */
  async rewriteSegment(
    id: ConversationId,
    n: number,
    rewrite: (line: TranscriptLine) => TranscriptLine,
  ): Promise<void> {
    const lines = (await this.readSegment(id, n)).map(rewrite)
    await this.#access.writer.write(this.#layout.segment(id, n), seal({ id, n, lines }))
  }

  /** Segments that lie beside a conversation's file, readable ones only, up to the line `lastSeq`. */
  async findSegments(id: ConversationId, lastSeq: number): Promise<readonly Segment[]> {
    const found: Segment[] = []
    for (let n = 1; (await this.#read(this.#layout.segment(id, n))) !== undefined; n += 1) {
      try {
        const segment = segmentOf(n, await this.readSegment(id, n))
        if (segment.lastSeq <= lastSeq) found.push(segment)
      } catch (error) {
        if (!(error instanceof CorruptFileError)) throw error
      }
    }
    return found
  }

  /** Keeps a damaged file's bytes under another name, durably, and returns that name. */
  async keepAside(id: ConversationId, damaged: CorruptFileError): Promise<string | undefined> {
    if (damaged.bytes === undefined) return undefined
    const sum = createHash('sha256').update(damaged.bytes).digest('hex').slice(0, 16)
    const path = this.#layout.corrupt(id, sum)
    await this.#access.writer.write(path, damaged.bytes)
    return path
  }

  /** Removes damaged versions that were kept aside. Rejects with `unavailable`. */
  async removeKeptAside(id: ConversationId): Promise<void> {
    for (const path of this.#layout.corruptOnes(id, (folder) => this.#access.fs.namesNow(folder))) {
      try {
        await this.#access.fs.unlink(path)
      } catch (error) {
        throw unavailable(path, error)
      }
      await this.#access.writer.syncFolderOf(path)
    }
  }

  async #read(path: string): Promise<Buffer | undefined> {
    try {
      return (await this.#access.fs.read(path))?.bytes
    } catch (error) {
      throw unavailable(path, error)
    }
  }
}

function segmentOf(n: number, lines: readonly TranscriptLine[]): Segment {
  const [first, last] = [lines[0], lines.at(-1)]
  if (first === undefined || last === undefined) throw new AppError('internal', 'a segment without lines')
  return { n, firstSeq: first.seq, lastSeq: last.seq }
}
