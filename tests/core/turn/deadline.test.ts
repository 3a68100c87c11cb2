import { describe, expect, it } from 'vitest'

import { deadlineIn } from '../../../src/core/turn/deadline.ts'
import { dayKey } from '../../../src/core/working-days.ts'

/** Wednesday, 25 November 2026, ten in the morning in Shanghai. */
const NOW = Date.UTC(2026, 10, 25, 2)
const holidays = { off: new Set<string>(), worked: new Set<string>() }

function read(text: string, named: 'any day' | 'last days only' = 'last days only'): string | undefined {
  const day = deadlineIn(text, NOW, holidays, named)
  return day === undefined ? undefined : dayKey(day)
}

describe('the day something is due', () => {
  it.each([
    ['要求明天前回复', '2026-11-26'],
    ['今天下班前要交', '2026-11-25'],
    ['最晚后天', '2026-11-27'],
    ['三天内回复', '2026-11-28'],
    ['需于三日内回复单据', '2026-11-28'],
    ['3个工作日内', '2026-11-30'],
    ['三个工作日之内补材料', '2026-11-30'],
    ['48小时内', '2026-11-27'],
    ['一周内交', '2026-12-02'],
    ['这周五之前', '2026-11-27'],
    ['周一前', '2026-11-30'],
    ['下周一之前', '2026-11-30'],
    ['截止11月30日', '2026-11-30'],
    ['请于2026年12月1日前提供', '2026-12-01'],
    ['12-05前', '2026-12-05'],
    ['十二月三号之前', '2026-12-03'],
    ['30号截止', '2026-11-30'],
    ['3号前', '2026-12-03'],
    ['月底前', '2026-11-30'],
    ['１２月５日前', '2026-12-05'],
    ['1月5日前', '2027-01-05'],
  ])('is told by “%s”', (text, due) => {
    expect(read(text)).toBe(due)
  })

  it('may have passed when the notice is read', () => {
    expect(read('通知要求11月20日前回复，我刚看到')).toBe('2026-11-20')
  })

  it.each([
    ['昨天', '2026-11-24'],
    ['前天就要交的', '2026-11-23'],
    ['上周五', '2026-11-20'],
    ['这周一', '2026-11-23'],
    ['三天前', '2026-11-22'],
    ['一个星期前', '2026-11-18'],
    ['已经过期了', '2026-11-24'],
    ['早就截止了', '2026-11-24'],
    ['过了期限', '2026-11-24'],
    ['今天', '2026-11-25'],
    ['听日', '2026-11-26'],
  ])('may have passed or be near: “%s”', (text, due) => {
    expect(read(text, 'any day')).toBe(due)
  })

  it('is a day to come before the day a notice came on', () => {
    expect(read('周五之前，昨天收到的', 'any day')).toBe('2026-11-27')
    expect(read('30号 上周三收到的', 'any day')).toBe('2026-11-30')
    expect(read('前天收到调单通知')).toBeUndefined()
    expect(read('那张卡过期了，银行来调单')).toBeUndefined()
    expect(read('还没过期')).toBeUndefined()
  })

  it('is the last day, not the day something happened', () => {
    expect(read('昨天收到的，今天才看，要求30号前回复')).toBe('2026-11-30')
    expect(read('今天收到调单，三天内交')).toBe('2026-11-28')
  })

  it('may merely be named in an answer', () => {
    expect(read('28号', 'any day')).toBe('2026-11-28')
    expect(read('明天', 'any day')).toBe('2026-11-26')
    expect(read('28号')).toBeUndefined()
    expect(read('今天收到调单通知')).toBeUndefined()
  })

  it.each(['没写日期', '没说几号', '说交易异常', '三笔交易', '13月40日前', ''])(
    'is not told by “%s”',
    (text) => {
      expect(read(text, 'any day')).toBeUndefined()
    },
  )
})
