import { randomBytes } from 'node:crypto'
import type { WechatQuery } from '../../app/wechat-channel.ts'
import { AppError } from '../../core/errors.ts'
import { WechatCipher } from './cipher.ts'
import { isSignatureOf, signatureOf } from './signature.ts'
import { cdata, readXmlFields } from './xml.ts'

/** How old, or how far ahead, the time on a request may be. */
const FRESH_SECONDS = 600

export type EnvelopeSettings = {
  readonly appId: string
  readonly token: string
  readonly encodingAesKey: string
  /** True on a developer's machine only: such messages are signed, but nothing protects what they say. */
  readonly takesPlaintext: boolean
}

/** An opened request: the XML of the message, and how the answer must be sent. */
export type OpenedEnvelope = { readonly xml: string; readonly isEncrypted: boolean }

/** The outer form of WeChat's requests and of our answers in them. */
export class WechatEnvelope {
  readonly #settings: EnvelopeSettings
  readonly #cipher: WechatCipher

  constructor(settings: EnvelopeSettings) {
    this.#settings = settings
    this.#cipher = new WechatCipher(settings.encodingAesKey, settings.appId)
  }

  /** Throws `forbidden` unless WeChat asks, now, whether this address is ours (`echostr`). */
  checkAddress(query: WechatQuery, now: number): void {
    this.#checkFresh(query, now)
    this.#checkSignature(query.signature, [query.timestamp, query.nonce])
  }

  /**
   * Opens a pushed message. Throws `forbidden` when it was not signed under our token or is too old, `invalid` when
   * it cannot be read.
   */
  open(query: WechatQuery, body: string, now: number): OpenedEnvelope {
    this.#checkFresh(query, now)
    if (query.encryptType !== 'aes') return this.#openPlain(query, body)
    const encrypted = readXmlFields(body).get('Encrypt') ?? ''
    // `signature` does not cover the body; the fields beside `Encrypt` in “兼容模式” are not looked at.
    this.#checkSignature(query.msgSignature, [query.timestamp, query.nonce, encrypted])
    return { xml: this.#cipher.open(encrypted), isEncrypted: true }
  }

  /** The answer to a request, in the form the request had. */
  seal(xml: string, opened: OpenedEnvelope, nonce: string, now: number): string {
    if (!opened.isEncrypted) return xml
    const encrypted = this.#cipher.seal(xml, randomBytes(16))
    const timestamp = String(Math.floor(now / 1000))
    const signature = signatureOf([this.#settings.token, timestamp, nonce, encrypted])
    return (
      `<xml><Encrypt>${cdata(encrypted)}</Encrypt><MsgSignature>${cdata(signature)}</MsgSignature>` +
      `<TimeStamp>${timestamp}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`
    )
  }

  #openPlain(query: WechatQuery, body: string): OpenedEnvelope {
    if (!this.#settings.takesPlaintext) {
      throw new AppError('forbidden', 'messages must be encrypted: choose 安全模式 in the account’s settings')
    }
    this.#checkSignature(query.signature, [query.timestamp, query.nonce])
    return { xml: body, isEncrypted: false }
  }

  #checkFresh({ timestamp }: WechatQuery, now: number): void {
    const age = Math.abs(now / 1000 - Number(timestamp))
    if (!/^\d{1,12}$/.test(timestamp) || age > FRESH_SECONDS) {
      throw new AppError('forbidden', 'the timestamp is not of now')
    }
  }

  #checkSignature(signature: string | undefined, parts: readonly string[]): void {
    if (signature === undefined || !isSignatureOf(signature, [this.#settings.token, ...parts])) {
      throw new AppError('forbidden', 'the signature is missing or wrong')
    }
  }
}
