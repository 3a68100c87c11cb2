import { BAR, DIGIT, isNumeral, kindOf, LOOKALIKE, SEPARATOR, toDigits } from './numerals.ts'

/** An unbroken run of numerals in one script: the smallest thing a number is made of. Offsets are of the reading. */
export type Piece = {
  readonly start: number
  readonly end: number
  readonly digits: string
  /** True when the digits are written 0–9, not in Chinese or with look-alikes. */
  readonly plain: boolean
  /** True when only separators, or nothing, stand between the piece before and this one. */
  readonly chained: boolean
  /** True when a currency says so: ¥20, 2000元, 12.50元. */
  readonly money: boolean
  /** True for the two halves of 12.50. */
  readonly decimal: boolean
}

/** Two numbers further apart than this are not read as one. */
const LONGEST_GAP = 12
const LONGEST_AMOUNT = 7
const CURRENCY_AFTER = /\s?(?:元|块|圆|角|万(?!一)|千元|百元|rmb|cny|usd|yuan|dollar)/iy

/**
 * Cuts a reading into pieces, leaving out calendar dates with their time.
 *
 * Pure, linear. With `barsAreOnes` a `|` is a one, otherwise a separator.
 */
export function cutPieces(text: string, barsAreOnes = false): readonly Piece[] {
  const pieces = runsOf(text, barsAreOnes)
  markMoney(text, pieces)
  return withoutDates(text, pieces)
}

type Draft = { -readonly [Key in keyof Piece]: Piece[Key] }

function runsOf(text: string, barsAreOnes: boolean): Draft[] {
  const kindAt = (at: number): number => {
    const kind = kindOf(text.charCodeAt(at))
    return kind === BAR ? (barsAreOnes ? LOOKALIKE : SEPARATOR) : kind
  }
  const pieces: Draft[] = []
  let chained = false
  let at = 0
  while (at < text.length) {
    const kind = kindAt(at)
    let end = at + 1
    while (end < text.length && kindAt(end) === kind) end++
    if (isNumeral(kind) && !(kind === LOOKALIKE && isWord(text, at, end))) {
      const digits = toDigits(text.slice(at, end))
      pieces.push({ start: at, end, digits, plain: kind === DIGIT, chained, money: false, decimal: false })
      chained = true
    } else if (kind !== SEPARATOR || widthOf(text, at, end) > LONGEST_GAP) chained = false
    at = end
  }
  return pieces
}

/** A look-alike beside another letter is a letter. */
function isWord(text: string, start: number, end: number): boolean {
  return /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(
    text.slice(Math.max(0, start - 1), start) + text.slice(end, end + 1),
  )
}

function widthOf(text: string, start: number, end: number): number {
  return end - start <= LONGEST_GAP ? end - start : text.slice(start, end).replace(/\s+/g, ' ').length
}

function markMoney(text: string, pieces: readonly Draft[]): void {
  for (const [index, piece] of pieces.entries()) {
    if (piece.digits.length > LONGEST_AMOUNT) continue
    CURRENCY_AFTER.lastIndex = piece.end
    const signed = /\p{Sc}\s?$/u.test(text.slice(Math.max(0, piece.start - 2), piece.start))
    if (signed || CURRENCY_AFTER.test(text)) piece.money = true
    const cents = pieces[index + 1]
    if (cents === undefined || !isDecimal(text, pieces, index)) continue
    piece.decimal = cents.decimal = true
    CURRENCY_AFTER.lastIndex = cents.end
    if (piece.money || CURRENCY_AFTER.test(text)) piece.money = cents.money = true
  }
}

function isDecimal(text: string, pieces: readonly Piece[], index: number): boolean {
  const [whole, cents] = [pieces[index], pieces[index + 1]]
  if (whole === undefined || cents?.digits.length !== 2) return false
  const isPoint = (at: number): boolean => text.charAt(at) === '.'
  return (
    cents.start === whole.end + 1 &&
    isPoint(whole.end) &&
    !isPoint(whole.start - 1) &&
    !(isPoint(cents.end) && pieces[index + 2]?.start === cents.end + 1)
  )
}

/** 2024-05-01, 2024/5/1 12:30:05: no number of the kinds looked for, and a wall between those beside it. */
function withoutDates(text: string, pieces: readonly Draft[]): readonly Piece[] {
  const kept: Piece[] = []
  let index = 0
  while (index < pieces.length) {
    const length = dateLength(text, pieces, index)
    const piece = pieces[index + length]
    if (length > 0 && piece !== undefined) piece.chained = false
    if (length === 0 && piece !== undefined) kept.push(piece)
    index += Math.max(1, length)
  }
  return kept
}

function dateLength(text: string, pieces: readonly Piece[], index: number): number {
  const [year, month, day] = [pieces[index], pieces[index + 1], pieces[index + 2]]
  if (year === undefined || month === undefined || day === undefined) return 0
  if (!/^20[0-4]\d$/.test(year.digits) || !isUpTo(month, 12) || !isUpTo(day, 31)) return 0
  const mark = text.slice(year.end, month.start)
  const gapAt = (at: number): string | undefined => {
    const [left, right] = [pieces[at], pieces[at + 1]]
    return left !== undefined && right?.chained === true ? text.slice(left.end, right.start) : undefined
  }
  if (!/^[-/.]$/.test(mark) || gapAt(index + 1) !== mark) return 0
  if (gapAt(index + 2) === mark || (year.chained && gapAt(index - 1) === mark)) return 0
  const next = (at: number): boolean => pieces[at] !== undefined && isUpTo(pieces[at], 60)
  if (!/^\s+$/.test(gapAt(index + 2) ?? '') || !next(index + 3) || gapAt(index + 3) !== ':') return 3
  if (!next(index + 4)) return 3
  return gapAt(index + 4) === ':' && next(index + 5) ? 6 : 5
}

function isUpTo(piece: Piece | undefined, limit: number): boolean {
  return piece !== undefined && piece.plain && piece.digits.length <= 2 && Number(piece.digits) <= limit
}
