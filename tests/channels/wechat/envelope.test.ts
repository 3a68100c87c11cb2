import { decrypt, getSignature } from '@wecom/crypto'
import { describe, expect, it } from 'vitest'
import type { WechatQuery } from '../../../src/app/wechat-channel.ts'
import { WechatEnvelope } from '../../../src/channels/wechat/envelope.ts'
import { readXmlFields } from '../../../src/channels/wechat/xml.ts'
import { AppError } from '../../../src/core/errors.ts'
import { A, B, D } from './vectors.ts'

const at = (seconds: string): number => Number(seconds) * 1000
const safe = new WechatEnvelope({ ...B, takesPlaintext: false })
const plain = new WechatEnvelope({ ...B, takesPlaintext: true })

const QUERY: WechatQuery = {
  signature: D.signature,
  msgSignature: D.msgSignature,
  timestamp: D.timestamp,
  nonce: D.nonce,
  encryptType: 'aes',
}
const BODY = `<xml><ToUserName><![CDATA[gh_pos_helpdesk]]></ToUserName><Encrypt><![CDATA[${D.encrypted}]]></Encrypt></xml>`

function refusalOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'taken'
}

describe('the check of the address', () => {
  const envelope = new WechatEnvelope({ ...A, takesPlaintext: false })
  const ask = (change: Partial<WechatQuery>, now = at(A.address.timestamp)): string =>
    refusalOf(() => envelope.checkAddress({ ...A.address, ...change }, now))

  it('takes WeChat’s own, within ten minutes', () => {
    expect(ask({})).toBe('taken')
    expect(ask({}, at(A.address.timestamp) + 600_000)).toBe('taken')
    expect(ask({}, at(A.address.timestamp) + 601_000)).toBe('forbidden')
    expect(ask({}, at(A.address.timestamp) - 601_000)).toBe('forbidden')
  })

  it('refuses any other', () => {
    expect(ask({ nonce: '1514711493' })).toBe('forbidden')
    expect(ask({ signature: A.plain.signature })).toBe('forbidden')
    expect(ask({ signature: undefined })).toBe('forbidden')
    expect(ask({ timestamp: ` ${A.address.timestamp}` })).toBe('forbidden')
    expect(ask({ timestamp: '1e9' })).toBe('forbidden')
  })
})

describe('a pushed message', () => {
  const open = (query: Partial<WechatQuery> = {}, body = BODY, now = at(D.timestamp)): string =>
    refusalOf(() => safe.open({ ...QUERY, ...query }, body, now))

  it('is opened', () => {
    expect(safe.open(QUERY, BODY, at(D.timestamp))).toEqual({ xml: D.message, isEncrypted: true })
  })

  it('is opened in 兼容模式 too, whose plain fields are not looked at', () => {
    const both = BODY.replace('<Encrypt>', '<Content><![CDATA[something else]]></Content><Encrypt>')
    expect(safe.open(QUERY, both, at(D.timestamp)).xml).toBe(D.message)
  })

  it.each<[string, Partial<WechatQuery>]>([
    ['another signature', { msgSignature: D.signature }],
    ['no signature', { msgSignature: undefined }],
    ['another nonce', { nonce: '987654322' }],
    ['another time', { timestamp: '1700000001' }],
    ['no encryption', { encryptType: undefined }],
    ['raw', { encryptType: 'raw' }],
  ])('is refused with %s', (_name, query) => {
    expect(open(query)).toBe('forbidden')
  })

  it('is refused when it is old, altered, or signed with nothing inside', () => {
    expect(open({}, BODY, at(D.timestamp) + 601_000)).toBe('forbidden')
    expect(open({}, BODY.replace('Q3st', 'Q3sT'))).toBe('forbidden')
    expect(open({}, '<xml><A>1</A></xml>')).toBe('forbidden')
    const signature = getSignature(B.token, D.timestamp, D.nonce, '')
    expect(open({ msgSignature: signature }, '<xml><A>1</A></xml>')).toBe('invalid')
  })

  it('is taken in plain text only where that is switched on, and signed all the same', () => {
    const query = { ...QUERY, encryptType: undefined }
    expect(refusalOf(() => safe.open(query, D.message, at(D.timestamp)))).toBe('forbidden')
    expect(plain.open(query, D.message, at(D.timestamp))).toEqual({ xml: D.message, isEncrypted: false })
    const unsigned = { ...query, signature: A.plain.signature }
    expect(refusalOf(() => plain.open(unsigned, D.message, at(D.timestamp)))).toBe('forbidden')
  })
})

describe('an answer', () => {
  it('is signed and encrypted as an independent peer reads it', () => {
    const opened = safe.open(QUERY, BODY, at(D.timestamp))
    const sealed = readXmlFields(safe.seal('<xml>您好</xml>', opened, D.nonce, at('1700000001')))
    const [encrypted, timestamp, nonce] = ['Encrypt', 'TimeStamp', 'Nonce'].map(
      (name) => sealed.get(name) ?? '',
    )
    expect(decrypt(B.encodingAesKey, encrypted ?? '')).toMatchObject({
      message: '<xml>您好</xml>',
      id: B.appId,
    })
    expect([timestamp, nonce]).toEqual(['1700000001', D.nonce])
    expect(sealed.get('MsgSignature')).toBe(
      getSignature(B.token, timestamp ?? '', nonce ?? '', encrypted ?? ''),
    )
  })

  it('never looks the same twice', () => {
    const opened = safe.open(QUERY, BODY, at(D.timestamp))
    const seal = (): string => safe.seal('<xml>您好</xml>', opened, D.nonce, at(D.timestamp))
    expect(seal()).not.toBe(seal())
  })

  it('to a plain request is plain', () => {
    expect(plain.seal('<xml>您好</xml>', { xml: '', isEncrypted: false }, D.nonce, 0)).toBe('<xml>您好</xml>')
  })
})
