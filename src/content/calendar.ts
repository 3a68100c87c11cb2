import type { Finding } from '../core/flow/finding.ts'
import { type Day, addDays, isDay, startOf, weekdayOf } from '../core/nlu/entities/shanghai-time.ts'
import { type Holidays, dayKey } from '../core/working-days.ts'
import type { HolidaysFile } from './schema.ts'

/** The longest holiday anybody ever gave; more is a slip of the year. */
const MAX_DAYS = 31

/**
 * Turns the file of holidays into the days that are off and the weekends that are worked. Days that do not exist,
 * that run backwards or that contradict each other are findings. Pure.
 */
export function calendarOf(file: HolidaysFile): { holidays: Holidays; findings: readonly Finding[] } {
  const findings: Finding[] = []
  const dayAt = (written: string, path: Finding['path']): Day | undefined => {
    const [year = 0, month = 0, day = 0] = written.split('-').map(Number)
    if (isDay({ year, month, day })) return { year, month, day }
    findings.push({ path, rule: 'no-such-day', message: `"${written}" is no day of the calendar` })
    return undefined
  }
  const off = new Set<string>()
  file.days_off.forEach(({ from, to, name }, index) => {
    const first = dayAt(from, ['days_off', index, 'from'])
    const last = dayAt(to, ['days_off', index, 'to'])
    if (first === undefined || last === undefined) return
    const days = (startOf(last) - startOf(first)) / (startOf(addDays(first, 1)) - startOf(first)) + 1
    if (days < 1 || days > MAX_DAYS) {
      const message = `"${name}" would have ${days} days: check "from" and "to"`
      findings.push({ path: ['days_off', index, 'to'], rule: 'odd-holiday', message })
      return
    }
    for (let count = 0; count < days; count++) off.add(dayKey(addDays(first, count)))
  })
  const worked = new Set<string>()
  file.working_weekends.forEach((written, index) => {
    const path = ['working_weekends', index]
    const day = dayAt(written, path)
    if (day === undefined) return
    worked.add(written)
    if (weekdayOf(day) > 5 && !off.has(written)) return
    const why = off.has(written) ? 'a day off as well' : 'a weekday, which is worked anyway'
    findings.push({
      path,
      rule: 'odd-working-day',
      message: `"${written}" is ${why}: remove it from one list`,
    })
  })
  return { holidays: { off, worked }, findings }
}
