import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { AppError } from '../../core/errors.ts'
import { errorCode } from './durable-fs.ts'
import type { DurableFile, DurableFs } from './durable-fs.ts'

const RETRY_AFTER_MS = 1000
// Each write holds two descriptors; the thread pool has four threads, so more writes at once gain nothing.
const WRITES_AT_ONCE = 32

/** A write after whose rename something failed: whether the new version survives a power cut is not known. */
export class UnsettledWriteError extends AppError {}

/** Replaces whole files durably: temporary file, sync of its data, rename, sync of the folder. */
export class DurableWriter {
  readonly #fs: DurableFs
  readonly #checkOwnership: () => void
  readonly #litter = new Set<string>()
  readonly #waiting: (() => void)[] = []
  #free = WRITES_AT_ONCE

  /** `checkOwnership` throws when the store's folder is no longer this process's to write. */
  constructor(fs: DurableFs, checkOwnership: () => void) {
    this.#fs = fs
    this.#checkOwnership = checkOwnership
  }

  /** True when temporary files are left that could not be removed. */
  get hasLitter(): boolean {
    return this.#litter.size > 0
  }

  /**
   * Puts `bytes` in the place of the file at `path` and resolves to the new version's stamp once it is durable.
   * Rejects with `unavailable`: the old version is in place and the new one is gone, or, as
   * `UnsettledWriteError`, the new one is in place but perhaps not durable.
   */
  async write(path: string, bytes: Uint8Array): Promise<string> {
    await this.#enter()
    try {
      return await this.#replace(path, bytes)
    } finally {
      this.#leave()
    }
  }

  async #replace(path: string, bytes: Uint8Array): Promise<string> {
    await this.#sweep()
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
    let stamp: string
    try {
      stamp = await this.#writeTemporary(temporary, bytes)
      this.#checkOwnership()
    } catch (error) {
      await this.#discard(temporary)
      throw unavailable(path, error)
    }
    try {
      await this.#fs.rename(temporary, path)
    } catch (error) {
      const leftBehind = await this.#discard(temporary)
      throw leftBehind ? unavailable(path, error) : unsettled(path, error)
    }
    await this.syncFolderOf(path)
    return stamp
  }

  /** Makes the name of the file at `path` durable. Rejects with `UnsettledWriteError`. */
  async syncFolderOf(path: string): Promise<void> {
    try {
      await this.#fs.syncFolder(dirname(path))
    } catch (error) {
      throw unsettled(path, error)
    }
  }

  async #writeTemporary(path: string, bytes: Uint8Array): Promise<string> {
    const file = await this.#fs.create(path)
    try {
      await writeWhole(file, bytes)
      // After a failed sync the kernel may drop the pages and call the next sync a success: this file is lost.
      await file.datasync()
      return file.stamp()
    } finally {
      await file.close()
    }
  }

  /** Removes a temporary file; false when there was none. */
  async #discard(temporary: string): Promise<boolean> {
    try {
      await this.#fs.unlink(temporary)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false
      this.#litter.add(temporary)
    }
    return true
  }

  /** Temporary files that could not be removed hold space: they go before more is asked for. */
  async #sweep(): Promise<void> {
    for (const temporary of [...this.#litter]) {
      this.#litter.delete(temporary)
      await this.#discard(temporary)
    }
  }

  #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve()
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free += 1
    else next()
  }
}

/** Writes all of `bytes`; a short write is an error, because on a full disk it is the only sign. */
export async function writeWhole(file: DurableFile, bytes: Uint8Array): Promise<void> {
  const written = await file.write(bytes)
  if (written !== bytes.length) {
    throw Object.assign(new Error(`only ${written} of ${bytes.length} bytes were written`), {
      code: 'ENOSPC',
    })
  }
}

function unsettled(path: string, cause: unknown): UnsettledWriteError {
  return new UnsettledWriteError('unavailable', `${path}: not known to be durable (${errorCode(cause)})`, {
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  })
}

/** What callers see when the disk refuses: try again later with the same id. */
export function unavailable(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  return new AppError('unavailable', `${path}: cannot be written or read now (${errorCode(cause)})`, {
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  })
}
