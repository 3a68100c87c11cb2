import { type Candidate, NOTHING, RANK, type Scan } from './candidate.ts'
import { readCount, readDay } from './calendar-words.ts'
import { smallValue } from './numeral.ts'
import { DAY_MS, type Day, dayOf, startOf, toShanghaiIso } from './shanghai-time.ts'

const MINUTE_MS = 60_000
const OLDEST_MS = 366 * DAY_MS
const MAY_START = /[0-9零一二两三四五六七八九十半今昨前明后大当上下这本去周星礼凌清早中午傍晚夜深刚方啱头]/
const MAY_TIME = /[年月日号天今昨前明周期拜点时:刚方啱头早晚午夜/.-]|20\d{6}/
const JUST_NOW = /刚才|刚刚|方才|啱啱|头先|刚那笔|刚这笔/y
const AGO = /(?<unit>分钟|分|小时|钟头|天|日|周|星期|礼拜|月|年)(?:多)?(?:以|之)?前(?!台|面|后|端|置)/y
const AGO_MS = new Map([
  ['分钟', MINUTE_MS],
  ['分', MINUTE_MS],
  ['小时', 60 * MINUTE_MS],
  ['钟头', 60 * MINUTE_MS],
  ['天', DAY_MS],
  ['日', DAY_MS],
  ['周', 7 * DAY_MS],
  ['星期', 7 * DAY_MS],
  ['礼拜', 7 * DAY_MS],
  ['月', 30 * DAY_MS],
  ['年', 365 * DAY_MS],
])
const JOINT = /(?:的|那天|t|,|，|\s){0,3}/y
const PART =
  /凌晨|清晨|清早|大清早|一大早|早上|早晨|上午|中午|正午|午后|下午|傍晚|晚上|夜里|半夜|深夜|早|晚|夜|晨/y
const PART_START: ReadonlyMap<string, number> = new Map([
  ['凌晨', 0],
  ['半夜', 0],
  ['中午', 12],
  ['正午', 12],
  ['午后', 13],
  ['下午', 13],
  ['傍晚', 17],
  ['晚上', 18],
  ['晚', 18],
  ['夜里', 18],
  ['夜', 18],
  ['深夜', 22],
])
const EARLY_START = 6
const CLOCK =
  /(?<h>\d{1,2}):(?<m>[0-5]\d)(?::(?<s>[0-5]\d))?(?![0-9:])|(?<hour>\d{1,2}|二?十[一二三四]?|[零一二两三四五六七八九])(?:点|时(?!候|间|不|常|而|段|代))(?<o>钟|整)?(?:(?<half>半)|(?<quarter>[一三])刻|(?<min>\d{1,2}|[二三四五]?十[一二三四五六七八九]?|[零〇]?[一二三四五六七八九])(?:分(?!钟)|(?![0-9a-z个台张笔次元块万]))(?:(?<sec>\d{1,2})秒)?)?(?<about>多|左右|过|来钟)?/y
/** “有一点慢”, “三点建议”: 点 as “a bit” or as a counted point. */
const NOT_A_CLOCK = /^(?:建议|要求|问题|意见|原因|注意|说明|不|都|也|没|儿|反应|用|小|想|东西|钱)/
const USED_OF_PAST =
  /^(?:左右)?(?:的|那|刷|收|付|扣|客|有一|有笔|有个|做|交易|卖|店里|开始|就|到现在|钱|没到|都没)/

type Clock = {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly exact24: boolean
  readonly end: number
}

/**
 * Finds when a trade was made: 刚才, 半小时前, 昨天下午3点半, 上周五, 5月1号, 2024-05-01 12:30, 12:30. The value is
 * ISO 8601 with +08:00; a day without a time counts from its start, a part of the day from its start. A bare hour is
 * taken in shop hours. Times ahead of `now` and more than a year back are not found; 三天没到账 is a duration. Pure.
 */
