import { dirname } from 'node:path'
import { z } from 'zod'
import { AUDIT_ACTIONS, type AuditEntry } from '../../app/ports.ts'
import { AppError } from '../../core/errors.ts'
import type { DurableFile, DurableFs } from './durable-fs.ts'
import { unavailable, writeWhole } from './durable-writer.ts'
import { agentIdSchema, ticketIdSchema } from './schema.ts'
import { SerialQueue } from './serial-queue.ts'

const entrySchema: z.ZodType<AuditEntry> = z.strictObject({
  at: z.number(),
  agentId: agentIdSchema,
  action: z.enum(AUDIT_ACTIONS),
  ticketId: z.exactOptional(ticketIdSchema),
  detail: z.exactOptional(z.string()),
})

/** The audit trail: a file that only grows, one line an entry, each on disk before its act is answered. */
export class AuditFile {
  readonly #fs: DurableFs
  readonly #path: string
  readonly #queue = new SerialQueue()
  #file: DurableFile | undefined

  constructor(fs: DurableFs, path: string) {
    this.#fs = fs
    this.#path = path
  }

  /** Rejects with `unavailable` when the disk refuses. */
  append(entry: AuditEntry): Promise<void> {
    return this.#queue.run('audit', async () => {
      try {
        if (this.#file === undefined) {
          this.#file = await this.#fs.openToAppend(this.#path)
          await this.#fs.syncFolder(dirname(this.#path))
          // A line that a crash cut short must not swallow the next one.
          await writeWhole(this.#file, Buffer.from('\n'))
        }
        await writeWhole(this.#file, Buffer.from(`${JSON.stringify(entry)}\n`))
        await this.#file.datasync()
      } catch (error) {
        await this.#file?.close().catch(() => undefined)
        this.#file = undefined
        throw unavailable(this.#path, error)
      }
    })
  }

  /** Newest first; the cursor is the number of lines before. Throws `invalid` for a cursor that is not ours. */
  async page({ after, limit }: { readonly after?: string; readonly limit: number }): Promise<{
    entries: readonly AuditEntry[]
    next?: string
  }> {
    if (after !== undefined && !/^\d{1,12}$/.test(after)) {
      throw new AppError('invalid', 'the cursor is not one this list gave out')
    }
    const file = await this.#fs.read(this.#path).catch((error: unknown) => {
      throw unavailable(this.#path, error)
    })
    const all = (file?.bytes.toString('utf8') ?? '').split('\n').filter((line) => line !== '')
    const end = after === undefined ? all.length : Math.min(Number(after), all.length)
    const start = Math.max(0, end - limit)
    const entries = all.slice(start, end).reverse().flatMap(entriesOf)
    return start === 0 ? { entries } : { entries, next: String(start) }
  }

  async close(): Promise<void> {
    await this.#queue.idle()
    await this.#file?.close().catch(() => undefined)
    this.#file = undefined
  }
}

/** The entry of a line; none for one that a crash cut short. */
function entriesOf(line: string): readonly AuditEntry[] {
  const entry = entrySchema.safeParse(jsonOf(line))
  return entry.success ? [entry.data] : []
}

/** The value of a line; undefined when it is not whole. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
