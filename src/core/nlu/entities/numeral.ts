/** Everything said for one digit, the spoken forms of phone numbers (幺 拐 洞 勾) included. */
export const DIGIT_CHARS = '0-9零〇○洞一幺壹二贰两三叁四肆五伍六陆七柒拐八捌九玖勾'

const DIGITS = new Map<string, number>(
  ['零〇○洞', '一幺壹', '二贰两', '三叁', '四肆', '五伍', '六陆', '七柒拐', '八捌', '九玖勾'].flatMap(
    (forms, value) => [...forms].map((form): [string, number] => [form, value]),
  ),
)

/** Forms that stand for digits in phone and serial numbers but not in counted amounts. */
const SPOKEN_ONLY = new Set(['幺', '拐', '洞', '勾', '○'])

const SCALES = new Map<string, number>([
  ['十', 10],
  ['拾', 10],
  ['百', 100],
  ['佰', 100],
  ['千', 1000],
  ['仟', 1000],
  ['k', 1000],
  ['万', 10_000],
  ['w', 10_000],
])

const NUMBER_LIKE = new RegExp(`[0-9]|十|[a-z] ?[o${DIGIT_CHARS.slice(3)}]|[${DIGIT_CHARS.slice(3)}]{2}`)

/** Says whether a folded text holds anything that could be a number of several digits or a response code. Pure. */
export function mayHoldNumber(text: string): boolean {
  return NUMBER_LIKE.test(text)
}

/** Turns a run of digits in any script into ASCII digits; other characters stay. Pure. */
export function toAsciiDigits(text: string): string {
  let out = ''
  for (const char of text) out += DIGITS.get(char) ?? char
  return out
}

/** A number as read: how far it reached, and whether 百, 千, 万, k or w was part of it. */
export type Numeral = {
  readonly value: number
  readonly end: number
  readonly scaled: boolean
  readonly chinese: boolean
}

const ARABIC = /\d+(?:,\d{3}(?!\d))*(?:\.\d+)?/y
const ASCII_LETTER_OR_DIGIT = /[0-9a-z]/

/**
 * Reads a counted number at a place in folded text: 500, 1,200.50, 1.2w, 3万5, 两百五, 一千零五十, 十二.
 *
 * Pure. Gives nothing where none starts, or where the characters are a row of digits (五一) and no number.
 */
export function readNumeral(text: string, at: number): Numeral | undefined {
  let total = 0
  let section = 0
  let digit: number | undefined
  let lastScale = 1
  let afterZero = false
  let scaled = false
  let chinese = false
  let i = at
  while (i < text.length) {
    const char = text.charAt(i)
    const scale = SCALES.get(char)
    if (scale !== undefined) {
      if ((char === 'k' || char === 'w') && (digit === undefined || continuesAsWord(text, i + 1))) break
      if (digit === undefined && section === 0) {
        if (scale !== 10 || total !== 0) break
        digit = 1
      }
      if (scale === 10_000 || char === 'k') {
        total += (section + (digit ?? 0)) * scale
        section = 0
      } else if (digit === undefined) break
      else section += digit * scale
      digit = undefined
      lastScale = scale
      afterZero = false
      scaled ||= scale >= 100
      chinese ||= char !== 'k' && char !== 'w'
      i++
      continue
    }
    if (digit !== undefined) {
      if (DIGITS.has(char) && !isArabic(text, i)) return undefined
      break
    }
    if (isArabic(text, i)) {
      ARABIC.lastIndex = i
      const written = ARABIC.exec(text)?.[0] ?? ''
      digit = Number(written.replaceAll(',', ''))
      i += written.length
      if (lastScale === 1 && continuesAsWord(text, i) && !/[kw]/.test(text.charAt(i))) break
      continue
    }
    const value = SPOKEN_ONLY.has(char) ? undefined : DIGITS.get(char)
    if (value === undefined) break
    if (value === 0 && lastScale > 1) afterZero = true
    else digit = value
    chinese = true
    i++
  }
  if (i === at || (digit === undefined && total + section === 0)) return undefined
  const tail = digit ?? 0
  // 一千二 is 1200 and 3万5 is 35000: a lone digit after a scale counts in the next lower one.
  const shortened = lastScale >= 100 && !afterZero && tail < 10 && Number.isInteger(tail)
  const value = total + section + (shortened ? tail * (lastScale / 10) : tail)
  return { value, end: i, scaled, chinese }
}

function isArabic(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}

function continuesAsWord(text: string, at: number): boolean {
  return ASCII_LETTER_OR_DIGIT.test(text.charAt(at))
}

const SMALL = /\d{1,2}|[二三四五六七八九]?十[一二三四五六七八九]?|[零〇]?[一二两三四五六七八九]/y

/** Reads a number below 100 as clocks and calendars use it (3, 12, 三, 十二, 二十五). Pure. */
export function readSmall(text: string, at: number): { value: number; end: number } | undefined {
  SMALL.lastIndex = at
  const written = SMALL.exec(text)?.[0]
  if (written === undefined) return undefined
  return { value: smallValue(written), end: at + written.length }
}

/** Value of a number below 100 in Arabic or Chinese numerals; NaN for anything else. Pure. */
export function smallValue(written: string): number {
  const [tens, ones] = written.split('十')
  if (ones === undefined) return Number(toAsciiDigits(written))
  return (
    (tens === '' ? 1 : Number(toAsciiDigits(tens ?? ''))) * 10 +
    (ones === '' ? 0 : Number(toAsciiDigits(ones)))
  )
}
