import { fstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, open, rename, unlink } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

/** An open file. Every call but `stamp` may reject with the system's error. */
export interface DurableFile {
  /** Writes at the file's end and says how many bytes were taken: fewer than given is a full disk. */
  write(bytes: Uint8Array): Promise<number>
  datasync(): Promise<void>
  /** Tells this version of the file from any other. */
  stamp(): string
  close(): Promise<void>
}

/**
 * The file calls the store's promises rest on, so that tests can make each one fail.
 *
 * Calls that say "now" block: a start looks at many thousands of files, where a round through the thread pool
 * costs ten times the call itself.
 */
export interface DurableFs {
  /** A new file, for us alone; rejects when the name is taken. */
  create(path: string): Promise<DurableFile>
  openToAppend(path: string): Promise<DurableFile>
  rename(from: string, to: string): Promise<void>
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>
  unlink(path: string): Promise<void>
  /** Makes one folder, whose parent exists, for us alone. */
  makeFolder(path: string): Promise<void>
  /** A file's bytes and stamp; undefined when there is none. */
  read(path: string): Promise<{ bytes: Buffer; stamp: string } | undefined>
  readNow(path: string): Buffer | undefined
  namesNow(path: string): readonly string[]
  /** Stamp of a file or folder; undefined when there is none. */
  stampNow(path: string): string | undefined
}

/** The real file system. */
export const nodeFs: DurableFs = {
  create: async (path) => new NodeFile(await open(path, 'wx', 0o600)),
  openToAppend: async (path) => new NodeFile(await open(path, 'a', 0o600)),
  rename,
  unlink,
  makeFolder: (path) => mkdir(path, { mode: 0o700 }),

  async syncFolder(path) {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },

  async read(path) {
    const file = await open(path, 'r').catch(absent)
    if (file === undefined) return undefined
    try {
      return { bytes: await file.readFile(), stamp: stampOf(fstatSync(file.fd)) }
    } finally {
      await file.close()
    }
  },

  readNow(path) {
    try {
      return readFileSync(path)
    } catch (error) {
      return absent(error)
    }
  },

  namesNow: (path) => readdirSync(path),

  stampNow(path) {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats === undefined ? undefined : stampOf(stats)
  },
}

class NodeFile implements DurableFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async write(bytes: Uint8Array): Promise<number> {
    const { bytesWritten } = await this.#handle.write(bytes, 0, bytes.length)
    return bytesWritten
  }

  datasync(): Promise<void> {
    return this.#handle.datasync()
  }

  stamp(): string {
    return stampOf(fstatSync(this.#handle.fd))
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

// Every save is a new file, so two versions differ in inode even when written within one tick of the file
// system's clock; comparing for equality keeps this right when the wall clock jumps.
function stampOf(stats: Stats): string {
  return `${stats.ino}-${stats.mtimeMs}-${stats.size}`
}

/** When the file or folder with this stamp was last changed, by the file system's clock, in epoch ms. */
export function changedAtMs(stamp: string): number {
  return Number(stamp.split('-')[1])
}

/** The system's name for an error, such as `ENOSPC`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'error'
}

function absent(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined
  throw error
}
