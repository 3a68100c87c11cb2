/**
 * A text as it is searched: compatibility forms, foreign digits and escapes made plain, invisible characters
 * gone. Unit `i` of `text` was written at `starts[i]`…`ends[i]` of the original.
 */
export type Reading = {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** Traditional forms of the characters our label words are made of. */
const TRADITIONAL = new Map(
  Object.entries({
    碼: '码',
    號: '号',
    帳: '账',
    帐: '账',
    驗: '验',
    證: '证',
    銀: '银',
    戶: '户',
    終: '终',
    參: '参',
    訂: '订',
    單: '单',
    憑: '凭',
    條: '条',
    運: '运',
    動: '动',
    態: '态',
    後: '后',
    為: '为',
    圓: '元',
    塊: '块',
    萬: '万',
    個: '个',
    過: '过',
    對: '对',
    護: '护',
    儲: '储',
    貸: '贷',
    記: '记',
  }),
)
const HAS_TRADITIONAL = new RegExp(`[${[...TRADITIONAL.keys()].join('')}]`)
const EVERY_TRADITIONAL = new RegExp(HAS_TRADITIONAL, 'g')

/** Written-out characters: of the percent codes only separators, since `%41` may be a track's `%` and 41…. */
const ESCAPE =
  /%(?:20|2[bcdefBCDEF]|3[aA]|7[cC]|0[9aAdD])|&(?:nbsp|#[0-9]{1,6}|#x[0-9a-fA-F]{1,5});|\\(?:[ntr]|u[0-9a-fA-F]{4})/y
const INVISIBLE = /[\p{Cf}\p{M}\u115F\u1160\u3164\uFFA0]|(?![\t\n\v\f\r\x85])\p{Cc}/u

/**
 * Makes the reading of `text`.
 *
 * Pure, never throws, linear. Compatibility composition is done character by character so that every unit
 * keeps its place; combining marks (keycaps, strike-through) belong to the character before them.
 */
export function readText(text: string): Reading {
  const source = HAS_TRADITIONAL.test(text)
    ? text.replace(EVERY_TRADITIONAL, (character) => TRADITIONAL.get(character) ?? character)
    : text
  const starts: number[] = []
  const ends: number[] = []
  let out = ''
  let at = 0
  while (at < source.length) {
    const code = source.charCodeAt(at)
    if (isPlain(code)) {
      out += source.charAt(at)
      starts.push(at)
      ends.push(++at)
      continue
    }
    const written = characterAt(source, at)
    const plain = toPlain(written.character)
    if (plain === '' && ends.length > 0) ends[ends.length - 1] = at + written.length
    for (let unit = 0; unit < plain.length; unit++) {
      starts.push(at)
      ends.push(at + written.length)
    }
    out += plain
    at += written.length
  }
  return { text: out, starts, ends }
}

/** ASCII but for control characters and what an escape begins with, ideographs, 、。“”. */
function isPlain(code: number): boolean {
  if (code < 0x7f) return (code >= 0x20 || code === 0x0a) && code !== 0x25 && code !== 0x26 && code !== 0x5c
  if (code >= 0x4e00 && code <= 0x9fff) return true
  return code === 0x3001 || code === 0x3002 || code === 0x201c || code === 0x201d
}

function characterAt(text: string, at: number): { readonly character: string; readonly length: number } {
  const code = text.codePointAt(at) ?? 0
  if (code === 0x25 || code === 0x26 || code === 0x5c) {
    ESCAPE.lastIndex = at
    const escape = ESCAPE.exec(text)?.[0]
    if (escape !== undefined) return { character: decodeEscape(escape), length: escape.length }
  }
  const character = String.fromCodePoint(code)
  return { character, length: character.length }
}

function decodeEscape(escape: string): string {
  if (/^(?:&nbsp|\\[ntr]$)/.test(escape)) return ' '
  const decimal = /^&#([0-9]+);$/.exec(escape)?.[1]
  const hex = /^(?:%|\\u|&#x)([0-9a-fA-F]+);?$/.exec(escape)?.[1]
  const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal)
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD'
}

function toPlain(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code >= 0xe000 && code <= 0xe002) return '\uFFFD'
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0)
  if (code < 0x80) return INVISIBLE.test(character) ? '' : character
  if (code === 0x1f51f) return '10'
  const digit = decimalValue(code)
  if (digit !== undefined) return digit
  let plain = ''
  for (const part of character.normalize('NFKC')) if (!INVISIBLE.test(part)) plain += part
  return plain
}

/** Circled digits that have no compatibility form: first code, value of the first, how many. */
const CIRCLED: readonly (readonly [first: number, value: number, count: number])[] = [
  [0x24eb, 11, 10],
  [0x24f5, 1, 10],
  [0x24ff, 0, 1],
  [0x2776, 1, 10],
  [0x2780, 1, 10],
  [0x278a, 1, 10],
]

/** Decimal digits of one script are ten in a row, so the distance from the first tells the value. */
function decimalValue(code: number): string | undefined {
  for (const [first, value, count] of CIRCLED) {
    if (code >= first && code < first + count) return String(code - first + value)
  }
  if (!isDecimal(code)) return undefined
  let first = code
  while (isDecimal(first - 1)) first--
  return String((code - first) % 10)
}

function isDecimal(code: number): boolean {
  return /\p{Nd}/u.test(String.fromCodePoint(code))
}
