import { AppError } from '../../core/errors.ts'

/**
 * Runs tasks one at a time for each key and side by side for different keys. A key leaves no trace once its
 * tasks are done. Beyond `maxWaiting` tasks of one key, `run` rejects with `too_many`.
 */
export class KeyedQueue {
  readonly #maxWaiting: number
  readonly #tails = new Map<string, { tail: Promise<unknown>; waiting: number }>()

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting
  }

  /** Number of keys with a task at work. */
  get size(): number {
    return this.#tails.size
  }

  async run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const line = this.#tails.get(key) ?? { tail: Promise.resolve(), waiting: 0 }
    if (line.waiting >= this.#maxWaiting) {
      throw new AppError('too_many', 'too many messages of this conversation are waiting', {
        retryAfterMs: 2_000,
      })
    }
    const work = line.tail.then(task)
    line.tail = work.catch(() => undefined)
    line.waiting += 1
    this.#tails.set(key, line)
    try {
      return await work
    } finally {
      line.waiting -= 1
      if (line.waiting === 0) this.#tails.delete(key)
    }
  }
}
