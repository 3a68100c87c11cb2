import { crc32 } from 'node:zlib'
import { z } from 'zod'
import type { ConversationId } from '../../core/ids.ts'
import { errorCode } from './durable-fs.ts'
import type { DurableFile, DurableFs } from './durable-fs.ts'
import { unavailable, writeWhole } from './durable-writer.ts'
import type { DurableWriter } from './durable-writer.ts'
import { indexedConversationSchema } from './indexed-conversation.ts'
import type { IndexedConversation } from './indexed-conversation.ts'
import { pause } from './pause.ts'

// After a crash at most this many conversations are read again; each costs about 0.1 ms.
const PENDING_AT_MOST = 500
const LINES_TO_SPARE = 10_000
const LINES_AT_ONCE = 2_000

const closedSchema = z.strictObject({
  closed: z.strictObject({ conversations: z.int(), folders: z.record(z.string(), z.string()) }),
})

/** Stamps of the folders at a moment when the index knew all their files; a folder not named is unknown. */
export type FolderStamps = Readonly<Record<string, string>>

export type LoadedIndex = {
  readonly conversations: Map<ConversationId, IndexedConversation>
  readonly folders: FolderStamps
  /** Lines in the file, damaged ones included. */
  readonly lines: number
  readonly damaged: number
}

/** Reads what an index file has. A line that is torn or altered counts as absent: its conversation is read again. */
export function loadIndex(fs: DurableFs, path: string): LoadedIndex {
  const conversations = new Map<ConversationId, IndexedConversation>()
  let folders: FolderStamps = {}
  let lines = 0
  let damaged = 0
  for (const line of linesOf(fs.readNow(path) ?? Buffer.alloc(0))) {
    lines += 1
    const value = valueOf(line)
    const conversation = indexedConversationSchema.safeParse(value)
    if (conversation.success) {
      conversations.set(conversation.data.id, conversation.data)
      continue
    }
    const end = closedSchema.safeParse(value)
    if (!end.success) damaged += 1
    else if (damaged === 0 && end.data.closed.conversations === conversations.size) {
      folders = end.data.closed.folders
    }
  }
  return { conversations, folders, lines, damaged }
}

/**
 * The index on disk: one line a conversation, the last one counts. It only saves time at the next start, so a
 * failure to write it fails no turn; what is missing is found by the stamps of the files.
 */
export class IndexFile {
  readonly #fs: DurableFs
  readonly #writer: DurableWriter
  readonly #path: string
  readonly #report: (message: string) => void
  readonly #all: () => readonly IndexedConversation[]
  readonly #pending = new Map<ConversationId, IndexedConversation>()
  #lines: number
  #file: DurableFile | undefined
  #torn = false
  #stale = false
  #flushing: Promise<void> | undefined

  constructor(options: {
    fs: DurableFs
    writer: DurableWriter
    path: string
    report: (message: string) => void
    /** All conversations, for writing the file anew. */
    all: () => readonly IndexedConversation[]
    lines: number
  }) {
    this.#fs = options.fs
    this.#writer = options.writer
    this.#path = options.path
    this.#report = options.report
    this.#all = options.all
    this.#lines = options.lines
  }

  /** Takes note of a conversation's newest version; it is written with others, later. */
  note(conversation: IndexedConversation): void {
    this.#pending.set(conversation.id, conversation)
    if (this.#pending.size >= PENDING_AT_MOST) void this.flush()
  }

  /** Writes what was noted. Never rejects: what could not be written stays noted. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush()
      .catch((error: unknown) => this.#report(`the index cannot be written now (${errorCode(error)})`))
      .finally(() => (this.#flushing = undefined))
    return this.#flushing
  }

  /** Writes the file anew, so that it has no line of a former version any more. Rejects with `unavailable`. */
  async dropFormerLines(): Promise<void> {
    this.#stale = true
    // One flush may be under way that began before.
    for (let tries = 0; this.#stale && tries < 2; tries += 1) await this.flush()
    if (this.#stale) throw unavailable(this.#path, new Error('the index could not be written anew'))
  }

  /** Writes the whole file anew: one line a conversation. Rejects with `unavailable`. */
  async rewrite(): Promise<void> {
    this.#stale = true
    this.#pending.clear()
    const all = this.#all()
    const chunks: Buffer[] = []
    for (let at = 0; at < all.length; at += LINES_AT_ONCE) {
      chunks.push(
        Buffer.from(
          all
            .slice(at, at + LINES_AT_ONCE)
            .map(lineOf)
            .join(''),
        ),
      )
      await pause()
    }
    await this.#release()
    await this.#writer.write(this.#path, Buffer.concat(chunks))
    this.#lines = all.length
    this.#torn = false
    this.#stale = false
  }

  /** Writes what was noted and that the index is whole, durably. Rejects with `unavailable`. */
  async close(folders: FolderStamps): Promise<void> {
    await this.#flushing
    try {
      await this.#flush()
      await this.#append(lineOf({ closed: { conversations: this.#all().length, folders } }))
      await this.#file?.datasync()
    } catch (error) {
      throw unavailable(this.#path, error)
    } finally {
      await this.#release()
    }
  }

  /** Lets the file go without a word that it is whole. */
  async abandon(): Promise<void> {
    await this.#flushing
    await this.#release()
  }

  async #flush(): Promise<void> {
    if (this.#stale || this.#lines > 2 * this.#all().length + LINES_TO_SPARE) return this.rewrite()
    const batch = [...this.#pending.values()]
    if (batch.length === 0) return
    await this.#append(batch.map(lineOf).join(''))
    this.#lines += batch.length
    for (const written of batch) {
      if (this.#pending.get(written.id) === written) this.#pending.delete(written.id)
    }
  }

  async #append(text: string): Promise<void> {
    this.#file ??= await this.#fs.openToAppend(this.#path)
    // A line cut short by a full disk must not swallow the next one.
    const bytes = Buffer.from(this.#torn ? `\n${text}` : text)
    this.#torn = true
    await writeWhole(this.#file, bytes)
    this.#torn = false
  }

  async #release(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close().catch(() => undefined)
  }
}

function lineOf(value: object): string {
  const json = JSON.stringify(value)
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

/** The value of one line; undefined when it is not as it was written. */
function valueOf(line: Buffer): unknown {
  const json = line.subarray(9)
  if (line.toString('latin1', 0, 8) !== crc32(json).toString(16).padStart(8, '0')) return undefined
  return JSON.parse(json.toString('utf8'))
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start)
    const stop = end === -1 ? bytes.length : end
    if (stop > start) yield bytes.subarray(start, stop)
    start = stop + 1
  }
}
