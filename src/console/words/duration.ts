import type { Dictionary } from './dictionary-zh.ts'
import type { Language } from './words.ts'

/** A time span in its largest fitting unit: `5 分钟`, `2 小时`, `3 天`. */
export function durationText(words: Dictionary, ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const { now, minute, hour, day } = words.durations
  if (minutes < 1) return now
  if (minutes < 60) return `${String(minutes)} ${minute}`
  if (minutes < 48 * 60) return `${String(Math.floor(minutes / 60))} ${hour}`
  return `${String(Math.floor(minutes / (24 * 60)))} ${day}`
}

/** Time of day, with the date when it is not today. */
export function timeText(language: Language, at: string, now: number): string {
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) return at
  const isToday = new Date(now).toDateString() === time.toDateString()
  const date = isToday ? {} : ({ month: 'numeric', day: 'numeric' } as const)
  const locale = language === 'en' ? 'en-GB' : 'zh-CN'
  return new Intl.DateTimeFormat(locale, { ...date, hour: '2-digit', minute: '2-digit' }).format(time)
}

/** A day in the reader's language, with its year: histories go far back. */
export function dateText(language: Language, at: string): string {
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) return at
  const locale = language === 'en' ? 'en-GB' : 'zh-CN'
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(time)
}

/** A day with its time of day; what is no moment, such as a mere day, stays as it is. */
export function momentText(language: Language, at: string): string {
  const time = new Date(at)
  if (Number.isNaN(time.getTime()) || at.length <= 10) return at
  const locale = language === 'en' ? 'en-GB' : 'zh-CN'
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(time)
}
