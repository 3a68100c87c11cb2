import { createHash } from 'node:crypto'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../core/errors.ts'

/** PCI DSS 4.0.1, 8.3.4: at most 10 wrong tries in 30 minutes. */
const ACCOUNT_TRIES = 10
const ACCOUNT_WINDOW_S = 30 * 60
/** Wrong tries of one network over all accounts: against one password tried on many. */
const NETWORK_TRIES = 60
const NETWORK_WINDOW_S = 10 * 60

/** Who tries: a known device counts for itself, so that strangers' wrong tries do not lock its owner out. */
export type Tryer = { readonly email: string; readonly network: string; readonly knownDevice?: string }

/**
 * Counts wrong log-ins. A try is charged before the password is looked at, so that tries sent at once cannot slip
 * through, and given back when it was right.
 */
export class LogInTries {
  readonly #accounts = new RateLimiterMemory({ points: ACCOUNT_TRIES, duration: ACCOUNT_WINDOW_S })
  readonly #networks = new RateLimiterMemory({ points: NETWORK_TRIES, duration: NETWORK_WINDOW_S })

  /** Charges one try. Rejects with `too_many` when there are none left. */
  async charge(tryer: Tryer): Promise<void> {
    if (tryer.knownDevice === undefined) await consume(this.#networks, tryer.network)
    await consume(this.#accounts, accountKey(tryer))
  }

  /** Gives a charged try back: the password was right. */
  async giveBack(tryer: Tryer): Promise<void> {
    if (tryer.knownDevice === undefined) await this.#networks.reward(tryer.network)
    await this.#accounts.reward(accountKey(tryer))
  }
}

function accountKey({ email, knownDevice }: Tryer): string {
  // Hashed, so that names of accounts that do not exist cost no more memory the longer they are.
  return createHash('sha256')
    .update(`${knownDevice ?? ''}\n${email}`)
    .digest('base64')
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new AppError('too_many', 'too many wrong log-ins; wait before you try again', {
      retryAfterMs: refusal.msBeforeNext,
    })
  }
}
