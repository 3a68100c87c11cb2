import { AppError } from '../core/errors.ts'

/** Lets only so many through at once, in all and for each network, so that their bytes fit into memory. */
export class Gate {
  readonly #most: number
  readonly #perNetwork: number
  readonly #inside = new Map<string, number>()
  #count = 0

  constructor(most: number, perNetwork: number) {
    this.#most = most
    this.#perNetwork = perNetwork
  }

  /** Runs `job` while there is room. Rejects with `unavailable` or `too_many`, running nothing, when there is none. */
  async run<Result>(network: string, job: () => Promise<Result>): Promise<Result> {
    const own = this.#inside.get(network) ?? 0
    if (own >= this.#perNetwork) {
      const message = 'too many pictures at once from this address; again in a moment'
      throw new AppError('too_many', message, { retryAfterMs: 2_000 })
    }
    if (this.#count >= this.#most) {
      throw new AppError('unavailable', 'too many pictures are on their way', { retryAfterMs: 2_000 })
    }
    this.#count += 1
    this.#inside.set(network, own + 1)
    try {
      return await job()
    } finally {
      this.#count -= 1
      const left = (this.#inside.get(network) ?? 1) - 1
      if (left === 0) this.#inside.delete(network)
      else this.#inside.set(network, left)
    }
  }
}
