import { BAR, kindOf, MASKED_CARD, MASKED_SECRET, SEPARATOR } from './numerals.ts'
import type { Find, Page } from './page.ts'

const MONTH = /^(?:0[1-9]|1[0-2])$/
const YEAR = /^(?:\d\d|20\d\d)$/
const UNIT = /^\s?(?:元|块|圆|万|次|笔|台|张|年|月|日|号|点|时|分|位|%|k|w)/i
/** …，500没出票 is an amount. */
const SENTENCE_GOES_ON = /^(?![是为])\p{Script=Han}/u
const AMOUNT_BEFORE = /(?:刷|消费|收|扣|付|退|转|金额|款|钱|交易)(?:了|的|是|为|[:\s])*$/

/**
 * Finds what people write after a card number without naming it: expiry, CVV, PIN.
 *
 * Numbers count that only separators part from the card or from another secret beside it: MM/YY, three, four or
 * six digits. Left alone are numbers with a unit and round amounts of four digits. Pure, linear.
 */
export function findBesideCards(page: Page): readonly Find[] {
  if (!page.text.includes(MASKED_CARD)) return []
  const finds: Find[] = []
  let beside = false
  let at = 0
  for (let index = 0; index < page.pieces.length;) {
    const piece = page.pieces[index]
    if (piece === undefined) break
    beside = reaches(page.text, at, piece.start, beside)
    const count = beside ? secretLength(page, index) : 0
    const last = page.pieces[index + Math.max(0, count - 1)]
    at = last?.end ?? piece.end
    if (count === 0) beside = false
    else finds.push({ kind: 'secret', start: piece.start, end: at })
    index += Math.max(1, count)
  }
  return finds
}

/** Finds the same right before a card, where only MM/YY and three or six digits count. Pure, linear. */
export function findBeforeCards(page: Page): readonly Find[] {
  if (!page.text.includes(MASKED_CARD)) return []
  const finds: Find[] = []
  let beside = false
  let at = page.text.length
  for (let index = page.pieces.length - 1; index >= 0;) {
    const piece = page.pieces[index]
    if (piece === undefined) break
    beside = reachesBack(page.text, piece.end, at, beside)
    const isPair = beside && index > 0 && isMonthAndYear(page, index - 1)
    const first = isPair ? (page.pieces[index - 1] ?? piece) : piece
    const isSecret = isPair || (beside && isBareSecret(page, index) && piece.digits.length !== 4)
    beside = isSecret && !AMOUNT_BEFORE.test(page.text.slice(Math.max(0, first.start - 8), first.start))
    if (beside) finds.push({ kind: 'secret', start: first.start, end: piece.end })
    at = first.start
    index -= isPair ? 2 : 1
  }
  return finds.reverse()
}

function secretLength(page: Page, index: number): number {
  if (isMonthAndYear(page, index)) return 2
  return isBareSecret(page, index) ? 1 : 0
}

function isBareSecret(page: Page, index: number): boolean {
  const piece = page.pieces[index]
  if (piece === undefined || piece.money || piece.decimal || !piece.plain) return false
  if (UNIT.test(page.text.slice(piece.end, piece.end + 2))) return false
  const { length } = piece.digits
  if (Number(piece.digits) % 50 === 0 && SENTENCE_GOES_ON.test(page.text.slice(piece.end, piece.end + 1)))
    return false
  if (length === 4) return /^(?:0[1-9]|1[0-2])/.test(piece.digits) || Number(piece.digits) % 50 !== 0
  return length === 3 || length === 6
}

function isMonthAndYear(page: Page, index: number): boolean {
  const [month, year] = [page.pieces[index], page.pieces[index + 1]]
  if (month === undefined || year?.chained !== true || month.decimal || year.money) return false
  return (
    MONTH.test(month.digits) &&
    YEAR.test(year.digits) &&
    /^ ?[/\-.| ,] ?$/.test(page.text.slice(month.end, year.start)) &&
    !UNIT.test(page.text.slice(year.end, year.end + 2))
  )
}

/** True when only separators and secrets lie between a card (or what is beside one) and `end`. */
function reaches(text: string, start: number, end: number, beside: boolean): boolean {
  let reached = beside
  for (let at = start; at < end; at++)
    reached = text.charAt(at) === MASKED_CARD || (reached && isBetween(text, at))
  return reached
}

function reachesBack(text: string, start: number, end: number, beside: boolean): boolean {
  let reached = beside
  for (let at = end - 1; at >= start; at--) {
    reached = text.charAt(at) === MASKED_CARD || (reached && isBetween(text, at))
  }
  return reached
}

function isBetween(text: string, at: number): boolean {
  const character = text.charAt(at)
  if (character === MASKED_SECRET) return true
  const kind = kindOf(text.charCodeAt(at))
  return (kind === SEPARATOR || kind === BAR) && !/[。!?]/.test(character)
}
