import { AppError } from '../core/errors.ts'
import type { Clock, MerchantAddress } from './ports.ts'

const HOUR_MS = 3_600_000
const SWEEP_ABOVE = 1_000

/** At most so many pictures an hour for each talk, counted in memory. */
export class PictureQuota {
  readonly #most: number
  readonly #clock: Clock
  readonly #taken = new Map<string, readonly number[]>()

  constructor(most: number, clock: Clock) {
    this.#most = most
    this.#clock = clock
  }

  /** Takes one picture's place. Throws `too_many` when all are taken; the returned function gives it back. */
  take(address: MerchantAddress): () => void {
    const key = `${address.channel}:${address.merchantKey}`
    const now = this.#clock.now()
    const recent = this.#recent(key, now)
    const oldest = recent[0]
    if (oldest !== undefined && recent.length >= this.#most) {
      throw new AppError('too_many', `at most ${this.#most} pictures an hour are taken`, {
        retryAfterMs: Math.max(1_000, oldest + HOUR_MS - now),
      })
    }
    this.#taken.set(key, [...recent, now])
    if (this.#taken.size > SWEEP_ABOVE) this.#sweep(now)
    return () => {
      const taken = [...(this.#taken.get(key) ?? [])]
      const at = taken.indexOf(now)
      if (at >= 0) taken.splice(at, 1)
      this.#taken.set(key, taken)
    }
  }

  /** A time ahead of now is from before the clock was set back: it counts as now long past. */
  #recent(key: string, now: number): readonly number[] {
    return (this.#taken.get(key) ?? []).filter((at) => at <= now && now - at < HOUR_MS)
  }

  #sweep(now: number): void {
    for (const key of this.#taken.keys()) if (this.#recent(key, now).length === 0) this.#taken.delete(key)
  }
}
