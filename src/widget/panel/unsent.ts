import { parseJson, parseKeptMessage } from './wire.ts'
import type { KeptMessage } from './wire.ts'
import type { Storage } from './storage.ts'

const PREFIX = 'posdesk.unsent.'

/**
 * Messages the server has not confirmed, kept over a reload: one entry a message, so that two tabs never overwrite
 * each other's. An entry goes as soon as the server has the message, because only there it is masked.
 */
export type Unsent = {
  load(): KeptMessage[]
  save(message: KeptMessage): void
  remove(id: string): void
  /** The message id of a storage key, undefined for a key of something else. */
  idOf(storageKey: string): string | undefined
}

export function createUnsent(storage: Storage): Unsent {
  return {
    load() {
      const kept = storage
        .keys()
        .filter((key) => key.startsWith(PREFIX))
        .flatMap((key) => parseKeptMessage(parseJson(storage.read(key) ?? '')) ?? [])
      return kept.sort((a, b) => a.createdAt - b.createdAt)
    },
    save({ id, content, createdAt, afterSeq, attempted, problem }) {
      storage.write(PREFIX + id, JSON.stringify({ id, content, createdAt, afterSeq, attempted, problem }))
    },
    remove: (id) => storage.remove(PREFIX + id),
    idOf: (storageKey) => (storageKey.startsWith(PREFIX) ? storageKey.slice(PREFIX.length) : undefined),
  }
}
