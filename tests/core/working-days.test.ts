import { describe, expect, it } from 'vitest'

import { projectContent } from '../../src/content/project.ts'
import { loadContent } from '../../src/content/load-content.ts'
import type { Day } from '../../src/core/nlu/entities/shanghai-time.ts'
import { addWorkingDays, dayKey, isWorkingDay, workingDaysBetween } from '../../src/core/working-days.ts'

const holidays = loadContent(projectContent()).loaded?.content.holidays ?? {
  off: new Set(),
  worked: new Set(),
}

function day(written: string): Day {
  const [year = 0, month = 0, date = 0] = written.split('-').map(Number)
  return { year, month, day: date }
}

describe('working days', () => {
  it.each([
    ['2026-11-25', true, 'a Wednesday'],
    ['2026-11-28', false, 'a Saturday'],
    ['2026-11-29', false, 'a Sunday'],
    ['2026-10-01', false, 'National Day, a Thursday'],
    ['2026-10-08', true, 'the Thursday after the holidays'],
    ['2026-10-10', true, 'a Saturday worked for National Day'],
    ['2026-02-14', true, 'a Saturday worked for the Spring Festival'],
    ['2026-02-23', false, 'the last day of the Spring Festival, a Monday'],
    ['2026-01-04', true, 'a Sunday worked for New Year'],
    ['2025-10-08', false, 'the Mid-Autumn holiday joined to National Day'],
    ['2027-02-08', false, 'the third day of the lunar year, a Monday'],
  ])('%s is worked: %s (%s)', (written, worked) => {
    expect(isWorkingDay(day(written), holidays)).toBe(worked)
  })

  it.each([
    ['2026-11-25', 1, '2026-11-26'],
    ['2026-11-27', 1, '2026-11-30'],
    ['2026-11-28', 1, '2026-11-30'],
    ['2026-09-30', 1, '2026-10-08'],
    ['2026-10-09', 1, '2026-10-10'],
    ['2026-02-13', 2, '2026-02-24'],
    ['2026-11-28', 0, '2026-11-28'],
  ])('%s and %d working days is %s', (from, count, until) => {
    expect(dayKey(addWorkingDays(day(from), count, holidays))).toBe(until)
  })

  it.each([
    ['2026-11-25', '2026-11-25', 0],
    ['2026-11-25', '2026-11-24', 0],
    ['2026-11-27', '2026-11-30', 1],
    ['2026-09-30', '2026-10-10', 3],
    ['2026-12-30', '2027-01-04', 2],
  ])('from %s to %s there are %d working days', (after, until, count) => {
    expect(workingDaysBetween(day(after), day(until), holidays)).toBe(count)
  })

  it('counts as many days as it adds, on every day of two years', () => {
    for (
      let start = day('2026-01-01');
      dayKey(start) < '2027-12-01';
      start = addWorkingDays(start, 1, holidays)
    ) {
      expect(workingDaysBetween(start, addWorkingDays(start, 4, holidays), holidays)).toBe(4)
    }
  })
})
