import { Low } from 'lowdb'
import type { Adapter } from 'lowdb'
import type { z } from 'zod'
import type { DurableFs } from './durable-fs.ts'
import { unavailable } from './durable-writer.ts'
import type { DurableWriter } from './durable-writer.ts'
import { seal, unseal } from './envelope.ts'

/** What documents are read and written with. */
export type DocumentAccess = { readonly fs: DurableFs; readonly writer: DurableWriter }

/** lowdb's port to one file of ours: checked when read, durable when written. */
class SealedFile<T> implements Adapter<T> {
  readonly #access: DocumentAccess
  readonly #path: string
  readonly #schema: z.ZodType<T>
  stamp = ''

  constructor(access: DocumentAccess, path: string, schema: z.ZodType<T>) {
    this.#access = access
    this.#path = path
    this.#schema = schema
  }

  async read(): Promise<T | null> {
    const found = await this.#access.fs.read(this.#path).catch((error: unknown) => {
      throw unavailable(this.#path, error)
    })
    if (found === undefined) return null
    this.stamp = found.stamp
    return unseal(this.#path, found.bytes, this.#schema)
  }

  async write(data: T): Promise<void> {
    this.stamp = await this.#access.writer.write(this.#path, seal(data))
  }
}

/** One file in memory. `data` is always what is durable: it changes once a save has reached the disk. */
export class DurableDocument<T> {
  readonly #file: SealedFile<T>
  readonly #low: Low<T>
  #durable: T

  private constructor(file: SealedFile<T>, low: Low<T>) {
    this.#file = file
    this.#low = low
    this.#durable = low.data
  }

  /** A document with `data` until it is loaded or saved; touches no file. */
  static of<T>(access: DocumentAccess, path: string, schema: z.ZodType<T>, data: T): DurableDocument<T> {
    const file = new SealedFile(access, path, schema)
    return new DurableDocument(file, new Low<T>(file, data))
  }

  /** Reads the file; leaves the data as it is when there is none. Throws `CorruptFileError`. */
  async load(): Promise<this> {
    await this.#low.read()
    this.#durable = this.#low.data
    return this
  }

  get data(): T {
    return this.#durable
  }

  /** Stamp of the version in `data`; empty when there is no file. */
  get stamp(): string {
    return this.#file.stamp
  }

  /** Makes `next` durable, then the document's data. When that fails the data stays what it was. */
  async save(next: T): Promise<void> {
    this.#low.data = next
    try {
      await this.#low.write()
      this.#durable = next
    } catch (error) {
      this.#low.data = this.#durable
      throw error
    }
  }
}
