import { AppError } from '../core/errors.ts'
import type { Clock } from '../app/ports.ts'

type Bucket = { tokens: number; at: number; recent: string[] }

const COPY_COST = 0.1
const REMEMBERED_IDS = 8
const SWEEP_ABOVE = 10_000

/**
 * One message a second for each session, a few at once. Copies of a recent message cost a tenth, so that a client
 * that repeats itself after a lost answer is not punished for it.
 */
export class MessageRate {
  readonly #burst: number
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()
  #sweptAt = 0

  constructor(burst: number, clock: Clock) {
    this.#burst = burst
    this.#clock = clock
  }

  /** Charges a message. Throws `too_many` when there is nothing left. */
  charge(sessionKey: string, messageId: string): void {
    const now = this.#clock.now()
    const bucket = this.#buckets.get(sessionKey) ?? { tokens: this.#burst, at: now, recent: [] }
    // A clock set back must neither give nor take.
    bucket.tokens = Math.min(this.#burst, bucket.tokens + Math.max(0, now - bucket.at) / 1000)
    bucket.at = now
    const cost = bucket.recent.includes(messageId) ? COPY_COST : 1
    if (bucket.tokens < cost) {
      throw new AppError('too_many', 'messages come too fast; send this one again a little later', {
        retryAfterMs: (cost - bucket.tokens) * 1000,
      })
    }
    bucket.tokens -= cost
    if (cost === 1) bucket.recent = [...bucket.recent, messageId].slice(-REMEMBERED_IDS)
    this.#buckets.set(sessionKey, bucket)
    if (this.#buckets.size > SWEEP_ABOVE && now - this.#sweptAt >= 1000) this.#sweep(now)
  }

  /** Forgets sessions whose bucket is full again: a fresh one would be the same but for the remembered ids. */
  #sweep(now: number): void {
    this.#sweptAt = now
    for (const [key, bucket] of this.#buckets) {
      if (bucket.tokens + (now - bucket.at) / 1000 >= this.#burst) this.#buckets.delete(key)
    }
  }
}
