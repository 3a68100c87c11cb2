import { createCipheriv } from 'node:crypto'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WechatCipher } from '../../../src/channels/wechat/cipher.ts'
import { isSignatureOf, signatureOf } from '../../../src/channels/wechat/signature.ts'
import { readXmlFields } from '../../../src/channels/wechat/xml.ts'
import { A, B, C, D } from './vectors.ts'

const [a, b, c] = [A, B, C].map(({ encodingAesKey, appId }) => new WechatCipher(encodingAesKey, appId))
if (!a || !b || !c) throw new Error('three ciphers are needed')

describe('signatures', () => {
  it.each([
    ['A1', A.address.signature, [A.token, A.address.timestamp, A.address.nonce]],
    ['A2', A.plain.signature, [A.token, A.plain.timestamp, A.plain.nonce]],
    ['A3', A.safe.signature, [A.token, A.safe.timestamp, A.safe.nonce]],
    ['A3 msg', A.safe.msgSignature, [A.token, A.safe.timestamp, A.safe.nonce, A.safe.encrypted]],
    ['A4', A.reply.msgSignature, [A.token, A.reply.timestamp, A.reply.nonce, A.reply.encrypted]],
    ['B2', B.push.msgSignature, [B.token, B.push.timestamp, B.push.nonce, B.push.encrypted]],
    ['C1', C.address.msgSignature, [C.token, C.address.timestamp, C.address.nonce, C.address.encrypted]],
    ['C2', C.push.msgSignature, [C.token, C.push.timestamp, C.push.nonce, C.push.encrypted]],
    ['D1', D.signature, [B.token, D.timestamp, D.nonce]],
    ['D1 msg', D.msgSignature, [B.token, D.timestamp, D.nonce, D.encrypted]],
  ])('%s', (_name, signature, parts) => {
    expect(signatureOf(parts)).toBe(signature)
    expect(isSignatureOf(signature, parts)).toBe(true)
    expect(isSignatureOf(signature, ['another token', ...parts.slice(1)])).toBe(false)
    expect(isSignatureOf(signature.toUpperCase(), parts)).toBe(false)
    expect(isSignatureOf(signature.slice(1), parts)).toBe(false)
  })

  it('sorts by code units, not by a language', () => {
    expect(signatureOf(['ab', 'Zx'])).toBe(signatureOf(['Zxab']))
  })
})

describe('the cipher', () => {
  it('opens what others sealed', () => {
    expect(a.open(A.safe.encrypted)).toBe(A.safe.message)
    expect(b.open(B.chinese.encrypted)).toBe(B.chinese.message)
    expect(b.open(B.wholeBlock.encrypted)).toBe(B.wholeBlock.message)
    expect(c.open(C.address.encrypted)).toBe(C.address.message)
    expect(b.open(D.encrypted)).toBe(D.message)
    const push = readXmlFields(b.open(B.push.encrypted))
    expect([push.get('FromUserName'), push.get('CreateTime')]).toEqual(['asdasdasdsadasd', '1234567898'])
    expect([push.get('Content'), push.get('MsgId')]).toEqual(['hello', '12345'])
    const wecom = readXmlFields(c.open(C.push.encrypted))
    expect([wecom.get('FromUserName'), wecom.get('Content')]).toEqual(['mycreate', 'hello'])
    expect([wecom.get('MsgId'), wecom.get('AgentID')]).toEqual(['4561255354251345929', '218'])
  })

  it('seals as others do', () => {
    expect(a.seal(A.reply.message, Buffer.from(A.reply.random))).toBe(A.reply.encrypted)
    expect(b.seal(B.chinese.message, Buffer.from(B.random))).toBe(B.chinese.encrypted)
    expect(b.seal(B.wholeBlock.message, Buffer.from(B.random))).toBe(B.wholeBlock.encrypted)
    expect(b.seal(D.message, Buffer.from(D.random))).toBe(D.encrypted)
  })

  it('understands an independent peer, and is understood, whatever is said', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (said, random) => {
          const text = Buffer.from(said).toString()
          const sealed = b.seal(text, random)
          expect(decrypt(B.encodingAesKey, sealed)).toMatchObject({ message: text, id: B.appId })
          const peers = encrypt(B.encodingAesKey, text, B.appId, Buffer.from(random))
          expect(peers).toBe(sealed)
          expect(b.open(peers)).toBe(text)
          expect(signatureOf([B.token, '17', 'n', sealed])).toBe(getSignature(B.token, '17', 'n', sealed))
        },
      ),
    )
  })

  it('refuses what was sealed for another account', () => {
    expect(() => new WechatCipher(B.encodingAesKey, 'other').open(B.push.encrypted)).toThrow('not encrypted')
    expect(() => c.open(B.push.encrypted)).toThrow('not encrypted')
  })

  it.each([
    ['truncated base64', D.encrypted.slice(0, -5)],
    ['a part of the blocks', D.encrypted.slice(0, 64)],
    ['no base64', `${D.encrypted.slice(0, 40)} ${D.encrypted.slice(41)}`],
    ['a plus that became a blank', D.encrypted.replace('+', ' ')],
    ['nothing', ''],
    ['one block of nothing', Buffer.alloc(16).toString('base64')],
  ])('refuses %s', (_name, encrypted) => {
    expect(() => b.open(encrypted)).toThrow('not encrypted')
  })

  it.each([
    ['a length beyond the message', { length: 4_000_000_000 }],
    ['a length that is too long by one', { length: 6 }],
    ['a length that is too short', { length: 4 }],
    ['padding of 0', { pad: 0 }],
    ['padding of 33', { pad: 33 }],
    ['padding that is longer than its bytes say', { pad: 12, padByte: 9 }],
    ['padding of other bytes', { pad: 21, padByte: 9 }],
    ['no account', { appId: '' }],
    ['the start of our account', { appId: B.appId.slice(0, -1) }],
    ['more than our account', { appId: `${B.appId}x` }],
  ])('refuses %s', (_name, parts) => {
    expect(() => b.open(sealedBadly(parts))).toThrow('not encrypted')
  })

  it('opens the same form when nothing is wrong with it', () => {
    expect(b.open(sealedBadly({}))).toBe('hello')
  })
})

/** Seals “hello” with faults that only the holder of the key could make. */
function sealedBadly(parts: { length?: number; pad?: number; padByte?: number; appId?: string }): string {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(parts.length ?? 5)
  const body = Buffer.concat([
    Buffer.alloc(16, 7),
    length,
    Buffer.from('hello'),
    Buffer.from(parts.appId ?? B.appId),
  ])
  const size = 32 - (body.length % 32)
  const pad = Buffer.alloc(size, parts.padByte ?? parts.pad ?? size)
  if (parts.padByte !== undefined) pad.writeUInt8(parts.pad ?? size, size - 1)
  return sealedRaw(Buffer.concat([body, pad]))
}

function sealedRaw(plain: Buffer): string {
  const key = Buffer.from(`${B.encodingAesKey}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}
