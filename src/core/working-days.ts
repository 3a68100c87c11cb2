import { type Day, addDays, startOf, weekdayOf } from './nlu/entities/shanghai-time.ts'

/** Where the working calendar departs from Monday to Friday; days as `dayKey` writes them. */
export type Holidays = {
  readonly off: ReadonlySet<string>
  /** Saturdays and Sundays worked to make up for a holiday (调休). */
  readonly worked: ReadonlySet<string>
}

/** A day as `2026-02-14`. Pure. */
export function dayKey({ year, month, day }: Day): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** Says whether banks and acquirers work on a day. Pure. */
export function isWorkingDay(day: Day, { off, worked }: Holidays): boolean {
  const key = dayKey(day)
  if (worked.has(key)) return true
  return !off.has(key) && weekdayOf(day) <= 5
}

/** The day that lies a number of working days after another; with 0 the day itself. Pure. */
export function addWorkingDays(day: Day, count: number, holidays: Holidays): Day {
  let at = day
  for (let left = count; left > 0;) {
    at = addDays(at, 1)
    if (isWorkingDay(at, holidays)) left--
  }
  return at
}

/** How many working days come after one day, up to and with another; 0 when that one is not later. Pure. */
export function workingDaysBetween(after: Day, until: Day, holidays: Holidays): number {
  let count = 0
  for (let at = addDays(after, 1); startOf(at) <= startOf(until); at = addDays(at, 1)) {
    if (isWorkingDay(at, holidays)) count++
  }
  return count
}
