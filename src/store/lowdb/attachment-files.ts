import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { AttachmentStore, StoredAttachment } from '../../app/picture-ports.ts'
import { AppError } from '../../core/errors.ts'
import { isOwnId } from '../../core/ids.ts'
import type { AttachmentId } from '../../core/ids.ts'
import type { DocumentAccess } from './durable-document.ts'
import { errorCode } from './durable-fs.ts'
import { unavailable } from './durable-writer.ts'
import { CorruptFileError, seal, unseal } from './envelope.ts'
import { unsentOfFile } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import { pictureHeadSchema } from './schema.ts'
import { SerialQueue } from './serial-queue.ts'

type Read = { readonly attachment: StoredAttachment; readonly data: Uint8Array }

const LINE_END = 0x0a

/**
 * Pictures, a file each: a sealed head that says whose it is, then the bytes. Unsent ones wait in a folder of their
 * own under a name that says since when; sending moves them, so that looking for orphans reads no other file.
 */
export class AttachmentFiles implements AttachmentStore {
  readonly #access: DocumentAccess
  readonly #layout: StoreLayout
  readonly #unsent = new Map<AttachmentId, number>()
  readonly #queue = new SerialQueue()
  #isClosed = false

  constructor(access: DocumentAccess, layout: StoreLayout) {
    this.#access = access
    this.#layout = layout
  }

  /** Finds the unsent pictures; gives back the paths of writes that a crash cut off. */
  load(): readonly string[] {
    const folder = this.#layout.unsentAttachments
    const names = this.#access.fs.namesNow(folder)
    for (const name of names) {
      const found = unsentOfFile(name)
      if (found !== undefined) this.#unsent.set(found.id, found.savedAt)
    }
    return names.flatMap((name) => (name.endsWith('.tmp') ? [join(folder, name)] : []))
  }

  save(attachment: StoredAttachment, data: Uint8Array): Promise<void> {
    return this.#run(attachment.id, async () => {
      const head = seal({ attachment, bytes: data.length, sum: sumOf(data) })
      const path = this.#layout.unsentAttachment(attachment.id, attachment.savedAt)
      await this.#access.writer.write(path, Buffer.concat([head, data]))
      this.#unsent.set(attachment.id, attachment.savedAt)
    })
  }

  async find(id: AttachmentId): Promise<StoredAttachment | undefined> {
    return (await this.read(id))?.attachment
  }

  read(id: AttachmentId): Promise<Read | undefined> {
    if (!isOwnId(id)) return Promise.resolve(undefined)
    return this.#queue.run(id, async () => {
      const path = this.#pathOf(id)
      const file = await this.#access.fs.read(path).catch((error: unknown) => {
        throw unavailable(path, error)
      })
      return file === undefined ? undefined : opened(path, file.bytes, id)
    })
  }

  async markSent(ids: readonly AttachmentId[]): Promise<void> {
    for (const id of ids) await this.#run(id, () => this.#moveToSent(id))
  }

  async remove(id: AttachmentId): Promise<void> {
    if (isOwnId(id)) await this.#run(id, () => this.#removeNow(id))
  }

  async removeUnsent(before: number): Promise<number> {
    let removed = 0
    for (const id of [...this.#unsent.keys()]) {
      await this.#run(id, async () => {
        const savedAt = this.#unsent.get(id)
        if (savedAt === undefined || savedAt >= before) return
        await this.#removeNow(id)
        removed += 1
      })
    }
    return removed
  }

  /** Waits for what is at work; nothing is written afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#queue.idle()
  }

  async #moveToSent(id: AttachmentId): Promise<void> {
    const savedAt = this.#unsent.get(id)
    if (savedAt === undefined) return
    const [from, to] = [this.#layout.unsentAttachment(id, savedAt), this.#layout.attachment(id)]
    const { fs } = this.#access
    try {
      await fs.rename(from, to)
      await fs.syncFolder(dirname(to))
      await fs.syncFolder(dirname(from))
    } catch (error) {
      // Moved but perhaps not for good, or not moved: the next try settles it, and `read` looks in both places.
      if (errorCode(error) !== 'ENOENT') throw unavailable(from, error)
      await fs.syncFolder(dirname(to)).catch((again: unknown) => {
        throw unavailable(to, again)
      })
    }
    this.#unsent.delete(id)
  }

  /** Both places: a power cut while moving may have left the file in each. */
  async #removeNow(id: AttachmentId): Promise<void> {
    const savedAt = this.#unsent.get(id)
    const unsent = savedAt === undefined ? [] : [this.#layout.unsentAttachment(id, savedAt)]
    for (const path of [...unsent, this.#layout.attachment(id)]) await this.#unlink(path)
    this.#unsent.delete(id)
  }

  async #unlink(path: string): Promise<void> {
    const { fs } = this.#access
    try {
      await fs.unlink(path).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw error
      })
      await fs.syncFolder(dirname(path))
    } catch (error) {
      throw unavailable(path, error)
    }
  }

  #pathOf(id: AttachmentId): string {
    const savedAt = this.#unsent.get(id)
    const unsent = savedAt === undefined ? undefined : this.#layout.unsentAttachment(id, savedAt)
    return unsent !== undefined && this.#access.fs.stampNow(unsent) !== undefined
      ? unsent
      : this.#layout.attachment(id)
  }

  #run(id: AttachmentId, job: () => Promise<void>): Promise<void> {
    if (this.#isClosed) return Promise.reject(new AppError('unavailable', 'the store is closed'))
    return this.#queue.run(id, job)
  }
}

/** The picture in a file's bytes. Throws `CorruptFileError` when they are not exactly what was saved. */
function opened(path: string, bytes: Buffer, id: AttachmentId): Read {
  const headEnd = bytes.indexOf(LINE_END) + 1
  const { attachment, ...said } = unseal(path, bytes.subarray(0, headEnd), pictureHeadSchema)
  const data = bytes.subarray(headEnd)
  if (attachment.id !== id) throw new CorruptFileError(path, `holds picture ${attachment.id}`)
  if (data.length !== said.bytes || sumOf(data) !== said.sum) {
    throw new CorruptFileError(path, 'the picture is not the one that was saved')
  }
  return { attachment, data }
}

function sumOf(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
