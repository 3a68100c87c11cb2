import { describe, expect, it } from 'vitest'
import type { Provider } from '../../../src/core/content.ts'
import {
  afterStaffMinutes,
  dueAt,
  isStaffed,
  sayWhen,
  sooner,
  staffedFrom,
  type StaffHours,
  type StaffTime,
} from '../../../src/core/desk/staff-time.ts'
import { toShanghaiIso } from '../../../src/core/nlu/entities/shanghai-time.ts'
import { caseOf } from '../../contracts/shop-talk.ts'
import { shippedContent } from '../../fixtures/content.ts'

const { provider, holidays } = shippedContent()
const nineToSix: StaffHours = { workingDays: { from: 9 * 60, to: 18 * 60 } }

function withHours(staffHours?: StaffHours): StaffTime {
  const rest: Provider = provider
  return { provider: { ...rest, ...(staffHours === undefined ? {} : { staffHours }) }, holidays }
}

const at = (local: string): number => Date.parse(`${local}:00+08:00`)
const said = (ms: number): string => toShanghaiIso(ms).slice(0, 16)

// 2026-11-27 is a Friday; 2026-09-25 to 27 are days off for 中秋, 2026-09-20 (a Sunday) is worked.
describe('staff hours', () => {
  it.each([
    ['2026-11-27T08:59', false],
    ['2026-11-27T09:00', true],
    ['2026-11-27T17:59', true],
    ['2026-11-27T18:00', false],
    ['2026-11-28T10:00', false],
    ['2026-09-25T10:00', false],
    ['2026-09-20T10:00', true],
  ])('at %s staff answer: %s', (when, staffed) => {
    expect(isStaffed(at(when), withHours(nineToSix))).toBe(staffed)
    expect(isStaffed(at(when), withHours())).toBe(true)
  })

  it('begin again the next working day, and on a day off only where they are written', () => {
    expect(said(staffedFrom(at('2026-11-27T19:30'), withHours(nineToSix)))).toBe('2026-11-30T09:00')
    const weekends = { ...nineToSix, daysOff: { from: 10 * 60, to: 16 * 60 } }
    expect(said(staffedFrom(at('2026-11-27T19:30'), withHours(weekends)))).toBe('2026-11-28T10:00')
    expect(said(staffedFrom(at('2026-11-27T10:00'), withHours(weekends)))).toBe('2026-11-27T10:00')
  })
})

describe('minutes of staff time', () => {
  it.each([
    ['2026-11-27T10:00', 120, '2026-11-27T12:00'],
    ['2026-11-27T17:00', 120, '2026-11-30T10:00'],
    ['2026-11-27T17:00', 60, '2026-11-27T18:00'],
    ['2026-11-28T12:00', 30, '2026-11-30T09:30'],
    ['2026-09-24T17:30', 60, '2026-09-28T09:30'],
    ['2026-11-26T17:00', 20 * 60, '2026-12-01T10:00'],
  ])('from %s, %d minutes end at %s', (from, minutes, end) => {
    expect(said(afterStaffMinutes(at(from), minutes, withHours(nineToSix)))).toBe(end)
  })

  it('are plain minutes where staff answer at any hour', () => {
    expect(said(afterStaffMinutes(at('2026-11-28T23:50'), 20, withHours()))).toBe('2026-11-29T00:10')
  })
})

describe('the times of a ticket', () => {
  it.each([
    // Domain guide §4.2: P1 at any hour, P2 working time, P3 next working day, P4 the third.
    ['P1', '2026-11-27T23:00', '2026-11-27T23:15', '2026-11-28T03:00'],
    ['P2', '2026-11-27T23:00', '2026-11-30T11:00', '2026-11-30T18:00'],
    ['P3', '2026-11-27T23:00', '2026-11-30T18:00', '2026-12-02T18:00'],
    ['P4', '2026-11-27T10:00', '2026-12-02T18:00', '2026-12-04T18:00'],
  ] as const)('%s opened at %s is due at %s and to be solved by %s', (priority, opened, answer, solution) => {
    const time = withHours(nineToSix)
    expect(said(dueAt('answer', priority, at(opened), time))).toBe(answer)
    expect(said(dueAt('solution', priority, at(opened), time))).toBe(solution)
  })
})

describe('a ticket that becomes more urgent', () => {
  it('is due and to be solved sooner, and never later than before', () => {
    const time = withHours(nineToSix)
    const createdAt = at('2026-11-27T10:00')
    const before = {
      ...caseOf(1),
      createdAt,
      dueAt: dueAt('answer', 'P3', createdAt, time),
      solveBy: dueAt('solution', 'P3', createdAt, time),
    }
    const after = sooner(before, 'P1', time)
    expect([said(after.dueAt), said(after.solveBy)]).toEqual(['2026-11-27T10:15', '2026-11-27T14:00'])
    expect(sooner({ ...before, ...after }, 'P3', time)).toEqual(after)
  })
})

describe('an instant to come, as people say it', () => {
  it.each([
    ['2026-11-27T18:00', '今天18:00'],
    ['2026-11-28T09:05', '明天9:05'],
    ['2026-11-29T09:00', '后天9:00'],
    ['2026-11-30T09:00', '周一9:00'],
    ['2026-12-04T09:00', '12月4日9:00'],
  ])('%s is %s', (when, words) => {
    expect(sayWhen(at(when), at('2026-11-27T10:00'))).toBe(words)
  })
})
