import { type Day, addDays, dayOf, isDay, startOf, weekdayOf } from './shanghai-time.ts'
import { readSmall, smallValue } from './numeral.ts'

/**
 * A day that was named. `vague`: the words alone are no date (5.1, 15号) and need a clock time, a question for the
 * time or fitting company. `noDay`: a day that does not exist or lies ahead by its own words (明天).
 */
export type NamedDay = { readonly day: Day | undefined; readonly end: number; readonly vague: boolean }

const RELATIVE = /大前[天日]|[今昨前明后](?:[天日晚早夜晨儿])|大后[天日]|当天/y
const OFFSETS = new Map([
  ['今', 0],
  ['昨', -1],
  ['前', -2],
  ['大前', -3],
  ['明', 1],
  ['后', 2],
  ['大后', 3],
  ['当', 0],
])
const WEEKDAY =
  /(?<which>上上个?|上个?|下下个?|下个?|这个?|本)?(?:周|星期|礼拜)(?<day>[一二三四五六日天末1-6])(?!到|至|[-~]|[0-9一二三四五六七八九十])/y
const FULL =
  /(?<year>20\d{2}|\d{2}(?=年))(?:年|[-/.])(?<month>\d{1,2})(?:月|[-/.])(?<day>\d{1,2})[日号]?(?!\d)|(?<compact>20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d|[a-z])/y
const MONTH_DAY =
  /(?<when>今年|去年|前年)?(?<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月份?(?<day>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?(?![0-9])/y
const SHORT = /(?<month>\d{1,2})[-/.](?<day>\d{1,2})(?<mark>[日号])?(?![0-9/.:%-]|[年月])/y
const DAY_OF_MONTH =
  /(?<which>上上?个?月的?|这个?月的?|本月的?)?(?<day>\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[号日](?!店|机|线|楼|窗|台|桌|卡|柜|院|门|房|库|码|位|仓|铺|档|摊|厅|错|代|收银|pos)/y
/** Half a year back a date without a year is last year's; farther back it was rather meant to come. */
const ROLLBACK_MONTHS = 6

/** Reads the day named at a place in folded text, seen from `now`. Pure. */
export function readDay(text: string, at: number, now: number): NamedDay | undefined {
  const today = dayOf(now)
  return (
    readFull(text, at) ??
    readRelative(text, at, today) ??
    readWeekday(text, at, today) ??
    readMonthDay(text, at, today) ??
    readShort(text, at, today) ??
    readDayOfMonth(text, at, today)
  )
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

function readFull(text: string, at: number): NamedDay | undefined {
  const found = match(FULL, text, at)
  if (!found) return undefined
  const { year = '', month = '', day = '', compact } = found.groups ?? {}
  const digits = compact ?? ''
  const named =
    compact === undefined
      ? { year: Number(year.length === 2 ? `20${year}` : year), month: Number(month), day: Number(day) }
      : {
          year: Number(digits.slice(0, 4)),
          month: Number(digits.slice(4, 6)),
          day: Number(digits.slice(6, 8)),
        }
  return { day: isDay(named) ? named : undefined, end: at + found[0].length, vague: false }
}

function readRelative(text: string, at: number, today: Day): NamedDay | undefined {
  const found = match(RELATIVE, text, at)?.[0]
  if (found === undefined) return undefined
  const offset = OFFSETS.get(found.slice(0, -1)) ?? 0
  // 昨晚 and 今早 hold a part of the day that the clock reader needs to see.
  const keeps = /[晚早夜晨]$/.test(found) ? 1 : 0
  return {
    day: offset > 0 ? undefined : addDays(today, offset),
    end: at + found.length - keeps,
    vague: found === '当天',
  }
}

function readWeekday(text: string, at: number, today: Day): NamedDay | undefined {
  const found = match(WEEKDAY, text, at)
  if (!found) return undefined
  const { which = '', day = '' } = found.groups ?? {}
  const weekday = day === '日' || day === '天' ? 7 : day === '末' ? 6 : smallValue(day)
  const monday = addDays(today, 1 - weekdayOf(today))
  const end = at + found[0].length
  if (which.startsWith('下')) return { day: undefined, end, vague: false }
  const weeksBack = which.startsWith('上上') ? 2 : which.startsWith('上') ? 1 : 0
  const named = addDays(monday, weekday - 1 - 7 * weeksBack)
  const isAhead = startOf(named) > startOf(today)
  return { day: isAhead && which === '' ? addDays(named, -7) : named, end, vague: which === '' }
}

function readMonthDay(text: string, at: number, today: Day): NamedDay | undefined {
  const found = match(MONTH_DAY, text, at)
  if (!found) return undefined
  const { when, month = '', day = '' } = found.groups ?? {}
  const years = when === '去年' ? -1 : when === '前年' ? -2 : 0
  const named = { year: today.year + years, month: smallValue(month), day: smallValue(day) }
  return { day: latest(named, today, when !== undefined), end: at + found[0].length, vague: false }
}

function readShort(text: string, at: number, today: Day): NamedDay | undefined {
  const found = match(SHORT, text, at)
  if (!found) return undefined
  const { month = '', day = '', mark } = found.groups ?? {}
  const named = { year: today.year, month: Number(month), day: Number(day) }
  if (!isDay(named)) return undefined
  return { day: latest(named, today, false), end: at + found[0].length, vague: mark === undefined }
}

function readDayOfMonth(text: string, at: number, today: Day): NamedDay | undefined {
  const found = match(DAY_OF_MONTH, text, at)
  if (!found) return undefined
  const { which = '', day = '' } = found.groups ?? {}
  const monthsBack = which.startsWith('上上') ? 2 : which.startsWith('上') ? 1 : 0
  const number = smallValue(day)
  const isAhead = which === '' && number > today.day
  const named = monthBefore({ ...today, day: number }, isAhead ? 1 : monthsBack)
  return { day: isDay(named) ? named : undefined, end: at + found[0].length, vague: which === '' }
}

function monthBefore({ year, month, day }: Day, months: number): Day {
  return month > months
    ? { year, month: month - months, day }
    : { year: year - 1, month: month - months + 12, day }
}

function latest(named: Day, today: Day, isYearSaid: boolean): Day | undefined {
  if (!isDay(named)) return undefined
  if (isYearSaid || startOf(named) <= startOf(today)) return named
  const lastYear = { ...named, year: named.year - 1 }
  const monthsBack = today.month - named.month + 12
  return monthsBack <= ROLLBACK_MONTHS && isDay(lastYear) ? lastYear : named
}

/** Reads 3 in 3天前, 半 in 半小时前 and 两个半 in 两个半小时前. Pure. */
export function readCount(text: string, at: number): { value: number; end: number } | undefined {
  if (text.charAt(at) === '半') return { value: 0.5, end: text.charAt(at + 1) === '个' ? at + 2 : at + 1 }
  const small = readSmall(text, at)
  if (!small) return undefined
  const measured = text.charAt(small.end) === '个' ? small.end + 1 : small.end
  return text.charAt(measured) === '半'
    ? { value: small.value + 0.5, end: measured + 1 }
    : { value: small.value, end: measured }
}
