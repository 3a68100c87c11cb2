import { describe, expect, it } from 'vitest'

import { type Asking, extractEntities } from '../../../../src/core/nlu/entities/extract.ts'
import { shippedContent } from '../../../fixtures/content.ts'

const { lexicon } = shippedContent()
/** Wednesday 25 November 2026, 12:00 in Shanghai. */
const NOON = Date.UTC(2026, 10, 25, 4, 0, 0)

function found(text: string, asking?: Asking): Readonly<Record<string, string | number>> {
  const entities = extractEntities(text, lexicon, NOON, asking)
  for (const { start, end, text: piece } of entities) expect(text.slice(start, end)).toBe(piece)
  return Object.fromEntries(entities.map(({ kind, value }) => [kind, value]))
}

const DC1: Asking = { slots: ['error_code'], kind: 'code' }

describe('response codes', () => {
  it.each([
    ['显示51', '51'],
    ['报错96怎么办', '96'],
    ['应答码是05', '05'],
    ['返回码 A0', 'A0'],
    ['提示a7', 'A7'],
    ['代码AO', 'A0'],
    ['显示a零', 'A0'],
    ['代码是五一', '51'],
    ['错误码五十一', '51'],
    ['刷卡提示５５', '55'],
    ['小票上写着 61 超限', '61'],
  ])('in “%s”', (text, code) => {
    expect(found(text)['response_code']).toBe(code)
  })

  it.each([
    ['51', '51'],
    ['是51', '51'],
    ['A0', 'A0'],
    ['五十五', '55'],
  ])('in the bare answer “%s”', (text, code) => {
    expect(found(text, DC1)['response_code']).toBe(code)
  })

  it.each([
    '刷了51块',
    '55号店',
    '刷了10次都不行',
    'A8机器',
    '等了30分钟',
    '百富A920',
    '今天25号',
    '收了96元',
    '5',
    '打八折',
  ])('not in “%s”', (text) => {
    expect(found(text)['response_code']).toBeUndefined()
  })

  it('a single digit is none, even when a code is asked for', () => {
    expect(found('5', DC1)['response_code']).toBeUndefined()
  })
})

describe('amounts', () => {
  it.each([
    ['刷了300块', 300],
    ['这笔128.5元', 128.5],
    ['¥1,280.00', 1280],
    ['两百五', 250],
    ['一千二百块', 1200],
    ['3万5', 35_000],
    ['1.2w', 12_000],
    ['收了2k', 2000],
    ['金额是五十块钱', 50],
    ['一共３６元', 36],
  ])('in “%s”', (text, amount) => {
    expect(found(text, { slots: ['amount'] })['amount']).toBe(amount)
  })

  it.each(['费率0.6%', '手续费百分之一', '三天没到账', '2024-05-01', '订单号20240501123456'])(
    'not in “%s”',
    (text) => {
      expect(found(text)['amount']).toBeUndefined()
    },
  )
})

describe('times, in Shanghai', () => {
  it.each([
    ['刚才刷的', '2026-11-25T12:00:00+08:00'],
    ['昨天下午3点半', '2026-11-24T15:30:00+08:00'],
    ['今早9点', '2026-11-25T09:00:00+08:00'],
    ['2026-11-20 12:30', '2026-11-20T12:30:00+08:00'],
    ['11月3号', '2026-11-03T00:00:00+08:00'],
    ['上周五', '2026-11-20T00:00:00+08:00'],
    ['前天晚上八点', '2026-11-23T20:00:00+08:00'],
    ['半小时前', '2026-11-25T11:30:00+08:00'],
  ])('in “%s”', (text, time) => {
    expect(found(text, { slots: ['txn_time'] })['txn_time']).toBe(time)
  })

  it.each(['三天没到账', '明天下午', '2019年1月1日', '今天晚上十一点'])('not in “%s”', (text) => {
    expect(found(text)['txn_time']).toBeUndefined()
  })
})

