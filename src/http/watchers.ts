import { AppError } from '../core/errors.ts'

/** Counts the streams and long-polls each network holds open, and ends them all when the server stops. */
export class Watchers {
  readonly #perNetwork: number
  readonly #counts = new Map<string, number>()
  readonly #stops = new Set<AbortController>()
  #stopped = false

  constructor(perNetwork: number) {
    this.#perNetwork = perNetwork
  }

  get size(): number {
    return this.#stops.size
  }

  /** Lets one more watcher in. Throws `too_many`. The caller must `leave` in the end. */
  enter(network: string): { signal: AbortSignal; leave: () => void } {
    const count = this.#counts.get(network) ?? 0
    if (count >= this.#perNetwork) {
      const message = 'too many open streams and waiting requests from this address'
      throw new AppError('too_many', message, { retryAfterMs: 5_000 })
    }
    const stop = new AbortController()
    if (this.#stopped) stop.abort()
    this.#counts.set(network, count + 1)
    this.#stops.add(stop)
    const leave = (): void => {
      if (!this.#stops.delete(stop)) return
      const left = (this.#counts.get(network) ?? 1) - 1
      if (left === 0) this.#counts.delete(network)
      else this.#counts.set(network, left)
      stop.abort()
    }
    return { signal: stop.signal, leave }
  }

  /** Tells every watcher, present and to come, to finish. */
  stopAll(): void {
    this.#stopped = true
    for (const stop of this.#stops) stop.abort()
  }
}
