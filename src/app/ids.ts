import { randomBytes, randomInt } from 'node:crypto'
import type { Clock, Ids, Random } from './ports.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const ID_LENGTH = 26
/** Largest multiple of 36 that fits in a byte: bytes from here on would favour the first letters. */
const FAIR_BYTES = 252
const SHANGHAI_OFFSET_MS = 8 * 3_600_000

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() }

/** The machine's own chance; good enough to spread waits, never for secrets. */
export const systemRandom: Random = () => Math.random()

/** Makes ids from the operating system's random numbers: 26 letters and digits, 134 bits. */
export function createIds(): Ids {
  return {
    id: randomId,
    secret: (bytes) => randomBytes(bytes).toString('hex'),
    ticketNumber: (now) => `${shanghaiDay(now)}-${String(randomInt(100_000)).padStart(5, '0')}`,
  }
}

/** Writes bytes as an id of the form made here. Pure; `undefined` when the bytes do not suffice for 26 letters. */
export function idFromBytes(bytes: Uint8Array): string | undefined {
  let id = ''
  for (const byte of bytes) {
    if (byte >= FAIR_BYTES) continue
    id += ALPHABET[byte % ALPHABET.length]
    if (id.length === ID_LENGTH) return id
  }
  return undefined
}

function randomId(): string {
  let id: string | undefined
  // 40 bytes fall short of 26 fair ones about once in 10^17 times.
  while (id === undefined) id = idFromBytes(randomBytes(40))
  return id
}

function shanghaiDay(now: number): string {
  return new Date(now + SHANGHAI_OFFSET_MS).toISOString().slice(2, 10).replaceAll('-', '')
}
