import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createBus } from '../../src/app/bus.ts'
import { merchantKeyOf, verifyIdentity } from '../../src/channels/web/identity.ts'
import { openToken, sealToken } from '../../src/channels/web/session.ts'
import { createWebChannel } from '../../src/channels/web/web-channel.ts'
import { isOwnId } from '../../src/core/ids.ts'
import { SteadyClock, SteadyIds } from '../fixtures/steady.ts'

const KEY = 'a'.repeat(26)
const SECRET = 'widget-identity-secret'
const ISSUED = 1_700_000_000
const DURING = (ISSUED + 300) * 1000

describe('a session token', () => {
  it('opens under its own secret only', () => {
    const token = sealToken('one', KEY)
    expect(openToken('one', token)).toEqual({
      address: { channel: 'web', merchantKey: KEY },
      firstConversationId: KEY,
    })
    expect(openToken('two', token)).toBeUndefined()
  })

  it('has no twins', () => {
    const token = sealToken('one', KEY)
    const last = token.at(-1) ?? ''
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=') {
      if (letter !== last) expect(openToken('one', token.slice(0, -1) + letter)).toBeUndefined()
    }
    for (const text of ['', KEY, `${KEY}.`, `${token}=`, `\n${token}`, `${token}\n`]) {
      expect(openToken('one', text)).toBeUndefined()
    }
  })
})

function jwt(claims: object, head: object = { alg: 'HS256', typ: 'JWT' }, secret = SECRET): string {
  const signed = [head, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

const CLAIMS = { sub: 'merchant-42', aud: 'posdesk-widget', iat: ISSUED, exp: ISSUED + 600 }

describe('an identity token', () => {
  it('of the reference is accepted while it lasts', () => {
    const token =
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.' +
      'eyJzdWIiOiJtZXJjaGFudC00MiIsImF1ZCI6InBvc2Rlc2std2lkZ2V0IiwiaWF0IjoxNzAwMDAwMDAwLCJleHAiOjE3MDAwMDA2MDB9.' +
      'dEKqGVLvR0joYzXxr02aAkS5CXatJJsEcvGcmojU7Eo'
    expect(jwt(CLAIMS)).toBe(token)
    expect(verifyIdentity(token, SECRET, DURING)).toBe('merchant-42')
    expect(() => verifyIdentity(token, SECRET, (ISSUED + 600) * 1000)).toThrow()
  })

  it.each([
    ['another secret', jwt(CLAIMS, undefined, 'another-secret-entirely')],
    ['no algorithm', jwt(CLAIMS, { alg: 'none' })],
    ['no signature', `${jwt(CLAIMS, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
    ['another algorithm', jwt(CLAIMS, { alg: 'HS512', typ: 'JWT' })],
    ['an extra head', jwt(CLAIMS, { alg: 'HS256', typ: 'JWT', crit: ['exp'] })],
    ['a key of its own', jwt(CLAIMS, { alg: 'HS256', jwk: {} })],
    ['another audience', jwt({ ...CLAIMS, aud: 'other' })],
    ['no end', jwt({ sub: 'a', aud: 'posdesk-widget' })],
    ['an hour to live', jwt({ ...CLAIMS, exp: ISSUED + 3600 })],
    ['an hour to live, undated', jwt({ sub: 'a', aud: 'posdesk-widget', exp: ISSUED + 3600 })],
    ['a start in the future', jwt({ ...CLAIMS, nbf: ISSUED + 500 })],
    ['nobody in it', jwt({ ...CLAIMS, sub: '' })],
    ['a number in it', jwt({ ...CLAIMS, sub: 42 })],
    ['broken JSON', 'e30x.e30x.dEKqGVLvR0joYzXxr02aAkS5CXatJJsEcvGcmojU7Eo'],
    ['nothing', ''],
  ])('with %s is refused', (_name, token) => {
    expect(() => verifyIdentity(token, SECRET, DURING)).toThrow(
      expect.objectContaining({ code: 'unauthorized' }),
    )
  })

  it('with a changed letter anywhere is refused', () => {
    const token = jwt(CLAIMS)
    for (let at = 0; at < token.length; at += 1) {
      const twisted = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
      expect(() => verifyIdentity(twisted, SECRET, DURING)).toThrow()
    }
  })

  it('leads to the same talk on every device, under a key that tells nothing', () => {
    const channel = createWebChannel({
      secret: 'a secret',
      identitySecret: SECRET,
      ids: new SteadyIds(),
      clock: new SteadyClock(DURING),
      bus: createBus(),
    })
    const [phone, till] = [1, 2].map(() => channel.startSession({ identityToken: jwt(CLAIMS) }))
    expect(phone).toEqual(till)
    const key = phone?.session.address.merchantKey ?? ''
    expect(isOwnId(key)).toBe(true)
    expect(key).toBe(merchantKeyOf('merchant-42', 'a secret'))
    expect(key).not.toBe(merchantKeyOf('merchant-43', 'a secret'))
    expect(key).not.toBe(merchantKeyOf('merchant-42', 'another secret'))
    expect(() => channel.startSession({ identityToken: 'x' })).toThrow()
  })
})
