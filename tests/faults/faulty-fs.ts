import { nodeFs } from '../../src/store/lowdb/durable-fs.ts'
import type { DurableFile, DurableFs } from '../../src/store/lowdb/durable-fs.ts'

export const CALLS = [
  'create',
  'openToAppend',
  'write',
  'datasync',
  'close',
  'rename',
  'syncFolder',
  'unlink',
  'makeFolder',
  'read',
] as const
export type Call = (typeof CALLS)[number]

/** What becomes of a call: it works, it fails without effect, or a write takes only some of its bytes. */
export type Fate = 'works' | 'short' | { readonly code: string }

/** The real file system, where the n-th call (from 1) has the fate a test gives it. */
export class FaultyFs implements DurableFs {
  readonly calls: Call[] = []
  readonly #fateOf: (n: number, call: Call) => Fate

  constructor(fateOf: (n: number, call: Call) => Fate) {
    this.#fateOf = fateOf
  }

  create(path: string): Promise<DurableFile> {
    return this.#open('create', () => nodeFs.create(path))
  }

  openToAppend(path: string): Promise<DurableFile> {
    return this.#open('openToAppend', () => nodeFs.openToAppend(path))
  }

  async rename(from: string, to: string): Promise<void> {
    this.#meet('rename')
    await nodeFs.rename(from, to)
  }

  async syncFolder(path: string): Promise<void> {
    this.#meet('syncFolder')
    await nodeFs.syncFolder(path)
  }

  async unlink(path: string): Promise<void> {
    this.#meet('unlink')
    await nodeFs.unlink(path)
  }

  async makeFolder(path: string): Promise<void> {
    this.#meet('makeFolder')
    await nodeFs.makeFolder(path)
  }

  async read(path: string): Promise<{ bytes: Buffer; stamp: string } | undefined> {
    this.#meet('read')
    return nodeFs.read(path)
  }

  readNow(path: string): Buffer | undefined {
    return nodeFs.readNow(path)
  }

  namesNow(path: string): readonly string[] {
    return nodeFs.namesNow(path)
  }

  stampNow(path: string): string | undefined {
    return nodeFs.stampNow(path)
  }

  async #open(call: Call, open: () => Promise<DurableFile>): Promise<DurableFile> {
    this.#meet(call)
    const file = await open()
    return {
      write: async (bytes) => {
        const short = this.#meet('write') === 'short'
        return file.write(short ? bytes.subarray(0, bytes.length >> 1) : bytes)
      },
      datasync: async () => {
        this.#meet('datasync')
        await file.datasync()
      },
      stamp: () => file.stamp(),
      close: async () => {
        // As in Linux, the descriptor is gone whatever close says.
        await file.close()
        this.#meet('close')
      },
    }
  }

  #meet(call: Call): Fate {
    this.calls.push(call)
    const fate = this.#fateOf(this.calls.length, call)
    if (typeof fate === 'object') throw Object.assign(new Error(`${fate.code}: ${call}`), { code: fate.code })
    return fate
  }
}