export function findTxnTimes({ text, now, asked }: Scan): Candidate[] {
  if (!MAY_TIME.test(text)) return []
  const found: Candidate[] = []
  const isAsked = asked.has('txn_time')
  for (let at = 0; at < text.length;) {
    const hit = MAY_START.test(text.charAt(at)) ? timeAt(text, at, now, isAsked) : undefined
    if (!hit) {
      at++
      continue
    }
    const { ms, end } = hit
    const isPast = ms !== undefined && ms <= now && now - ms <= OLDEST_MS
    const place = { start: at, end, rank: RANK.dated }
    found.push(
      isPast
        ? { kind: 'txn_time', value: toShanghaiIso(ms), ...place }
        : { kind: NOTHING, value: '', ...place },
    )
    at = end
  }
  return found
}

type Hit = { readonly ms: number | undefined; readonly end: number }

function timeAt(text: string, at: number, now: number, isAsked: boolean): Hit | undefined {
  JUST_NOW.lastIndex = at
  const justNow = JUST_NOW.exec(text)
  if (justNow) return { ms: now, end: at + justNow[0].length }
  if (/[0-9]/.test(text.charAt(at)) && /[0-9a-z.:/-]/.test(text.charAt(at - 1))) return undefined
  return agoAt(text, at, now) ?? calendarAt(text, at, now, isAsked)
}

function agoAt(text: string, at: number, now: number): Hit | undefined {
  if (/[第前几好零一二两三四五六七八九十]/.test(text.charAt(at - 1))) return undefined
  const count = readCount(text, at)
  if (!count) return undefined
  AGO.lastIndex = count.end
  const ago = AGO.exec(text)
  const unit = ago?.groups?.['unit'] ?? ''
  const unitMs = AGO_MS.get(unit)
  if (!ago || unitMs === undefined) return undefined
  const ms = now - count.value * unitMs
  return { ms: unitMs < DAY_MS ? ms : startOf(dayOf(ms)), end: count.end + ago[0].length }
}

function calendarAt(text: string, at: number, now: number, isAsked: boolean): Hit | undefined {
  const named = /[第几零一二三四五六七八九十]/.test(text.charAt(at - 1)) ? undefined : readDay(text, at, now)
  const joint = named ? skip(JOINT, text, named.end) : at
  const partStart = joint
  PART.lastIndex = partStart
  const part = PART.exec(text)?.[0]
  const clockAt = part === undefined ? partStart : skip(JOINT, text, partStart + part.length)
  const clock = clockFrom(text, clockAt, part !== undefined || named !== undefined || isAsked)
  if (
    !named &&
    !clock &&
    !(part !== undefined && standsForTime(text, partStart + part.length, isAsked, part))
  ) {
    return undefined
  }
  const end = clock?.end ?? (part === undefined ? (named?.end ?? at) : partStart + part.length)
  if (named && !clock && part === undefined && named.vague && !isAsked && !isDateLike(text, at, end))
    return undefined
  if (named && named.day === undefined) return { ms: undefined, end }
  return { ms: instant(named?.day, part, clock, now), end }
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return at + (pattern.exec(text)?.[0].length ?? 0)
}

/** A lone part of the day speaks of a trade when the words behind it do. */
function standsForTime(text: string, end: number, isAsked: boolean, part: string): boolean {
  return (part.length > 1 || isAsked) && (isAsked || USED_OF_PAST.test(text.slice(end, end + 4)))
}

const DATE_COMPANY =
  /^(?:的|那|早|上午|下午|晚|中午|刷|收|到|没|交易|就|开始|付|扣|客|卖|结|之后|以后|,|，|。|$)/

/** 15号 and 周五 are dates in company that speaks of the past; 5.1 alone never is. */
function isDateLike(text: string, start: number, end: number): boolean {
  if (/^\d{1,2}[-/.]/.test(text.slice(start, end))) return false
  return DATE_COMPANY.test(text.slice(end, end + 3))
}

