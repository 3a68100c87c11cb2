import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mask } from '../../src/core/privacy/mask.ts'

const PARTS = [
  ...'0123456789一二三四五六七八九零两〇OlI|',
  ...' -./:,，、\n·*~+()[]"^=;%?#¥',
  ...[
    '4111111111111111',
    '6222021234567890123',
    '4111 1111 1111 1111',
    '378282246310005',
    '11010519491231002X',
  ],
  ...[
    '123',
    '1227',
    '12/27',
    '123456',
    '000123',
    '2000',
    '2000元',
    '12.50',
    '13812345678',
    '138 1234 5678',
    '86',
  ],
  ...[
    '123456789012',
    '790000000000123',
    '288888888888888888',
    '2024-05-01 12:30',
    '20240501123005',
    '250501123456789012',
  ],
  ...[
    '密码',
    '密码是',
    '操作员密码',
    'PIN',
    '验证码',
    'CVV',
    'CVV2',
    '安全码',
    '后三位',
    '有效期',
    '有效期至',
  ],
  ...[
    '卡号',
    '银行卡',
    '账号',
    '对公',
    '身份证',
    '付款码',
    '护照',
    '商户号',
    '终端号',
    'SN',
    '订单号',
    '参考号',
    '凭证号',
  ],
  ...[
    '是',
    '为',
    '是我的',
    '刷了',
    '或者',
    '我发你',
    '错误',
    '没出票',
    '元',
    '个',
    '年',
    '月',
    '一直',
    'abc1',
    'D2712',
    'F',
  ],
  ...[
    '[已隐藏]',
    '[卡号****1234]',
    '138****1234',
    '\u200b',
    '\ufe0f\u20e3',
    '\u0301',
    '\ud800',
    '\0',
    '１',
    '٤',
    '⑪',
    '💳',
    '\uE000',
  ],
  ...['%B', '%20', '&nbsp;', '\\u0034', '5A084111111111111111', '91350100M000100Y43'],
]
const message = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...PARTS), { maxLength: 14 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.nat({ max: 0xffff }), { maxLength: 40 })
      .map((codes) => String.fromCharCode(...codes)),
  },
)
const phones = fc.constantFrom('keep' as const, 'mask' as const)
const answering = fc.subarray(['terminal_sn', 'merchant_id', 'order_no', 'ref_no', 'contact_phone', 'amount'])
const runs = { numRuns: 4000, seed: 20240501 }

describe('mask, for whatever is sent', () => {
  it('changes nothing more when asked again', () => {
    fc.assert(
      fc.property(message, phones, answering, (text, kept, slots) => {
        const options = { phones: kept, answering: slots }
        const once = mask(text, options).text
        expect(mask(once, options).text).toBe(once)
      }),
      runs,
    )
  })

  it('gives hits in order, apart, that are all that changed', () => {
    fc.assert(
      fc.property(message, phones, (text, kept) => {
        const { text: masked, hits } = mask(text, { phones: kept })
        let at = 0
        let out = 0
        for (const hit of hits) {
          expect(hit.start).toBeGreaterThanOrEqual(at)
          expect(hit.end).toBeGreaterThanOrEqual(hit.start)
          const same = text.slice(at, hit.start)
          expect(masked.slice(out, out + same.length)).toBe(same)
          out += same.length
          const mark = /^(?:\[[^\]]*\]|\d{3}\*{4}\d{4})/.exec(masked.slice(out))?.[0] ?? ''
          expect(mark).not.toBe('')
          out += mark.length
          at = hit.end
        }
        expect(masked.slice(out)).toBe(text.slice(at))
        expect(hits.every(({ kind }) => kept === 'mask' || kind !== 'phone')).toBe(true)
      }),
      runs,
    )
  })

  it('masks a storage copy no less than a copy for slots', () => {
    fc.assert(
      fc.property(message, (text) => {
        const inMemory = mask(text, { phones: 'keep' })
        const stored = mask(inMemory.text, { phones: 'mask' })
        expect(stored.text).toBe(mask(text, { phones: 'mask' }).text)
      }),
      runs,
    )
  })
})
