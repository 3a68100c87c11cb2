import fc from 'fast-check'
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signSlack, verifySlack } from '../../../src/channels/slack/verify.ts'

/** The published example and three of our own, over one secret and time. */
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5'
const TIMESTAMP = '1531420618'
const NOW = 1_531_420_618_000
const CLICK = {
  type: 'block_actions',
  team: { id: 'T1' },
  user: { id: 'U1' },
  channel: { id: 'C1' },
  container: { type: 'message', message_ts: '5.5', channel_id: 'C1', thread_ts: '4.4' },
  actions: [{ type: 'button', action_id: 'choice:yes', block_id: 'b1', value: 'yes', action_ts: '6.6' }],
}
const VECTORS = [
  [
    'S1',
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    'a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  ],
  [
    'S2',
    '{"type":"url_verification","token":"Jhj5dZrVaK7ZwHHjRyZWjbDl","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}',
    'a4b0256815067c834ff032516f500d487357dcac97850c6ddcd694725fd33eb1',
  ],
  [
    'S3',
    '{"token":"x","team_id":"T123ABC456","api_app_id":"A123ABC456","event":{"type":"message","channel":"D123ABC456","user":"U123ABC456","text":"打印机不出票","ts":"1355517523.000005","channel_type":"im"},"type":"event_callback","event_id":"Ev123ABC456","event_time":1355517523}',
    '0ab85762ec9b7029b9a3ae785b0c412eeac0416de8eb7e7c4b230a2332ba1ace',
  ],
  [
    'S4',
    `payload=${encodeURIComponent(JSON.stringify(CLICK))}`,
    '4c5029ea3e429dc5be48a527fa175b1cd539e4ada0de9635243eb0c852bbad0d',
  ],
] as const

type Signed = { timestamp: string | undefined; signature: string | undefined; body: Uint8Array; now: number }

const [, body, digest] = VECTORS[2]
const valid: Signed = { timestamp: TIMESTAMP, signature: `v0=${digest}`, body: Buffer.from(body), now: NOW }

function isTaken({ timestamp, signature, body: bytes, now }: Signed, secret = SECRET): boolean {
  try {
    verifySlack(secret, { timestamp, signature }, bytes, now)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'unauthorized' })
    return false
  }
}

describe('the signature of Slack', () => {
  it.each(VECTORS)('%s is made and known', (_name, text, hex) => {
    expect(signSlack(SECRET, TIMESTAMP, Buffer.from(text))).toBe(`v0=${hex}`)
    expect(isTaken({ ...valid, body: Buffer.from(text), signature: `v0=${hex}` })).toBe(true)
  })

  it.each([
    [-301_000, false],
    [-300_000, true],
    [0, true],
    [300_999, true],
    [301_000, false],
    [86_400_000, false],
  ])('holds within five minutes: %i ms after it was made', (late, taken) => {
    expect(isTaken({ ...valid, now: NOW + late })).toBe(taken)
  })

  it.each([
    ['no signature', { signature: undefined }],
    ['an empty one', { signature: '' }],
    ['no version', { signature: digest }],
    ['another version', { signature: `v1=${digest}` }],
    ['capitals', { signature: `v0=${digest.toUpperCase()}` }],
    ['one too short', { signature: `v0=${digest.slice(1)}` }],
    ['one too long', { signature: `v0=${digest}0` }],
    ['two', { signature: `v0=${digest}, v0=${digest}` }],
    ['other characters of the same length', { signature: `v0=${'é'.repeat(64)}` }],
    ['no time', { timestamp: undefined }],
    ['a time that is none', { timestamp: 'now' }],
    ['a time with a sign', { timestamp: `+${TIMESTAMP}` }],
    ['a time with a fraction', { timestamp: `${TIMESTAMP}.0` }],
    ['a time in hex', { timestamp: '0x5b47a44a' }],
    ['two times', { timestamp: `${TIMESTAMP}, ${TIMESTAMP}` }],
  ])('is refused with %s', (_name, change) => {
    expect(isTaken({ ...valid, ...change })).toBe(false)
  })

  it('is refused under another secret', () => {
    expect(isTaken(valid, `${SECRET.slice(0, -1)}6`)).toBe(false)
  })

  it('is refused for a body that was written anew', () => {
    expect(isTaken({ ...valid, body: Buffer.from(JSON.stringify(JSON.parse(body), null, 1)) })).toBe(false)
  })

  it('of a hundred thousand altered requests is known in none', { timeout: 120_000 }, () => {
    const mutation = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('bit' as const), at: fc.nat(8 * 278 - 1) }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('digit' as const), at: fc.nat(63), to: fc.nat(15) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat(277) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('more' as const), byte: fc.nat(255) }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('time' as const), by: fc.integer({ min: -300, max: 300 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('secret' as const), secret: fc.string() }) },
    )
    let taken = 0
    fc.assert(
      fc.property(mutation, (one) => {
        const { request, secret, isSame } = mutated(one)
        if (!isSame && isTaken(request, secret)) taken += 1
      }),
      { numRuns: 100_000, seed: 7 },
    )
    expect(taken).toBe(0)
  })

  it('comes from the same bytes as another implementation makes it of', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xe6, 0x89, 0x93])
    const base = Buffer.concat([Buffer.from(`v0:${TIMESTAMP}:`), bytes])
    expect(signSlack('k', TIMESTAMP, bytes)).toBe(
      `v0=${createHmac('sha256', 'k').update(base).digest('hex')}`,
    )
  })
})

type Mutation =
  | { kind: 'bit'; at: number }
  | { kind: 'digit'; at: number; to: number }
  | { kind: 'cut'; at: number }
  | { kind: 'more'; byte: number }
  | { kind: 'time'; by: number }
  | { kind: 'secret'; secret: string }

/** A request altered in one place; `isSame` where the alteration changed nothing. */
function mutated(one: Mutation): { request: Signed; secret: string; isSame: boolean } {
  const bytes = Buffer.from(valid.body)
  switch (one.kind) {
    case 'bit': {
      const at = one.at >> 3
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (one.at & 7))
      return { request: { ...valid, body: bytes }, secret: SECRET, isSame: false }
    }
    case 'digit': {
      const hex = `${digest.slice(0, one.at)}${one.to.toString(16)}${digest.slice(one.at + 1)}`
      return { request: { ...valid, signature: `v0=${hex}` }, secret: SECRET, isSame: hex === digest }
    }
    case 'cut':
      return { request: { ...valid, body: bytes.subarray(0, one.at) }, secret: SECRET, isSame: false }
    case 'more':
      return {
        request: { ...valid, body: Buffer.concat([bytes, Buffer.from([one.byte])]) },
        secret: SECRET,
        isSame: false,
      }
    case 'time': {
      const timestamp = String(Number(TIMESTAMP) + one.by)
      return { request: { ...valid, timestamp }, secret: SECRET, isSame: one.by === 0 }
    }
    case 'secret':
      return { request: valid, secret: one.secret, isSame: one.secret === SECRET }
  }
}
