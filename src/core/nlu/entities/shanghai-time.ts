const HOUR_MS = 3_600_000
/** China has one zone and no summer time. */
const OFFSET_MS = 8 * HOUR_MS

export const DAY_MS = 24 * HOUR_MS

/** A calendar day in Asia/Shanghai; `month` counts from 1, `weekday` from Monday = 1 to Sunday = 7. */
export type Day = { readonly year: number; readonly month: number; readonly day: number }

/** The day in Asia/Shanghai on which an instant falls. Pure. */
export function dayOf(ms: number): Day {
  const local = new Date(ms + OFFSET_MS)
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() }
}

/** Weekday of a day, Monday = 1 to Sunday = 7. Pure. */
export function weekdayOf(day: Day): number {
  return new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay() || 7
}

/** The day some days later, or earlier when negative. Pure. */
export function addDays(day: Day, days: number): Day {
  return dayOf(startOf(day) + days * DAY_MS)
}

/** The instant in epoch milliseconds at which a day begins in Asia/Shanghai. Pure. */
export function startOf(day: Day): number {
  return Date.UTC(day.year, day.month - 1, day.day) - OFFSET_MS
}

/** Says whether a year, month and day name a day that exists. Pure. */
export function isDay({ year, month, day }: Day): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** ISO 8601 of an instant with whole seconds and the zone +08:00. Pure. */
export function toShanghaiIso(ms: number): string {
  return `${new Date(ms + OFFSET_MS).toISOString().slice(0, 19)}+08:00`
}
