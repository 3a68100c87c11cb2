import type { Provider } from '../content.ts'
import { type Day, DAY_MS, addDays, dayOf, startOf, weekdayOf } from '../nlu/entities/shanghai-time.ts'
import type { Priority, Ticket } from '../ticket.ts'
import { type Holidays, addWorkingDays, isWorkingDay } from '../working-days.ts'

/** A part of a day, in minutes from midnight, Asia/Shanghai; `to` is not part of it and at most 1440. */
export type DayHours = { readonly from: number; readonly to: number }

/** When staff answer; a kind of day that is absent is closed. */
export type StaffHours = { readonly workingDays?: DayHours; readonly daysOff?: DayHours }

/** How long something may take: minutes of staff time, or until the end of the so-manieth working day from now. */
export type Span =
  | { readonly kind: 'minutes'; readonly count: number }
  | { readonly kind: 'working_days'; readonly count: number }

/** What deadlines are counted with. */
export type StaffTime = { readonly provider: Provider; readonly holidays: Holidays }

const MINUTE_MS = 60_000
/** Closed for longer than any holiday, hours are written so that nobody ever comes. */
const MOST_DAYS_CLOSED = 60

/** Tells whether staff answer at an instant (epoch ms). Without written hours they always do. Pure. */
export function isStaffed(at: number, { provider: { staffHours }, holidays }: StaffTime): boolean {
  if (staffHours === undefined) return true
  const span = hoursOf(dayOf(at), staffHours, holidays)
  return span !== undefined && at >= span.from && at < span.to
}

/** When staff answer next, epoch ms: `at` itself while they do. Pure. */
export function staffedFrom(at: number, { provider: { staffHours }, holidays }: StaffTime): number {
  if (staffHours === undefined) return at
  let day = dayOf(at)
  for (let count = 0; count < MOST_DAYS_CLOSED; count++) {
    const span = hoursOf(day, staffHours, holidays)
    if (span !== undefined && at < span.to) return Math.max(at, span.from)
    day = addDays(day, 1)
  }
  return at
}

/** The instant by which some minutes of staff time have passed, epoch ms. Pure. */
export function afterStaffMinutes(from: number, minutes: number, time: StaffTime): number {
  const { staffHours } = time.provider
  let left = minutes * MINUTE_MS
  let at = from
  if (staffHours === undefined) return at + left
  for (let count = 0; count < MOST_DAYS_CLOSED; count++) {
    at = staffedFrom(at, time)
    const span = hoursOf(dayOf(at), staffHours, time.holidays)
    const open = (span?.to ?? at) - at
    if (left <= open) return at + left
    left -= open
    at = startOf(addDays(dayOf(at), 1))
  }
  return at + left
}

/**
 * When a ticket opened at `from` must have its first answer, or its solution, epoch ms. The most urgent ones are
 * counted at any hour (domain guide §4.2): whoever stands before a battery that smokes has no use for opening hours.
 */
export function dueAt(
  what: 'answer' | 'solution',
  priority: Priority,
  from: number,
  time: StaffTime,
): number {
  const span = time.provider.within[what][priority]
  if (span.kind === 'minutes') {
    return priority === 'P1' ? from + span.count * MINUTE_MS : afterStaffMinutes(from, span.count, time)
  }
  return endOfDay(addWorkingDays(dayOf(from), span.count, time.holidays), time)
}

/** The times of a ticket that has become more urgent: never later than they were. Pure. */
export function sooner(
  ticket: Ticket,
  priority: Priority,
  time: StaffTime,
): Required<Pick<Ticket, 'dueAt' | 'solveBy'>> {
  const solution = dueAt('solution', priority, ticket.createdAt, time)
  return {
    dueAt: Math.min(ticket.dueAt, dueAt('answer', priority, ticket.createdAt, time)),
    solveBy: Math.min(ticket.solveBy ?? solution, solution),
  }
}

/** When the desk closes on a working day; without written hours at the day's end. */
function endOfDay(day: Day, { provider: { staffHours } }: StaffTime): number {
  const closes = staffHours?.workingDays?.to
  return startOf(day) + (closes === undefined ? DAY_MS : closes * MINUTE_MS)
}

function hoursOf(
  day: Day,
  { workingDays, daysOff }: StaffHours,
  holidays: Holidays,
): { readonly from: number; readonly to: number } | undefined {
  const hours = isWorkingDay(day, holidays) ? workingDays : daysOff
  if (hours === undefined) return undefined
  const midnight = startOf(day)
  return { from: midnight + hours.from * MINUTE_MS, to: midnight + hours.to * MINUTE_MS }
}

const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日']
const NEAR_DAYS = ['今天', '明天', '后天']

/** An instant to come as people say it: 今天18:00, 后天9:00, 周一9:00, 12月3日9:00. Pure. */
export function sayWhen(at: number, now: number): string {
  const day = dayOf(at)
  const minutes = Math.floor((at - startOf(day)) / MINUTE_MS)
  const clock = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
  const days = Math.round((startOf(day) - startOf(dayOf(now))) / DAY_MS)
  const near = NEAR_DAYS[days] ?? (days < 7 ? `周${WEEKDAYS[weekdayOf(day) - 1] ?? ''}` : undefined)
  return `${near ?? `${day.month}月${day.day}日`}${clock}`
}
