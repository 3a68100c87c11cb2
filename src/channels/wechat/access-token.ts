import { z } from 'zod'
import type { Clock } from '../../app/ports.ts'
import type { CallResult } from './http-call.ts'

/** A token is given back this long before it ends: WeChat renews it in its last five minutes. */
const EARLY_MS = 300_000

const TokenAnswer = z.object({ access_token: z.string().min(1).max(512), expires_in: z.number().positive() })

export type TokenResult =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'refused'; readonly errcode: number }
  | { readonly kind: 'none'; readonly reason: string }

/** The account's access token: fetched when it is needed, once at a time, and kept until it is about to end. */
export class AccessToken {
  readonly #fetchToken: () => Promise<CallResult>
  readonly #clock: Clock
  #held: { readonly token: string; readonly until: number } | undefined
  #fetching: Promise<TokenResult> | undefined

  constructor(fetchToken: () => Promise<CallResult>, clock: Clock) {
    this.#fetchToken = fetchToken
    this.#clock = clock
  }

  /** Never rejects. */
  async get(): Promise<TokenResult> {
    if (this.#held !== undefined && this.#held.until > this.#clock.now()) {
      return { kind: 'token', token: this.#held.token }
    }
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined
    })
    return this.#fetching
  }

  /** Forgets a token WeChat refused; one that has taken its place meanwhile stays. */
  drop(token: string): void {
    if (this.#held?.token === token) this.#held = undefined
  }

  async #fetch(): Promise<TokenResult> {
    const askedAt = this.#clock.now()
    const result = await this.#fetchToken()
    if (result.kind !== 'answered') {
      return { kind: 'none', reason: result.kind === 'unsent' ? result.reason : 'network' }
    }
    if (result.errcode !== 0) return { kind: 'refused', errcode: result.errcode }
    const answer = TokenAnswer.safeParse(result.data)
    if (!answer.success) return { kind: 'none', reason: 'strange_answer' }
    const { access_token: token, expires_in: seconds } = answer.data
    this.#held = { token, until: askedAt + seconds * 1000 - EARLY_MS }
    return { kind: 'token', token }
  }
}