function clockFrom(text: string, at: number, isExpected: boolean): Clock | undefined {
  CLOCK.lastIndex = at
  const match = CLOCK.exec(text)
  if (!match) return undefined
  const { h, m, s, hour, o, half, quarter, min, sec, about } = match.groups ?? {}
  const end = at + match[0].length
  if (h !== undefined) {
    return checked({
      hour: Number(h),
      minute: Number(m),
      second: Number(s ?? 0),
      exact24: h.length === 2,
      end,
    })
  }
  const isPlain = (o ?? half ?? quarter ?? min ?? about) === undefined
  if (isPlain && NOT_A_CLOCK.test(text.slice(end, end + 2))) return undefined
  const value = smallValue(hour ?? '')
  // Said alone, 一点 and 两点 are “a bit” and “two points” more often than hours.
  const isSure = isExpected || USED_OF_PAST.test(text.slice(end, end + 4))
  if (isPlain && !isSure && (value < 3 || !/^\d|十/.test(hour ?? ''))) return undefined
  const minute =
    half !== undefined ? 30 : quarter !== undefined ? smallValue(quarter) * 15 : smallValue(min ?? '0')
  return checked({ hour: value, minute, second: Number(sec ?? 0), exact24: value > 12, end })
}

function checked(clock: Clock): Clock | undefined {
  return clock.hour <= 24 && clock.minute < 60 && clock.second < 60 ? clock : undefined
}

function instant(
  day: Day | undefined,
  part: string | undefined,
  clock: Clock | undefined,
  now: number,
): number {
  const base = day ?? dayOf(now)
  if (!clock) {
    const start = part === undefined ? 0 : (PART_START.get(part) ?? EARLY_START)
    const ms = startOf(base) + start * 60 * MINUTE_MS
    return day === undefined && ms > now ? ms - DAY_MS : ms
  }
  const at = (hour: number): number => startOf(base) + ((hour * 60 + clock.minute) * 60 + clock.second) * 1000
  const hour = part === undefined ? undefined : hourInPart(part, clock.hour)
  if (hour !== undefined) return settleDay(at(hour), day, now)
  if (clock.exact24 || clock.hour === 0 || clock.hour === 12) return settleDay(at(clock.hour), day, now)
  const choices =
    clock.hour < 8 ? [at(clock.hour + 12), at(clock.hour)] : [at(clock.hour), at(clock.hour + 12)]
  if (day === undefined) return latestInShopHours(clock, at, now)
  return choices.find((ms) => ms <= now) ?? choices[0] ?? at(clock.hour)
}

/** Without a day the last such hour is meant: today's if it has passed, else yesterday's. */
function settleDay(ms: number, day: Day | undefined, now: number): number {
  return day === undefined && ms > now ? ms - DAY_MS : ms
}

function latestInShopHours(clock: Clock, at: (hour: number) => number, now: number): number {
  const isOpen = (hour: number): boolean => hour >= 7 && hour <= 23
  const today = [clock.hour + 12, clock.hour]
  const passed =
    today.find((hour) => isOpen(hour) && at(hour) <= now) ??
    today.find((hour) => at(hour) <= now && hour >= 5)
  if (passed !== undefined) return at(passed)
  return at(clock.hour < 8 ? clock.hour + 12 : clock.hour) - DAY_MS
}

function hourInPart(part: string, hour: number): number {
  if (part === '凌晨' || part === '半夜') return hour === 12 ? 0 : hour
  if (part === '中午' || part === '正午') return hour <= 3 ? hour + 12 : hour
  if (part === '下午' || part === '午后' || part === '傍晚') return hour < 12 ? hour + 12 : hour
  if (part.startsWith('晚') || part.startsWith('夜') || part === '深夜') {
    if (hour === 12) return 24
    return hour < 5 ? hour + 24 : hour < 12 ? hour + 12 : hour
  }
  return hour
}
