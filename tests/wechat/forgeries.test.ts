import { getSignature } from '@wecom/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WechatQuery } from '../../src/app/wechat-channel.ts'
import { WechatEnvelope } from '../../src/channels/wechat/envelope.ts'
import { AppError } from '../../src/core/errors.ts'
import { type RunningServer, startServer } from '../fixtures/running-server.ts'
import { ACCOUNT, pushXml, signedPush } from '../fixtures/wechat-phone.ts'

const NOW = Date.UTC(2026, 10, 25, 1)
const FORGERIES = 100_000
const envelope = new WechatEnvelope({ ...ACCOUNT, takesPlaintext: false })

type Push = { readonly query: WechatQuery; readonly body: string }

function freshPush(n: number): Push {
  const { query, body } = signedPush(
    pushXml(`oMerchant${n}`, { CreateTime: '1', MsgType: 'text', Content: `第${n}句`, MsgId: String(n) }),
    NOW,
  )
  return {
    query: {
      signature: query.get('signature') ?? '',
      msgSignature: query.get('msg_signature') ?? '',
      timestamp: query.get('timestamp') ?? '',
      nonce: query.get('nonce') ?? '',
      encryptType: 'aes',
    },
    body,
  }
}

/** Numbers that look random and are the same in every run. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

function withOtherCharacter(text: string, at: number, by: number): string {
  const code = (text.charCodeAt(at) ^ (1 << by)) & 0x7f
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
}

const inEncrypt = (body: string, change: (encrypted: string) => string): string =>
  body.replace(
    /(<Encrypt><!\[CDATA\[)(.*?)(\]\]>)/u,
    (_, head: string, text: string, tail: string) => head + change(text) + tail,
  )

/** A push with one thing wrong with it. */
function forged({ query, body }: Push, kind: number, random: (below: number) => number, other: Push): Push {
  const bit = (text: string): string => withOtherCharacter(text, random(text.length), random(7))
  switch (kind) {
    case 0:
      return { query, body: inEncrypt(body, bit) }
    case 1:
      return { query: { ...query, msgSignature: bit(query.msgSignature ?? '') }, body }
    case 2:
      return { query: { ...query, nonce: bit(query.nonce) }, body }
    case 3:
      return { query: { ...query, timestamp: bit(query.timestamp) }, body }
    case 4:
      return { query, body: inEncrypt(body, (text) => text.slice(0, random(text.length))) }
    case 5:
      return { query: { ...query, msgSignature: query.signature }, body }
    case 6:
      return { query: other.query, body }
    case 7:
      return { query: { ...query, encryptType: undefined }, body }
    case 8:
      return { query, body: inEncrypt(body, (text) => `${text} `) }
    default: {
      // Signed as it should be, over something that was never encrypted for us.
      const encrypted = Buffer.from(Array.from({ length: 96 }, () => random(256))).toString('base64')
      const msgSignature = getSignature(ACCOUNT.token, query.timestamp, query.nonce, encrypted)
      return { query: { ...query, msgSignature }, body: inEncrypt(body, () => encrypted) }
    }
  }
}

function isSame(a: Push, b: Push): boolean {
  return a.body === b.body && JSON.stringify(a.query) === JSON.stringify(b.query)
}

describe('forged pushes', () => {
  it('are all refused, and none is a failure of ours', { timeout: 120_000 }, () => {
    const random = numbersFrom(20_261_125)
    const pushes = Array.from({ length: 50 }, (_, n) => freshPush(n))
    const tally = { refused: 0, taken: 0, unchanged: 0 }
    for (let n = 0; n < FORGERIES; n += 1) {
      const push = pushes[n % pushes.length]
      const other = pushes[(n + 1) % pushes.length]
      if (push === undefined || other === undefined) throw new Error('there are no pushes')
      const forgery = forged(push, n % 10, random, other)
      if (isSame(push, forgery)) {
        tally.unchanged += 1
        continue
      }
      try {
        envelope.open(forgery.query, forgery.body, NOW)
        tally.taken += 1
      } catch (error) {
        if (!(error instanceof AppError) || !['forbidden', 'invalid'].includes(error.code)) throw error
        tally.refused += 1
      }
    }
    expect(tally.taken).toBe(0)
    expect(tally.refused).toBeGreaterThan(FORGERIES * 0.99)
    for (const { query, body } of pushes) expect(envelope.open(query, body, NOW).isEncrypted).toBe(true)
  })
})

describe('forged pushes over HTTP', () => {
  let server: RunningServer
  beforeAll(async () => {
    server = await startServer({ clock: { now: () => NOW } })
    await server.ready
  })
  afterAll(() => server.close())

  it('are refused with 403 or 400, and nothing is stored', { timeout: 60_000 }, async () => {
    const random = numbersFrom(7)
    const statuses = new Set<number>()
    for (let n = 0; n < 400; n += 1) {
      const push = freshPush(n)
      const { query, body } = forged(push, n % 10, random, freshPush(n + 1))
      if (isSame(push, { query, body })) continue
      const named = { msg_signature: query.msgSignature, encrypt_type: query.encryptType }
      const pairs = Object.entries({ ...query, ...named }).filter(([, value]) => value !== undefined)
      const address = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))
      statuses.add((await fetch(`${server.url}/channels/wechat?${address}`, { method: 'POST', body })).status)
    }
    expect([...statuses].sort()).toEqual([400, 403])
    expect((await server.store.counts()).conversations).toBe(0)
  })
})
