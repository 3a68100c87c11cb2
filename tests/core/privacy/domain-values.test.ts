import { describe, expect, it } from 'vitest'

import { mask, maskSplit } from '../../../src/core/privacy/mask.ts'

const masked = (text: string): string => mask(text, { phones: 'mask' }).text

describe('mask, value by value', () => {
  it.each([
    ['4111111111111111', '[卡号****1111]'],
    ['4111 1111-1111 1111', '[卡号****1111]'],
    ['６２０００００００００００００５', '[卡号****0005]'],
    ['6200000000000005', '[卡号****0005]'],
    ['378282246310005', '[卡号****0005]'],
    ['五五五五五五五五五五五五四四四四', '[卡号****4444]'],
    ['4111 1111 1111 1111，2000元', '[卡号****1111]，2000元'],
    ['4111111111111111、5555555555554444', '[卡号****1111]、[卡号****4444]'],
    ['卡号4111·1111·1111·1111刷不了', '卡号[卡号****1111]刷不了'],
    ['4111\u200b1111\u200b1111\u200b1111', '[卡号****1111]'],
    ['41ll llll llll llll', '[卡号****1111]'],
    [';4111111111111111=25121010000000000000?', '[磁道数据]'],
    ['%B4111111111111111^WANG/XIAO^25121010000000000000?', '[磁道数据]'],
    ['安全码123', '安全码[已隐藏]'],
    ['背面三位是 456', '背面三位是 [已隐藏]'],
    ['密码888888', '密码[已隐藏]'],
    ['操作员密码0000', '操作员密码[已隐藏]'],
    ['密码是一二三四五六', '密码是[已隐藏]'],
    ['验证码 483920', '验证码 [已隐藏]'],
    ['有效期12/27', '有效期[已隐藏]'],
    ['11010519491231002X', '[证件号已隐藏]'],
    ['商户号11010519491231002X', '商户号[证件号已隐藏]'],
    ['134567890123456789', '[付款码已隐藏]'],
    ['13800138000', '138****8000'],
  ])('hides what is secret in %j', (text, expected) => {
    expect(masked(text)).toBe(expected)
  })

  it.each([
    '商户号 790000000000123',
    '参考号 123456789012',
    '订单号4200001234202405011234567890',
    '2024050112',
    '终端号12345678',
    'SN 98210012345678',
    '凭证号000123 批次号000045',
    '提示55密码错误',
    '输了三次密码都不对',
    '刷了2000，密码没错',
    '一单300块，昨天下午3点半',
    '统一社会信用代码91350211M000100Y43',
    '报51，换了10张卡',
  ])('leaves %j as it is', (text) => {
    expect(masked(text)).toBe(text)
  })

  it('keeps a telephone number where slots are filled', () => {
    expect(mask('电话13800138000', { phones: 'keep' }).text).toBe('电话13800138000')
  })

  it('hides a card that is sent in pieces, the earlier ones too', () => {
    const now = 1_000_000
    const earlier = [
      { text: '41111111', at: now - 60_000 },
      { text: '1111', at: now - 30_000 },
    ]
    const joined = maskSplit(earlier, '1111', now)
    expect(joined).toBeDefined()
    expect([...(joined?.earlier.values() ?? []), joined?.text].join('')).not.toMatch(/\d{5,}/u)
    expect(maskSplit([{ text: '41111111', at: now - 130_000 }], '11111111', now)).toBeUndefined()
  })

  it('changes nothing more the second time', () => {
    const once = masked('卡号4111111111111111 密码123456 验证码8888')
    expect(masked(once)).toBe(once)
  })
})
