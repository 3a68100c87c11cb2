import { type Candidate, RANK, type Scan } from './candidate.ts'
import { DIGIT_CHARS, toAsciiDigits } from './numeral.ts'

const GROUPS = new RegExp(`[${DIGIT_CHARS}]+(?:[ .·-]{1,3}[${DIGIT_CHARS}]+)*`, 'g')
const MOBILE = /^1[3-9]\d{9}$/
const LAND_LINE = /^0(?:10|2\d)\d{8}$|^0[3-9]\d{2}\d{7,8}$/
const SERVICE = /^[48]00\d{7}$|^95\d{3}(?:\d{1,3})?$/
const LOCAL = /^[2-8]\d{6,7}$/
const PHONE_WORD = /(?:电话|手机|座机|固话|号码|联系|tel|phone|打)[^0-9]{0,6}$/
/** Three groups at most make one number: 138 0013 8000, 0755-1234-5678. */
const MOST_GROUPS = 4

type Group = { readonly digits: string; readonly start: number; readonly end: number }

/**
 * Finds phone numbers to call back: mobiles and land lines anywhere, in any spacing or in Chinese numerals;
 * service numbers (400, 800, 95…) and local numbers only when a phone was asked for, since otherwise they are
 * somebody else's. The value has digits only, without +86. Pure.
 */
export function findPhones({ text, asked, mayHoldNumber }: Scan): Candidate[] {
  if (!mayHoldNumber) return []
  const found: Candidate[] = []
  const isAsked = asked.has('contact_phone')
  for (const match of text.matchAll(GROUPS)) {
    if (match[0].length < 5) continue
    const groups = groupsOf(match[0], match.index).filter((group) => !isInsideWord(text, group))
    for (let first = 0; first < groups.length;) {
      const hit = phoneFrom(groups, first, text, isAsked)
      if (hit) found.push(hit.candidate)
      first = hit ? hit.next : first + 1
    }
  }
  return found
}

function groupsOf(written: string, at: number): Group[] {
  const groups: Group[] = []
  let start = at
  for (const part of written.split(/([ .·-]+)/)) {
    if (!/^[ .·-]/.test(part)) groups.push({ digits: toAsciiDigits(part), start, end: start + part.length })
    start += part.length
  }
  return groups
}

function phoneFrom(
  groups: readonly Group[],
  first: number,
  text: string,
  isAsked: boolean,
): { candidate: Candidate; next: number } | undefined {
  const opening = groups[first]
  if (!opening) return undefined
  let digits = ''
  for (let i = first; i < Math.min(groups.length, first + MOST_GROUPS); i++) {
    const group = groups[i]
    if (!group) break
    digits += group.digits
    if (digits.length > 14) break
    const number = withoutCountry(digits)
    const isPhone =
      MOBILE.test(number) ||
      (LAND_LINE.test(number) && isLandLine(i > first, number, text, opening.start, isAsked)) ||
      (isAsked && SERVICE.test(number)) ||
      (i === first &&
        LOCAL.test(number) &&
        PHONE_WORD.test(text.slice(Math.max(0, opening.start - 8), opening.start)))
    if (!isPhone) continue
    const start = text.charAt(opening.start - 1) === '+' ? opening.start - 1 : opening.start
    const candidate = { kind: 'contact_phone', value: number, start, end: group.end, rank: RANK.phone }
    return { candidate, next: i + 1 }
  }
  return undefined
}

function withoutCountry(digits: string): string {
  return digits.replace(/^(?:00)?86(?=1[3-9]\d{9}$)/, '')
}

/** Twelve digits in a row are a reference number unless something says phone. */
function isLandLine(
  grouped: boolean,
  number: string,
  text: string,
  start: number,
  isAsked: boolean,
): boolean {
  return (
    grouped || isAsked || number.length < 12 || PHONE_WORD.test(text.slice(Math.max(0, start - 8), start))
  )
}

function isInsideWord(text: string, { start, end }: Group): boolean {
  return /[a-z]/.test(text.charAt(start - 1)) || /[a-z]/.test(text.charAt(end))
}
