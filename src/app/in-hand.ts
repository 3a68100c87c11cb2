import type { MerchantAddress } from './ports.ts'

/** Lines that this process has claimed and whose outcome is not on disk yet. */
export class InHand {
  readonly #lines = new Map<string, Set<number>>()

  /** Says whether a line is in hand; without `seq`, whether any of the merchant's is. */
  has(address: MerchantAddress, seq?: number): boolean {
    const held = this.#lines.get(keyOf(address))
    return held !== undefined && (seq === undefined || held.has(seq))
  }

  take(address: MerchantAddress, seqs: readonly number[]): void {
    if (seqs.length === 0) return
    this.#lines.set(keyOf(address), new Set([...(this.#lines.get(keyOf(address)) ?? []), ...seqs]))
  }

  letGo(address: MerchantAddress, seqs: readonly number[]): void {
    const held = this.#lines.get(keyOf(address))
    for (const seq of seqs) held?.delete(seq)
    if (held?.size === 0) this.#lines.delete(keyOf(address))
  }
}

/** One string for each merchant. Pure. */
export function keyOf({ channel, merchantKey }: MerchantAddress): string {
  return `${channel}:${merchantKey}`
}
