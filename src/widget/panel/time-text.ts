import type { Dictionary, Locale } from './dictionary.ts'

/** The time above a group of lines, in the merchant's own zone: the day is named when it has changed. */
export function renderTime(
  at: number,
  newDay: boolean,
  now: number,
  locale: Locale,
  words: Pick<Dictionary, 'today' | 'yesterday'>,
): string {
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const time = clock.format(at)
  return newDay ? `${renderDay(new Date(at), new Date(now), locale, words)} ${time}` : time
}

function renderDay(
  day: Date,
  today: Date,
  locale: Locale,
  words: Pick<Dictionary, 'today' | 'yesterday'>,
): string {
  if (day.toDateString() === today.toDateString()) return words.today
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
  if (day.toDateString() === yesterday.toDateString()) return words.yesterday
  const isThisYear = day.getFullYear() === today.getFullYear()
  const date = new Intl.DateTimeFormat(locale, {
    ...(isThisYear ? { weekday: 'short' } : { year: 'numeric' }),
    month: locale === 'en' ? 'short' : 'long',
    day: 'numeric',
  })
  return date.format(day)
}
