/** Slack takes about a message a second in one channel. */
const PACE_MS = 1_000
const MOST_KEPT = 10_000

/** When the next message may leave: a second apart in one channel, and not before Slack says so for all of them. */
export class Pace {
  readonly #next = new Map<string, number>()
  #workspace = 0

  /** When a message to this channel may leave, epoch ms. */
  notBefore(channel: string): number {
    return Math.max(this.#workspace, this.#next.get(channel) ?? 0)
  }

  /** Takes the channel's place for a message that leaves now. */
  take(channel: string, now: number): void {
    if (this.#next.size >= MOST_KEPT) {
      for (const [key, at] of this.#next) if (at <= now) this.#next.delete(key)
    }
    this.#next.set(channel, now + PACE_MS)
  }

  /** Holds everything back until then. */
  holdAll(until: number): void {
    this.#workspace = Math.max(this.#workspace, until)
  }
}
