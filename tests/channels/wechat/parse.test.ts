import { describe, expect, it } from 'vitest'
import { merchantKeyOf, parsePush } from '../../../src/channels/wechat/parse.ts'
import { readXmlFields } from '../../../src/channels/wechat/xml.ts'
import { isOwnId } from '../../../src/core/ids.ts'
import { type PushFields, pushXml } from '../../fixtures/wechat-phone.ts'

const SECRET = 'merchant-keys'
const TIME = { CreateTime: '1700000000' }
const parse = (fields: PushFields, openid = 'oMerchant0001') =>
  parsePush(readXmlFields(pushXml(openid, { ...TIME, ...fields })), SECRET)
const contentOf = (fields: PushFields) => parse({ MsgId: '24012345678901234', ...fields }).content

describe('a message', () => {
  it('keeps who, where, and its long id whole', () => {
    expect(parse({ MsgType: 'text', Content: '你好', MsgId: '24012345678901234' })).toEqual({
      account: 'gh_pos_helpdesk',
      address: { channel: 'wechat', merchantKey: merchantKeyOf('oMerchant0001', SECRET) },
      dedupeKey: 'wechat:24012345678901234',
      contact: { reach: 'oMerchant0001', grants: 'message' },
      content: { kind: 'text', text: '你好', numbered: {} },
    })
  })

  it('is of a merchant whose key tells nothing of the openid', () => {
    const key = merchantKeyOf('oMerchant0001', SECRET)
    expect(isOwnId(key)).toBe(true)
    expect(key).not.toBe(merchantKeyOf('oMerchant0002', SECRET))
    expect(key).not.toBe(merchantKeyOf('oMerchant0001', 'another secret'))
  })

  it('that was tapped in a menu message says what was tapped, if WeChat tells', () => {
    const tapped = (id: string) => parse({ MsgType: 'text', Content: '能', bizmsgmenuid: id, MsgId: '1' })
    expect(tapped('yes').content).toMatchObject({ numbered: { menuId: 'yes' } })
    expect(tapped('yes').contact.grants).toBe('moment')
    expect(tapped('0').content).toMatchObject({ numbered: {} })
    expect(tapped('').contact.grants).toBe('message')
  })

  it('too long or with what no store can carry is cleaned, not refused', () => {
    expect(contentOf({ MsgType: 'text', Content: 'a\0b' })).toMatchObject({ text: 'ab' })
    expect(contentOf({ MsgType: 'text', Content: '卡'.repeat(5_000) })).toMatchObject({
      text: '卡'.repeat(4_000),
    })
    expect(contentOf({ MsgType: 'text', Content: ' ' })).toEqual({ kind: 'unreadable', what: 'other' })
    expect(contentOf({ MsgType: 'text' })).toEqual({ kind: 'unreadable', what: 'other' })
  })

  it.each<[PushFields, object]>([
    [
      { MsgType: 'voice', Recognition: '打印机不出纸。' },
      { kind: 'text', text: '打印机不出纸。', numbered: {} },
    ],
    [
      { MsgType: 'voice', Recognition: ' ' },
      { kind: 'unreadable', what: 'voice' },
    ],
    [
      { MsgType: 'voice', MediaId: 'm', Format: 'amr' },
      { kind: 'unreadable', what: 'voice' },
    ],
    [
      { MsgType: 'image', MediaId: 'm-1', PicUrl: 'http://x' },
      { kind: 'picture', mediaId: 'm-1' },
    ],
    [{ MsgType: 'image' }, { kind: 'unreadable', what: 'picture' }],
    [
      { MsgType: 'video', MediaId: 'm' },
      { kind: 'unreadable', what: 'video' },
    ],
    [
      { MsgType: 'shortvideo', MediaId: 'm' },
      { kind: 'unreadable', what: 'video' },
    ],
    [
      { MsgType: 'location', Label: '北京市朝阳区' },
      { kind: 'unreadable', what: 'location', words: '北京市朝阳区' },
    ],
    [{ MsgType: 'location' }, { kind: 'unreadable', what: 'location' }],
    [
      { MsgType: 'link', Title: 't', Url: 'http://x' },
      { kind: 'unreadable', what: 'link' },
    ],
    [{ MsgType: 'something_new' }, { kind: 'unreadable', what: 'other' }],
  ])('%j', (fields, content) => {
    expect(contentOf(fields)).toEqual(content)
  })
})

describe('an event', () => {
  const event = (Event: string, more: PushFields = {}, openid?: string) =>
    parse({ MsgType: 'event', Event, ...more }, openid)

  it.each<[string, PushFields, object, string | undefined]>([
    ['subscribe', {}, { kind: 'followed' }, 'moment'],
    ['subscribe', { EventKey: 'qrscene_1', Ticket: 't' }, { kind: 'followed' }, 'moment'],
    ['SCAN', { EventKey: '1' }, { kind: 'followed' }, 'moment'],
    ['unsubscribe', {}, { kind: 'unfollowed' }, undefined],
    ['CLICK', { EventKey: '人工' }, { kind: 'text', text: '人工', numbered: {} }, 'moment'],
    ['CLICK', {}, { kind: 'ignored' }, 'moment'],
    ['VIEW', { EventKey: 'http://x' }, { kind: 'ignored' }, undefined],
    ['LOCATION', { Latitude: '1' }, { kind: 'ignored' }, undefined],
    ['something_new', {}, { kind: 'ignored' }, undefined],
  ])('%s %j', (name, more, content, grants) => {
    const push = event(name, more)
    expect([push.content, push.contact.grants]).toEqual([content, grants])
  })

  it('is known again by sender, time, kind and key, without showing them', () => {
    const key = event('subscribe').dedupeKey
    expect(key).toMatch(/^wechat:[\w-]{43}$/)
    expect(event('subscribe').dedupeKey).toBe(key)
    const others = [
      event('subscribe', { CreateTime: '1700000001' }),
      event('unsubscribe'),
      event('subscribe', { EventKey: 'qrscene_1' }),
      event('subscribe', {}, 'oMerchant0002'),
    ]
    expect(others.map(({ dedupeKey }) => dedupeKey)).not.toContain(key)
  })
})

it.each<[string, string]>([
  ['no sender', '<xml><ToUserName>g</ToUserName><CreateTime>1</CreateTime><MsgType>text</MsgType></xml>'],
  ['a sender that is none', pushXml('<b>', { ...TIME, MsgType: 'text' })],
  ['no time', pushXml('o1', { MsgType: 'text' })],
  ['no kind', pushXml('o1', TIME)],
  ['an id that is none', pushXml('o1', { ...TIME, MsgType: 'text', MsgId: 'x' })],
])('%s is refused', (_name, xml) => {
  expect(() => parsePush(readXmlFields(xml), SECRET)).toThrow('message field')
})
