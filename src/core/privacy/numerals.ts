/**
 * What one character of a reading is to a number. `digit`, `chinese` and `lookalike` can be part of one;
 * a `separator` may stand inside or between numbers; `bar` is `|`, which is written for both a separator and
 * a one; a `wall` (letters, currency signs, what is already masked) ends every number.
 */
export const DIGIT = 1
export const CHINESE = 2
export const LOOKALIKE = 3
export const SEPARATOR = 4
export const BAR = 5
export const WALL = 6

const NUMERALS: readonly (readonly [characters: string, digit: string])[] = [
  ['零〇○◯洞', '0'],
  ['一壹幺弌〡', '1'],
  ['二贰貳两兩弍〢', '2'],
  ['三叁參叄弎〣', '3'],
  ['四肆〤', '4'],
  ['五伍〥', '5'],
  ['六陆陸〦', '6'],
  ['七柒拐〧', '7'],
  ['八捌〨', '8'],
  ['九玖勾〩', '9'],
]
const LOOKALIKES: readonly (readonly [characters: string, digit: string])[] = [
  ['OoОоΟο', '0'],
  ['lI|', '1'],
]

const digits = new Map<string, string>()
const kinds = new Uint8Array(0x10000)

for (const [characters, digit] of NUMERALS) add(characters, digit, CHINESE)
for (const [characters, digit] of LOOKALIKES) add(characters, digit, LOOKALIKE)
add('|', '1', BAR)
for (let digit = 0; digit <= 9; digit++) add(String(digit), String(digit), DIGIT)

function add(characters: string, digit: string, kind: number): void {
  for (const character of characters) {
    digits.set(character, digit)
    kinds[character.charCodeAt(0)] = kind
  }
}

/** Marks that replace what is already masked while the rest of a text is searched. */
export const MASKED_CARD = '\uE000'
export const MASKED_SECRET = '\uE001'
export const MASKED_OTHER = '\uE002'

/**
 * Says what the UTF-16 unit `code` of a reading is to a number: one of the constants above.
 *
 * Pure in effect: answers are remembered per character because the Unicode test costs 20 times a look-up.
 */
export function kindOf(code: number): number {
  const known = kinds[code] ?? WALL
  if (known !== 0) return known
  const isWall = /[\p{L}\p{N}\p{Sc}\uE000-\uE002]/u.test(String.fromCharCode(code))
  const kind = isWall ? WALL : SEPARATOR
  kinds[code] = kind
  return kind
}

/** True for the units that can be a digit of a number. Pure. */
export function isNumeral(kind: number): boolean {
  return kind === DIGIT || kind === CHINESE || kind === LOOKALIKE
}

/** Writes the numerals of `run` (digits, Chinese, look-alikes) as the digits 0–9 and drops the rest. Pure. */
export function toDigits(run: string): string {
  if (/^[0-9]*$/.test(run)) return run
  let out = ''
  for (const character of run) out += digits.get(character) ?? ''
  return out
}

/** All Chinese numerals, for use inside a character class of a regular expression. */
export const CHINESE_NUMERALS = NUMERALS.map(([characters]) => characters).join('')

const COUNTED = `\\p{Nd}${CHINESE_NUMERALS}`
const ALIKE = LOOKALIKES.map(([characters]) => characters).join('')
/**
 * Three numerals; or one sign of category No or Nl (⑪, ㉒), which may be worth two; or a digit beside a look-alike
 * (4lll); or 六个八.
 */
const MAY_HOLD_NUMBER = new RegExp(
  `[\\p{No}\\p{Nl}]|(?:[${COUNTED}][^${COUNTED}]*){3}|[${COUNTED}][\\s.-]?[${ALIKE}]|[${ALIKE}][${COUNTED}]|[${COUNTED}]个[${COUNTED}]`,
  'u',
)

/**
 * True when `text` could hold a number of three digits or more, in any script. Pure, one pass.
 *
 * Decides the fate of most messages: those without are not looked at any further.
 */
export function mayHoldNumber(text: string): boolean {
  return MAY_HOLD_NUMBER.test(text)
}
