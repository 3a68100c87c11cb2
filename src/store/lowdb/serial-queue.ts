import { AppError } from '../../core/errors.ts'

type Lane = { tail: Promise<unknown>; waiting: number }

/** Runs jobs of one key one at a time, in order of the calls; jobs of different keys run side by side. */
export class SerialQueue {
  readonly #lanes = new Map<string, Lane>()

  /**
   * Runs `job` after all earlier ones of `key` and settles as it does. Rejects with `too_many`, running
   * nothing, when `limit` jobs wait already.
   */
  run<Result>(key: string, job: () => Promise<Result>, limit = Infinity): Promise<Result> {
    const lane = this.#lanes.get(key) ?? { tail: Promise.resolve(), waiting: -1 }
    if (lane.waiting >= limit) {
      return Promise.reject(
        new AppError('too_many', 'too many messages of one merchant wait', { retryAfterMs: 1000 }),
      )
    }
    lane.waiting += 1
    const done = lane.tail.then(job).finally(() => {
      lane.waiting -= 1
      if (lane.waiting < 0) this.#lanes.delete(key)
    })
    // The next job runs whatever became of this one; its own caller is told through `done`.
    lane.tail = done.catch(() => undefined)
    this.#lanes.set(key, lane)
    return done
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all([...this.#lanes.values()].map((lane) => lane.tail))
  }
}