describe('numbers of terminal, merchant and trade', () => {
  it.each([
    ['终端号12345678', 'terminal_id', '12345678'],
    ['终端编号：12345678', 'terminal_id', '12345678'],
    ['商户号790000000000123', 'merchant_id', '790000000000123'],
    ['SN号98210012345678', 'terminal_sn', '98210012345678'],
    ['参考号123456789012', 'ref_no', '123456789012'],
    ['凭证号000123', 'trace_no', '000123'],
    ['流水号004567', 'trace_no', '004567'],
    ['批次号000045', 'batch_no', '000045'],
    ['授权码A1B2C3', 'auth_code', 'A1B2C3'],
    ['订单号4200001234202405011234567890', 'order_no', '4200001234202405011234567890'],
    ['尾号1234', 'card_last4', '1234'],
    ['卡号后四位是 8899', 'card_last4', '8899'],
    ['[卡号****0005]', 'card_last4', '0005'],
    ['电话13800138000', 'contact_phone', '13800138000'],
    ['138 0013 8000', 'contact_phone', '13800138000'],
    ['+86 138-0013-8000', 'contact_phone', '13800138000'],
    ['一三八零零一三八零零零', 'contact_phone', '13800138000'],
    ['座机0571-88886666', 'contact_phone', '057188886666'],
  ])('“%s”', (text, kind, value) => {
    expect(found(text)[kind]).toBe(value)
  })

  it('a bare answer is what was asked for', () => {
    expect(found('12345678', { slots: ['terminal_id'] })['terminal_id']).toBe('12345678')
    expect(found('1234', { slots: ['card_last4'] })['card_last4']).toBe('1234')
    expect(found('790000000000123', { slots: ['merchant_id'] })['merchant_id']).toBe('790000000000123')
  })

  it('several answers come in any order', () => {
    const asking = { slots: ['terminal_id', 'terminal_sn', 'terminal_model', 'contact_phone'] }
    expect(found('N910 12345678 13800138000', asking)).toMatchObject({
      terminal_model: 'N910',
      terminal_id: '12345678',
      contact_phone: '13800138000',
    })
    expect(found('13800138000，终端号87654321，联迪A8', asking)).toMatchObject({
      terminal_id: '87654321',
      contact_phone: '13800138000',
    })
  })

  it.each(['20240501', '我是2024年开的店'])('a date is no terminal: “%s”', (text) => {
    expect(found(text)['terminal_id']).toBeUndefined()
  })
})

describe('ways of reading, cards and networks', () => {
  it.each([
    ['插卡没反应', 'card_interface', 'chip'],
    ['刷磁条读不出', 'card_interface', 'mag'],
    ['挥卡感应不到', 'card_interface', 'nfc'],
    ['Apple Pay 碰一下', 'card_interface', 'nfc'],
    ['信用卡刷不了', 'card_type', 'credit'],
    ['借记卡也不行', 'card_type', 'debit'],
    ['外国客人的VISA', 'card_type', 'foreign'],
    ['用的流量卡', 'network_type', 'sim'],
    ['连WiFi', 'network_type', 'wifi'],
    ['插网线的', 'network_type', 'lan'],
    ['工行的卡', 'issuer', '工商银行'],
  ])('“%s”', (text, kind, value) => {
    const entity = found(text)[kind]
    if (kind === 'issuer') expect(String(entity)).toContain('工')
    else expect(entity).toBe(value)
  })

  it('“刷卡” says nothing about how a card is read', () => {
    expect(found('刷卡提示卡片故障')['card_interface']).toBeUndefined()
  })
})

describe('texts of the screen', () => {
  it.each([
    ['屏幕显示余额不足', '余额不足'],
    ['机器说读卡失败', '读卡失败'],
    ['提示请先签到', '请先签到'],
  ])('in “%s”', (text, value) => {
    expect(found(text)['error_text']).toBe(value)
  })
})

describe('any text', () => {
  it.each(['', '\ud800', '\u0000', '😀'.repeat(500), '1'.repeat(10_000), '元'.repeat(5000)])(
    '%# does no harm',
    (text) => {
      expect(() => extractEntities(text, lexicon, NOON)).not.toThrow()
    },
  )
})
