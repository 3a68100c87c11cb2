import { type RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../core/errors.ts'

/** Takes one point of a network. Rejects with `too_many` and `message` when there is none left. */
export async function admit(limiter: RateLimiterMemory, network: string, message: string): Promise<void> {
  try {
    await limiter.consume(network)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new AppError('too_many', message, { retryAfterMs: refusal.msBeforeNext })
  }
}
