import { CHINESE_NUMERALS } from './numerals.ts'
import type { Find, Page } from './page.ts'
import type { Piece } from './pieces.ts'

/** Pieces that may be one secret: up to piece `last` of the page. */
export type Stretch = {
  readonly start: number
  readonly end: number
  readonly last: number
  readonly digits: string
}

/** A Chinese numeral that begins a word is none: 123456一直不对. */
const WORD_AFTER = /^[直次个下样定共些起点会般遍切旦台张天笔条位家]/
const LOOKALIKES_ONLY = /^[OoОоΟοlI|]*$/

/**
 * Reads the secret of `least` to `most` digits that begins at piece `index`: unbroken, or in equal groups of one
 * to three digits (12 34 56).
 *
 * Pure.
 */
export function digitsAt(page: Page, index: number, least: number, most: number): Stretch | undefined {
  const unbroken = unbrokenAt(page, index)
  if (unbroken === undefined || LOOKALIKES_ONLY.test(page.text.slice(unbroken.start, unbroken.end)))
    return undefined
  const fits = (length: number): boolean => length >= least && length <= most
  if (fits(unbroken.digits.length)) return unbroken
  const grouped = groupedAt(page, index, most)
  return grouped !== undefined && fits(grouped.digits.length) ? grouped : undefined
}

function unbrokenAt(page: Page, index: number): Stretch | undefined {
  const first = page.pieces[index]
  if (first === undefined) return undefined
  let last = index
  let end = first.end
  let digits = first.digits
  for (let next = page.pieces[index + 1]; next?.start === end; next = page.pieces[last + 1]) {
    if (digits.length > 12 || isWord(page.text, next)) break
    last++
    end = next.end
    digits += next.digits
  }
  return { start: first.start, end, last, digits }
}

function isWord(text: string, piece: Piece): boolean {
  return !piece.plain && piece.digits.length === 1 && WORD_AFTER.test(text.slice(piece.end, piece.end + 1))
}

function groupedAt(page: Page, index: number, most: number): Stretch | undefined {
  const first = page.pieces[index]
  const second = page.pieces[index + 1]
  if (first === undefined || second === undefined || first.digits.length > 3) return undefined
  const gap = page.text.slice(first.end, second.start)
  if (!/^[\s\-._,、*]$/.test(gap)) return undefined
  let { end, digits } = first
  let last = index
  for (let next: Piece | undefined = second; next?.chained === true; next = page.pieces[last + 1]) {
    if (next.digits.length !== first.digits.length || digits.length + next.digits.length > most) break
    if (page.text.slice(end, next.start) !== gap) break
    last++
    end = next.end
    digits += next.digits
  }
  return { start: first.start, end, last, digits }
}

const MONTH_YEAR = /^(?:0[1-9]|1[0-2])(?:\d\d|20\d\d)$|^(?:20)?[2-4]\d(?:0[1-9]|1[0-2])$/

/** Reads the expiry date that begins at piece `index`: 1227, 12/27, 12/2027, 2027-12. Pure. */
export function expiryAt(page: Page, index: number): Stretch | undefined {
  const unbroken = unbrokenAt(page, index)
  if (unbroken === undefined || MONTH_YEAR.test(unbroken.digits)) return unbroken
  const next = page.pieces[unbroken.last + 1]
  if (next?.chained !== true || !/^ ?[/\-.| ,] ?$/.test(page.text.slice(unbroken.end, next.start)))
    return undefined
  const [a, b] = [unbroken.digits, next.digits]
  const digits = `${a.length === 1 ? '0' : ''}${a}${b.length === 1 ? '0' : ''}${b}`
  if (a.length === 3 || b.length === 3 || !MONTH_YEAR.test(digits)) return undefined
  return { start: unbroken.start, end: next.end, last: unbroken.last + 1, digits }
}

const NAMED = '[\\s:=是为就的至到"\'(,]{0,6}'
const YEAR = `(?:\\d{2,4}|[${CHINESE_NUMERALS}]{2,4})年`
const MONTH = `(?:\\d{1,2}|[${CHINESE_NUMERALS}十]{1,3})月(?:份|底)?`
const WRITTEN_OUT = [
  `(?:密码|口令|PIN码?)${NAMED}((?:[4-8]|[四五六七八])个[\\d${CHINESE_NUMERALS}])(?![\\d${CHINESE_NUMERALS}])`,
  `(?:有效期|有效日期|到期日?)${NAMED}(${YEAR}${MONTH}|${MONTH}${YEAR})`,
]
const WRITTEN = new RegExp(WRITTEN_OUT.join('|'), 'gi')
/** A password with letters, where the word says so outright: 密码是admin123. */
const WITH_LETTERS =
  /(?:密码|口令|pass ?word|passwd|passcode|pwd)["'\s]{0,3}[:=是为]["'\s]{0,3}((?=[^\s]{0,31}[A-Za-z])(?=[^\s]{0,31}\d)[A-Za-z0-9@#$%^&*!_.-]{6,32})(?![A-Za-z0-9])/gi

/** Finds labelled secrets that are no plain number: 密码六个八, 有效期2027年12月, 密码是admin123. Pure, linear. */
export function findWrittenSecrets(text: string): readonly Find[] {
  return [WRITTEN, WITH_LETTERS]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match): Find => {
      const end = match.index + match[0].length
      return { kind: 'secret', start: end - (match[1] ?? match[2] ?? '').length, end }
    })
    .sort((a, b) => a.start - b.start)
}
