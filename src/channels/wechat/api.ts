import type { Clock } from '../../app/ports.ts'
import { AccessToken } from './access-token.ts'
import { policyOf } from './errcodes.ts'
import { callOnce, type CallResult } from './http-call.ts'

export const WECHAT_API = 'https://api.weixin.qq.com'
const TIMEOUT_MS = 5_000
const TOKEN_TIMEOUT_MS = 3_000
/** A call with everything it may need: a token, a second token, a second try. */
const WHOLE_MS = 11_000
const TYPING_TIMEOUT_MS = 2_000
const MAX_JSON_BYTES = 64 * 1024
/** Of a picture to fetch; what is larger is refused at our own door too. */
const MAX_MEDIA_BYTES = 10 * 1024 * 1024

export type WechatApiOptions = {
  readonly appId: string
  readonly appSecret: string
  /** Takes the place of scheme, host and port of WeChat's addresses. */
  readonly base?: string
  readonly clock: Clock
  readonly fetch?: typeof fetch
  /** How long WeChat may take for one call; a test's is shorter. */
  readonly timeoutMs?: number
}

type How = {
  readonly query?: Record<string, string>
  readonly timeoutMs?: number
  readonly maxBytes?: number
}

/** What WeChat made of a call. `refused` carries its errcode; of a token that could not be had nothing was sent. */
export type ApiResult =
  | Extract<CallResult, { kind: 'answered' | 'bytes' }>
  | { readonly kind: 'refused'; readonly errcode: number }
  | { readonly kind: 'unsent' | 'unknown'; readonly reason: string }

/** The few calls we make of WeChat. None of them rejects; token and secret stay inside. */
export class WechatApi {
  readonly #options: WechatApiOptions
  readonly #token: AccessToken

  constructor(options: WechatApiOptions) {
    this.#options = options
    this.#token = new AccessToken(() => this.#fetchToken(), options.clock)
  }

  /** Sends a text to a follower by the customer-service interface. */
  sendText(openid: string, text: string): Promise<ApiResult> {
    return this.#call('/cgi-bin/message/custom/send', {
      touser: openid,
      msgtype: 'text',
      text: { content: text },
    })
  }

  /** Sends a picture that was uploaded. */
  sendPicture(openid: string, mediaId: string): Promise<ApiResult> {
    const body = { touser: openid, msgtype: 'image', image: { media_id: mediaId } }
    return this.#call('/cgi-bin/message/custom/send', body)
  }

  /** Uploads a picture; the answer's `media_id` is good for three days. */
  uploadPicture(picture: { readonly data: Uint8Array; readonly mime: string }): Promise<ApiResult> {
    const form = new FormData()
    const [, ending = 'jpg'] = picture.mime.split('/')
    form.set('media', new Blob([Uint8Array.from(picture.data)], { type: picture.mime }), `picture.${ending}`)
    return this.#call('/cgi-bin/media/upload', form, { query: { type: 'image' } })
  }

  /** Shows “对方正在输入”. It is a courtesy: whether it worked is of no interest. */
  async showTyping(openid: string): Promise<void> {
    const body = { touser: openid, command: 'Typing' }
    await this.#call('/cgi-bin/message/custom/typing', body, { timeoutMs: TYPING_TIMEOUT_MS })
  }

  /** Fetches what a merchant sent; WeChat keeps it for three days. */
  getMedia(mediaId: string): Promise<ApiResult> {
    return this.#call('/cgi-bin/media/get', undefined, {
      query: { media_id: mediaId },
      maxBytes: MAX_MEDIA_BYTES,
    })
  }

  async #call(path: string, body: object | FormData | undefined, how: How = {}): Promise<ApiResult> {
    const whole = AbortSignal.timeout(WHOLE_MS)
    const first = await this.#callWithToken(path, body, how, whole)
    if (first.kind !== 'refused' || policyOf(first.errcode).action !== 'token') return first
    // Once: a token that is refused again will not get better by asking on.
    return this.#callWithToken(path, body, how, whole)
  }

  async #callWithToken(
    path: string,
    body: object | FormData | undefined,
    how: How,
    whole: AbortSignal,
  ): Promise<ApiResult> {
    const held = await this.#token.get()
    if (held.kind === 'none') return { kind: 'unsent', reason: held.reason }
    if (held.kind === 'refused') return held
    if (whole.aborted) return { kind: 'unsent', reason: 'network' }
    const url = this.#url(path, { access_token: held.token, ...how.query })
    const result = await callOnce(url, body, {
      fetch: this.#fetch,
      signal: AbortSignal.any([whole, AbortSignal.timeout(how.timeoutMs ?? this.#timeoutMs)]),
      maxBytes: how.maxBytes ?? MAX_JSON_BYTES,
    })
    if (result.kind !== 'answered' || result.errcode === 0) return result
    if (policyOf(result.errcode).action === 'token') this.#token.drop(held.token)
    return { kind: 'refused', errcode: result.errcode }
  }

  #fetchToken(): Promise<CallResult> {
    const body = {
      grant_type: 'client_credential',
      appid: this.#options.appId,
      secret: this.#options.appSecret,
      force_refresh: false,
    }
    return callOnce(this.#url('/cgi-bin/stable_token'), body, {
      fetch: this.#fetch,
      signal: AbortSignal.timeout(Math.min(TOKEN_TIMEOUT_MS, this.#timeoutMs)),
      maxBytes: MAX_JSON_BYTES,
    })
  }

  get #fetch(): typeof fetch {
    return this.#options.fetch ?? fetch
  }

  get #timeoutMs(): number {
    return this.#options.timeoutMs ?? TIMEOUT_MS
  }

  #url(path: string, query: Record<string, string> = {}): URL {
    const url = new URL(path, this.#options.base ?? WECHAT_API)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return url
  }
}
