import { foldText } from '../nlu/entities/folded-text.ts'
import { smallValue } from '../nlu/entities/numeral.ts'
import { type Day, addDays, dayOf, isDay, startOf, weekdayOf } from '../nlu/entities/shanghai-time.ts'
import { type Holidays, addWorkingDays } from '../working-days.ts'

const HOUR_MS = 3_600_000
const NUMBER = '(?:\\d{1,3}|[一二两三四五六七八九十]{1,3})'
const RELATIVE = /大后[天日]|[今明后](?:[天日早晚晨]|儿)|当[天日]/y
const OFFSETS = new Map([
  ['今', 0],
  ['当', 0],
  ['明', 1],
  ['后', 2],
  ['大后', 3],
])
const WITHIN = new RegExp(
  `(?<count>${NUMBER})个?(?<unit>工作日|小时|钟头|天|日(?!期)|周|星期|礼拜)(?:之内|以内|内|为限|时间)`,
  'y',
)
const DAYS_IN = new Map([
  ['天', 1],
  ['日', 1],
  ['周', 7],
  ['星期', 7],
  ['礼拜', 7],
])
const WEEKDAY = /(?<next>下个?)?(?:这个?|本)?(?:周|星期|礼拜)(?<day>[一二三四五六日天末])/y
const DATE = new RegExp(
  `(?:(?<year>20\\d{2})[年/.-])?(?<month>${NUMBER})(?:月|[/.-])(?<day>${NUMBER})[日号]?(?!\\d)`,
  'y',
)
const DAY_OF_MONTH = new RegExp(`(?<day>${NUMBER})[日号](?!\\d)`, 'y')
const MONTH_END = /(?:这个月|本月)?月底/y
/** Words around a day that make it the last one: 5号之前, 最晚周五, 明天下班前. */
const LAST_BEFORE = /(?:截止|截至|最晚|最迟|期限|限期|务必|不晚于|不迟于)[^，。,;；]{0,6}$/
const LAST_BEHIND = /^[^，。,;；]{0,6}(?:前(?!天|台|面)|截止|为止|到期|之内|以内)/

type Named = { readonly day: Day; readonly end: number; readonly isLast: boolean }

/**
 * The day by which a merchant says that something is due: 明天前, 三个工作日内, 最晚周五, 11月30日. A day that is
 * called the last one counts before one that is merely named, which `named` must allow. Pure; undefined when the
 * text tells none.
 */
export function deadlineIn(
  text: string,
  now: number,
  holidays: Holidays,
  named: 'any day' | 'last days only',
): Day | undefined {
  const folded = foldText(text).text
  let other: Day | undefined
  for (let at = 0; at < folded.length;) {
    const found = deadlineAt(folded, at, now, holidays)
    if (found === undefined) {
      at++
      continue
    }
    const isLast =
      found.isLast || LAST_BEFORE.test(folded.slice(0, at)) || LAST_BEHIND.test(folded.slice(found.end))
    if (isLast) return found.day
    other = found.day
    at = found.end
  }
  return named === 'any day' ? other : undefined
}

function deadlineAt(text: string, at: number, now: number, holidays: Holidays): Named | undefined {
  if (/[0-9一二两三四五六七八九十第]/.test(text.charAt(at - 1))) return undefined
  const today = dayOf(now)
  return (
    within(text, at, now, holidays) ??
    relative(text, at, today) ??
    weekday(text, at, today) ??
    date(text, at, today) ??
    dayOfMonth(text, at, today) ??
    monthEnd(text, at, today)
  )
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

function within(text: string, at: number, now: number, holidays: Holidays): Named | undefined {
  const found = match(WITHIN, text, at)
  const count = smallValue(found?.groups?.['count'] ?? '')
  if (found === undefined || !Number.isFinite(count)) return undefined
  const today = dayOf(now)
  const end = at + found[0].length
  const unit = found.groups?.['unit'] ?? ''
  const days = DAYS_IN.get(unit)
  if (days !== undefined) return { day: addDays(today, count * days), end, isLast: true }
  if (unit === '工作日') return { day: addWorkingDays(today, count, holidays), end, isLast: true }
  return { day: dayOf(now + count * HOUR_MS), end, isLast: true }
}

function relative(text: string, at: number, today: Day): Named | undefined {
  const found = match(RELATIVE, text, at)?.[0]
  const offset = found === undefined ? undefined : OFFSETS.get(found.slice(0, -1))
  if (found === undefined || offset === undefined) return undefined
  return { day: addDays(today, offset), end: at + found.length, isLast: false }
}

function weekday(text: string, at: number, today: Day): Named | undefined {
  const found = match(WEEKDAY, text, at)
  if (found === undefined) return undefined
  const { next, day = '' } = found.groups ?? {}
  const wanted = day === '日' || day === '天' ? 7 : day === '末' ? 6 : smallValue(day)
  const ahead = next === undefined ? (wanted - weekdayOf(today) + 7) % 7 : wanted - weekdayOf(today) + 7
  return { day: addDays(today, ahead), end: at + found[0].length, isLast: false }
}

function date(text: string, at: number, today: Day): Named | undefined {
  const found = match(DATE, text, at)
  if (found === undefined) return undefined
  const { year, month = '', day = '' } = found.groups ?? {}
  const end = at + found[0].length
  const years = year === undefined ? [today.year - 1, today.year, today.year + 1] : [Number(year)]
  const near = nearest(
    years.map((one) => ({ year: one, month: smallValue(month), day: smallValue(day) })),
    today,
  )
  return near === undefined ? undefined : { day: near, end, isLast: false }
}

function dayOfMonth(text: string, at: number, today: Day): Named | undefined {
  const found = match(DAY_OF_MONTH, text, at)
  if (found === undefined) return undefined
  const day = smallValue(found.groups?.['day'] ?? '')
  const near = nearest(
    [-1, 0, 1].map((months) => ({ ...monthAfter(today, months), day })),
    today,
  )
  return near === undefined ? undefined : { day: near, end: at + found[0].length, isLast: false }
}

function monthEnd(text: string, at: number, today: Day): Named | undefined {
  const found = match(MONTH_END, text, at)
  if (found === undefined) return undefined
  const next = { ...monthAfter(today, 1), day: 1 }
  return { day: addDays(next, -1), end: at + found[0].length, isLast: false }
}

function monthAfter({ year, month }: Day, months: number): Day {
  const index = year * 12 + (month - 1) + months
  return { year: Math.floor(index / 12), month: (index % 12) + 1, day: 1 }
}

/** A day without its year or month is the one nearest to today: a notice read late may have run out already. */
function nearest(days: readonly Day[], today: Day): Day | undefined {
  const distance = (day: Day): number => Math.abs(startOf(day) - startOf(today))
  return days.filter(isDay).sort((a, b) => distance(a) - distance(b))[0]
}
