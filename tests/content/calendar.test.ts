import { describe, expect, it } from 'vitest'

import { calendarOf } from '../../src/content/calendar.ts'

describe('the calendar of working days', () => {
  it('takes every day of a holiday off, over the end of a month', () => {
    const { holidays, findings } = calendarOf({
      days_off: [{ name: '春节', from: '2025-01-30', to: '2025-02-02' }],
      working_weekends: ['2025-02-08'],
    })
    expect(findings).toEqual([])
    expect([...holidays.off]).toEqual(['2025-01-30', '2025-01-31', '2025-02-01', '2025-02-02'])
    expect([...holidays.worked]).toEqual(['2025-02-08'])
  })

  it.each([
    [
      'a day that does not exist',
      [{ name: '春节', from: '2026-02-30', to: '2026-03-01' }],
      [],
      'no-such-day',
    ],
    ['days that run backwards', [{ name: '春节', from: '2026-02-23', to: '2026-02-15' }], [], 'odd-holiday'],
    ['the wrong year', [{ name: '春节', from: '2026-02-15', to: '2027-02-23' }], [], 'odd-holiday'],
    ['a weekday to be worked', [], ['2026-11-25'], 'odd-working-day'],
    [
      'a day both off and worked',
      [{ name: '春节', from: '2026-02-14', to: '2026-02-15' }],
      ['2026-02-14'],
      'odd-working-day',
    ],
  ])('reports %s', (_, days_off, working_weekends, rule) => {
    expect(calendarOf({ days_off, working_weekends }).findings.map((finding) => finding.rule)).toEqual([rule])
  })
})
