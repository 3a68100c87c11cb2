import { findIssuer, isUnionPay, passesLuhn } from './card-number.ts'
import { CARD_WORDS, nearWord } from './labels.ts'
import { blotMarks } from './marks.ts'
import { isNumeral, kindOf, WALL } from './numerals.ts'
import { cutPieces } from './pieces.ts'
import { readText } from './reading.ts'
import { followsSecretLabel } from './secrets.ts'

/** A line of the merchant's as it is stored; `at` is epoch ms. */
export type EarlierLine = { readonly text: string; readonly at: number }

/** The new message masked, and the earlier lines to be rewritten: index → masked text. */
export type SplitMasked = { readonly text: string; readonly earlier: ReadonlyMap<number, string> }

/** Messages further apart than this are not read together. */
const TOGETHER_MS = 120_000
const LEAST = 13
const MOST = 19

/**
 * Masks a card number sent in pieces: digit-only messages, each within two minutes of the one before, that join
 * to one (the first may say 卡号 before its digits); also a secret whose name was the message before.
 *
 * Pure, never throws. `earlier` are the merchant's recent lines, oldest first. Undefined when nothing joins.
 */
export function maskSplit(
  earlier: readonly EarlierLine[],
  text: string,
  now: number,
): SplitMasked | undefined {
  const last = partOf(text)
  if (last?.isBare !== true) return undefined
  const previous = earlier.at(-1)
  if (previous !== undefined && now - previous.at <= TOGETHER_MS && followsSecretLabel(previous.text, text)) {
    return { text: rewritten(text, last, '[已隐藏]'), earlier: new Map() }
  }
  const parts = joinedParts(earlier, last, now)
  if (parts === undefined) return undefined
  const mark = `[卡号****${digitsOf(parts).slice(-4)}]`
  const first = earlier.length - parts.length + 1
  const rewrite = parts.slice(0, -1).map((part, index): [number, string] => {
    const line = earlier[first + index]?.text ?? ''
    return [first + index, rewritten(line, part, mark)]
  })
  return { text: rewritten(text, last, mark), earlier: new Map(rewrite) }
}

/** The number a message consists of (`isBare`) or ends with after a word for a card. Offsets are of the message. */
type Part = {
  readonly digits: string
  readonly start: number
  readonly end: number
  readonly isBare: boolean
}

function partOf(message: string): Part | undefined {
  /** A number that is part of a card, with room for separators, is no longer than this. */
  if (message.length > 400) return undefined
  const reading = readText(message)
  const text = blotMarks(reading.text)
  const pieces = cutPieces(text)
  const first = pieces.findLastIndex((piece) => !piece.chained)
  const tail = pieces.slice(first)
  const [head, end] = [tail[0], tail.at(-1)]
  if (head === undefined || end === undefined || hasWords(text, end.end, text.length)) return undefined
  const isBare = first === 0 && !hasWords(text, 0, head.start)
  if (!isBare && !nearWord(text, CARD_WORDS)({ start: head.start, end: end.end })) return undefined
  return {
    digits: tail.map(({ digits }) => digits).join(''),
    start: reading.starts[head.start] ?? 0,
    end: reading.ends[end.end - 1] ?? message.length,
    isBare,
  }
}

function hasWords(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const kind = kindOf(text.charCodeAt(at))
    if (kind === WALL || isNumeral(kind)) return true
  }
  return false
}

/** The longest row of messages up to the new one that is surest to be a card. */
function joinedParts(earlier: readonly EarlierLine[], last: Part, now: number): readonly Part[] | undefined {
  let parts: readonly Part[] = [last]
  let best: { readonly parts: readonly Part[]; readonly sureness: number } | undefined
  let later = now
  for (const line of earlier.toReversed()) {
    const part = later - line.at <= TOGETHER_MS ? partOf(line.text) : undefined
    if (part === undefined) break
    later = line.at
    parts = [part, ...parts]
    if (digitsOf(parts).length > MOST) break
    const sureness = surenessOf(parts)
    if (sureness > 0 && sureness >= (best?.sureness ?? 0)) best = { parts, sureness }
    if (!part.isBare) break
  }
  return best?.parts
}

/**
 * 3: issuer's prefix and check digit, or 62…; 2: issuer's prefix in equal parts, or after 卡号; 1: uncertain prefix
 * and check digit; 0: no card. A response code followed by a mobile number is none.
 */
function surenessOf(parts: readonly Part[]): number {
  const digits = digitsOf(parts)
  if (digits.length < LEAST) return 0
  if (digits.length <= 15 && parts.some((part) => /^1[3-9]\d{9}$/.test(part.digits))) return 0
  const issuer = findIssuer(digits)
  if (isUnionPay(digits) || (issuer === 'listed' && passesLuhn(digits))) return 3
  if (parts[0]?.isBare === false || (issuer === 'listed' && isEven(parts))) return 2
  return issuer === 'uncertain' && passesLuhn(digits) ? 1 : 0
}

function isEven(parts: readonly Part[]): boolean {
  const size = parts[0]?.digits.length ?? 0
  return parts.every(
    ({ digits }, index) => digits.length === size || (index === parts.length - 1 && digits.length < size),
  )
}

function digitsOf(parts: readonly Part[]): string {
  return parts.map(({ digits }) => digits).join('')
}

function rewritten(text: string, part: Part, mark: string): string {
  return text.slice(0, part.start) + mark + text.slice(part.end)
}
