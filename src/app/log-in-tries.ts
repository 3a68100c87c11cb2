import { createHmac } from 'node:crypto'
import { AppError } from '../core/errors.ts'
import type { Clock, Store, TryCount } from './ports.ts'

/** PCI DSS 4.0.1, 8.3.4: at most 10 wrong tries, then 30 minutes of none. */
const ACCOUNT_LIMIT = { most: 10, withinMs: 30 * 60_000 }
/** Wrong tries of one network over all accounts: against one password tried on many. */
const NETWORK_LIMIT = { most: 60, withinMs: 10 * 60_000 }
/**
 * Counts kept. To push out the count of a locked account a stranger would need as many others that are as high: at
 * four passwords a second that takes longer than the lock.
 */
const MOST_COUNTS = 5_000

/** Who tries: a known device counts for itself, so that strangers' wrong tries do not lock its owner out. */
export type Tryer = { readonly email: string; readonly network: string; readonly knownDevice?: string }

type Limit = { readonly key: string; readonly most: number; readonly withinMs: number }

/**
 * Counts wrong log-ins, also over a restart. A try is charged before the password is looked at, so that tries sent at
 * once cannot slip through, and given back when it was right.
 */
export class LogInTries {
  readonly #store: Pick<Store, 'changeTries'>
  readonly #clock: Clock
  readonly #secret: string

  /** `secret` hides names of accounts and addresses of networks in what is stored. */
  constructor(store: Pick<Store, 'changeTries'>, clock: Clock, secret: string) {
    this.#store = store
    this.#clock = clock
    this.#secret = secret
  }

  /** Charges one try. Rejects with `too_many` when there are none left; then it is not charged. */
  async charge(tryer: Tryer): Promise<void> {
    const limits = this.#limitsOf(tryer)
    const now = this.#clock.now()
    const retryAfterMs = await this.#store.changeTries((stored) => {
      const counts = stored.filter(({ until }) => until > now)
      const spent = limits.flatMap(({ key, most }) =>
        counts.filter((count) => count.key === key && count.tries >= most),
      )
      if (spent.length > 0) return { result: Math.max(...spent.map(({ until }) => until)) - now }
      let next: readonly TryCount[] = counts
      for (const limit of limits) next = charged(next, limit, now)
      return { counts: kept(next), result: 0 }
    })
    if (retryAfterMs === 0) return
    throw new AppError('too_many', 'too many wrong log-ins; wait before you try again', { retryAfterMs })
  }

  /** Gives a charged try back: the password was right. */
  async giveBack(tryer: Tryer): Promise<void> {
    const keys = new Set(this.#limitsOf(tryer).map(({ key }) => key))
    await this.#store.changeTries((counts) => ({
      counts: counts.flatMap((count) => {
        if (!keys.has(count.key)) return [count]
        return count.tries > 1 ? [{ ...count, tries: count.tries - 1 }] : []
      }),
      result: undefined,
    }))
  }

  #limitsOf({ email, network, knownDevice }: Tryer): readonly Limit[] {
    const account = { key: this.#keyOf(`account\n${knownDevice ?? ''}\n${email}`), ...ACCOUNT_LIMIT }
    if (knownDevice !== undefined) return [account]
    return [account, { key: this.#keyOf(`network\n${network}`), ...NETWORK_LIMIT }]
  }

  #keyOf(name: string): string {
    return createHmac('sha256', this.#secret).update(`log-in-tries:${name}`).digest('base64url').slice(0, 27)
  }
}

/** The counts with one try more. Each try begins the time anew, so that no span of it ever holds more tries. */
function charged(counts: readonly TryCount[], { key, withinMs }: Limit, now: number): readonly TryCount[] {
  const before = counts.find((count) => count.key === key)
  const others = counts.filter((count) => count.key !== key)
  return [...others, { key, tries: (before?.tries ?? 0) + 1, until: now + withinMs }]
}

/** The highest counts, and of equal ones those that last longest. */
function kept(counts: readonly TryCount[]): readonly TryCount[] {
  if (counts.length <= MOST_COUNTS) return counts
  return [...counts].sort((a, b) => b.tries - a.tries || b.until - a.until).slice(0, MOST_COUNTS)
}
