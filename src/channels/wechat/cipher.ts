import { createCipheriv, createDecipheriv } from 'node:crypto'
import { AppError } from '../../core/errors.ts'

/** WeChat pads to this, twice the block of AES: Node's own padding would fail on every second message. */
const PAD_BLOCK = 32
const RANDOM_BYTES = 16
const LENGTH_BYTES = 4
const HEAD_BYTES = RANDOM_BYTES + LENGTH_BYTES
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** Opens and seals what WeChat and one official account say to each other (“安全模式”). */
export class WechatCipher {
  readonly #key: Buffer
  readonly #iv: Buffer
  readonly #appId: string

  /** `encodingAesKey` is the 43 characters of the account's settings. */
  constructor(encodingAesKey: string, appId: string) {
    this.#key = Buffer.from(`${encodingAesKey}=`, 'base64')
    this.#iv = this.#key.subarray(0, 16)
    this.#appId = appId
  }

  /** The message inside a cipher text. Throws `invalid` for anything that was not sealed for this account. */
  open(encrypted: string): string {
    const plain = withoutPadding(this.#decipher(encrypted))
    if (plain === undefined || plain.length < HEAD_BYTES) throw unreadable()
    const end = HEAD_BYTES + plain.readUInt32BE(RANDOM_BYTES)
    if (end > plain.length || !plain.subarray(end).equals(Buffer.from(this.#appId))) throw unreadable()
    return plain.toString('utf8', HEAD_BYTES, end)
  }

  /** Seals a message; `random` is 16 bytes that were never used before. */
  seal(message: string, random: Uint8Array): string {
    const text = Buffer.from(message)
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32BE(text.length)
    const plain = Buffer.concat([random.subarray(0, RANDOM_BYTES), length, text, Buffer.from(this.#appId)])
    const cipher = createCipheriv('aes-256-cbc', this.#key, this.#iv).setAutoPadding(false)
    return Buffer.concat([cipher.update(withPadding(plain)), cipher.final()]).toString('base64')
  }

  #decipher(encrypted: string): Buffer {
    const isBase64 = encrypted.length % 4 === 0 && BASE64.test(encrypted)
    const bytes = Buffer.from(isBase64 ? encrypted : '', 'base64')
    if (bytes.length === 0 || bytes.length % 16 !== 0) throw unreadable()
    const decipher = createDecipheriv('aes-256-cbc', this.#key, this.#iv).setAutoPadding(false)
    return Buffer.concat([decipher.update(bytes), decipher.final()])
  }
}

function withPadding(plain: Buffer): Buffer {
  const pad = PAD_BLOCK - (plain.length % PAD_BLOCK)
  return Buffer.concat([plain, Buffer.alloc(pad, pad)])
}

function withoutPadding(padded: Buffer): Buffer | undefined {
  const pad = padded.at(-1) ?? 0
  if (pad < 1 || pad > PAD_BLOCK || pad > padded.length) return undefined
  const isWhole = padded.subarray(padded.length - pad).every((byte) => byte === pad)
  return isWhole ? padded.subarray(0, padded.length - pad) : undefined
}

/** One refusal for every fault: which one it was is nobody's business outside. */
function unreadable(): AppError {
  return new AppError('invalid', 'the message was not encrypted for this official account')
}
