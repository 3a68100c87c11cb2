import { describe, expect, it } from 'vitest'
import { chinese } from '../../src/widget/panel/dictionary-zh.ts'
import { english } from '../../src/widget/panel/dictionary-en.ts'
import { renderTime } from '../../src/widget/panel/time-text.ts'

const at = (year: number, month: number, day: number, hour: number, minute: number) =>
  new Date(year, month - 1, day, hour, minute).getTime()
const now = at(2026, 3, 1, 15, 0)

describe('the time above a group of lines', () => {
  it('is only the clock within a day, midnight as 00', () => {
    expect(renderTime(at(2026, 3, 1, 0, 5), false, now, 'zh-CN', chinese)).toBe('00:05')
  })

  it('names today, yesterday over the end of a month, and other days by date', () => {
    expect(renderTime(at(2026, 3, 1, 9, 30), true, now, 'zh-CN', chinese)).toBe('今天 09:30')
    expect(renderTime(at(2026, 2, 28, 9, 30), true, now, 'zh-CN', chinese)).toBe('昨天 09:30')
    expect(renderTime(at(2026, 2, 20, 9, 30), true, now, 'zh-CN', chinese)).toBe('2月20日周五 09:30')
    expect(renderTime(at(2025, 12, 31, 9, 30), true, now, 'zh-CN', chinese)).toBe('2025年12月31日 09:30')
  })

  it('speaks English when asked', () => {
    expect(renderTime(at(2026, 2, 28, 9, 30), true, now, 'en', english)).toBe('Yesterday 09:30')
    expect(renderTime(at(2026, 2, 20, 9, 30), true, now, 'en', english)).toBe('Fri, Feb 20 09:30')
  })
})
