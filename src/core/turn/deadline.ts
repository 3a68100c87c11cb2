import { foldText } from '../nlu/entities/folded-text.ts'
import { smallValue } from '../nlu/entities/numeral.ts'
import { type Day, addDays, dayOf, isDay, startOf, weekdayOf } from '../nlu/entities/shanghai-time.ts'
import { type Holidays, addWorkingDays } from '../working-days.ts'

const HOUR_MS = 3_600_000
const NUMBER = '(?:\\d{1,3}|[一二两三四五六七八九十]{1,3})'
const RELATIVE =
  /大[前后][天日]|(?<![之以目日号天])前[天日]|[昨今明后](?:[天日早晚晨]|儿)|当[天日]|琴日|寻日|听日/y
const OFFSETS = new Map([
  ['大前', -3],
  ['前', -2],
  ['昨', -1],
  ['琴', -1],
  ['寻', -1],
  ['听', 1],
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
/** 三天前, 两个星期前: that long ago. */
const AGO = new RegExp(`(?<count>${NUMBER})个?(?<unit>天|周|星期|礼拜)(?:以|之)?前`, 'y')
/** The last day has gone by; “卡过期” speaks of a card, “快到期” of a day to come. */
const EXPIRED =
  /(?<![没未快要会卡]|卡已经|卡都)(?:已经过了|已过了?期|过期|逾期|超期|过了(?:期限|时间|日期|日子|截止)|(?:已经?|早就?)(?:到期|截止)|到期了|截止了)(?!的?卡)/y
const WEEKDAY = /(?<which>上个?|下个?|这个?|本)?(?:周|星期|礼拜)(?<day>[一二三四五六日天末])/y
const DATE = new RegExp(
  `(?:(?<year>20\\d{2})[年/.-])?(?<month>${NUMBER})(?:月|[/.-])(?<day>${NUMBER})[日号]?(?!\\d)`,
  'y',
)
const DAY_OF_MONTH = new RegExp(`(?<day>${NUMBER})[日号](?!\\d)`, 'y')
const MONTH_END = /(?:这个月|本月)?月底/y
/** Words around a day that make it the last one: 5号之前, 最晚周五, 明天下班前. */
const LAST_BEFORE = /(?:截止|截至|最晚|最迟|期限|限期|务必|不晚于|不迟于)[^，。,;；]{0,6}$/
const LAST_BEHIND = /^[^，。,;；]{0,6}(?:前(?!天|台|面)|截止|为止|到期|之内|以内)/

const LAST_RIGHT_BEHIND = /^(?:就|已经?|之|以)*(?:前(?!天|台|面)|截止|为止|到期)/

type Named = {
  readonly day: Day
  readonly end: number
  readonly isLast: boolean
  /** A day gone by is more often the one a notice came on: any other day in the text counts before it. */
  readonly isPast?: boolean
}

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
    const behind = found.isPast === true ? LAST_RIGHT_BEHIND : LAST_BEHIND
    const isLast =
      found.isLast || LAST_BEFORE.test(folded.slice(0, at)) || behind.test(folded.slice(found.end))
    if (isLast) return found.day
    if (found.isPast !== true) other = found.day
    else other ??= found.day
    at = found.end
  }
  return named === 'any day' ? other : undefined
}

function deadlineAt(text: string, at: number, now: number, holidays: Holidays): Named | undefined {
  if (/[0-9一二两三四五六七八九十第]/.test(text.charAt(at - 1))) return undefined
  const today = dayOf(now)
  return (
    expired(text, at, today) ??
    within(text, at, now, holidays) ??
    ago(text, at, today) ??
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

function expired(text: string, at: number, today: Day): Named | undefined {
  const found = match(EXPIRED, text, at)
  return found === undefined
    ? undefined
    : { day: addDays(today, -1), end: at + found[0].length, isLast: true }
}

function ago(text: string, at: number, today: Day): Named | undefined {
  const found = match(AGO, text, at)
  const count = smallValue(found?.groups?.['count'] ?? '')
  const days = DAYS_IN.get(found?.groups?.['unit'] ?? '')
  if (found === undefined || days === undefined || !Number.isFinite(count)) return undefined
  return { day: addDays(today, -count * days), end: at + found[0].length, isLast: false, isPast: true }
}

function relative(text: string, at: number, today: Day): Named | undefined {
  const found = match(RELATIVE, text, at)?.[0]
  const offset = found === undefined ? undefined : OFFSETS.get(found.slice(0, -1))
  if (found === undefined || offset === undefined) return undefined
  return { day: addDays(today, offset), end: at + found.length, isLast: false, isPast: offset < 0 }
}

function weekday(text: string, at: number, today: Day): Named | undefined {
  const found = match(WEEKDAY, text, at)
  if (found === undefined) return undefined
  const { which = '', day = '' } = found.groups ?? {}
  const wanted = day === '日' || day === '天' ? 7 : day === '末' ? 6 : smallValue(day)
  const ahead = daysAhead(which.charAt(0), wanted - weekdayOf(today))
  return { day: addDays(today, ahead), end: at + found[0].length, isLast: false, isPast: ahead < 0 }
}

/** 周五 is the next one, 这周五 the one of this week even when it has gone by. */
function daysAhead(which: string, inThisWeek: number): number {
  if (which === '上') return inThisWeek - 7
  if (which === '下') return inThisWeek + 7
  return which === '' ? (inThisWeek + 7) % 7 : inThisWeek
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
