import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { AppError } from '../core/errors.ts'

/** PCI DSS 4.0.1, 8.3.6. */
export const MIN_PASSWORD_LENGTH = 12
export const MAX_PASSWORD_LENGTH = 256

const KEY_BYTES = 32
const BLOCK_SIZE = 8
/** scrypt with N = 2^15, r = 8, p = 3 (OWASP's table): 32 MiB and about 0.25 s each. */
const DEFAULT_COST = { logN: 15, parallelism: 3 }
/** Two at once leave half of Node's four worker threads to the disk. */
const MAX_AT_ONCE = 2
const MAX_WAITING = 20
const HASH = /^scrypt\$(\d{1,2})\$8\$(\d{1,2})\$([A-Za-z0-9+/=]{1,128})\$([A-Za-z0-9+/=]{1,128})$/

type Cost = { readonly logN: number; readonly parallelism: number }

/** Hashes and checks passwords; many at once are queued and beyond that refused with `unavailable`. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Checks a password; without a hash it takes just as long and says no, so that unknown accounts do not show. */
  verify(password: string, hash: string | undefined): Promise<boolean>
}

export function createPasswords(cost: Cost = DEFAULT_COST): Passwords {
  const turnstile = new Turnstile()
  const nobody = { ...cost, salt: randomBytes(16), key: randomBytes(KEY_BYTES) }
  return {
    async hash(password) {
      const salt = randomBytes(16)
      const key = await turnstile.pass(() => derive(password, salt, cost))
      return `scrypt$${cost.logN}$${BLOCK_SIZE}$${cost.parallelism}$${salt.toString('base64')}$${key.toString('base64')}`
    },
    async verify(password, hash) {
      const wanted = hash === undefined ? nobody : parseHash(hash)
      const key = await turnstile.pass(() => derive(password, wanted.salt, wanted))
      return timingSafeEqual(key, wanted.key) && hash !== undefined
    },
  }
}

function parseHash(hash: string): Cost & { salt: Buffer; key: Buffer } {
  const [, logN, parallelism, salt, key] = HASH.exec(hash) ?? []
  if (!logN || !parallelism || !salt || !key)
    throw new AppError('internal', 'a stored password hash cannot be read')
  const decoded = { salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') }
  if (decoded.key.length !== KEY_BYTES)
    throw new AppError('internal', 'a stored password hash has a wrong length')
  return { logN: Number(logN), parallelism: Number(parallelism), ...decoded }
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const N = 2 ** cost.logN
  const maxmem = 2 * 128 * N * BLOCK_SIZE
  const options: ScryptOptions = { N, r: BLOCK_SIZE, p: cost.parallelism, maxmem }
  // Typed in one form or another, a password is the same: NFKC as in RFC 8265.
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(new AppError('internal', 'the password could not be hashed', { cause: error }))
      else resolve(key)
    })
  })
}

class Turnstile {
  #inside = 0
  readonly #waiting: (() => void)[] = []

  async pass<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#inside >= MAX_AT_ONCE) {
      if (this.#waiting.length >= MAX_WAITING) {
        throw new AppError('unavailable', 'too many log-ins at once', { retryAfterMs: 3_000 })
      }
      // Whoever leaves hands over the place, so `#inside` does not change here.
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else {
      this.#inside += 1
    }
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#inside -= 1
    }
  }
}
