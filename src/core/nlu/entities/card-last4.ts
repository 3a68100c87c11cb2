import { type Candidate, RANK, type Scan } from './candidate.ts'
import { DIGIT_CHARS, toAsciiDigits } from './numeral.ts'

const FOUR = `([${DIGIT_CHARS}](?: ?[${DIGIT_CHARS}]){3})(?![${DIGIT_CHARS}a-z])`
const LABELLED = new RegExp(
  `(?:尾号|尾数|卡尾|末尾|(?:最?后|末|尾)(?:四|4)(?:位|个|码)?(?:数|数字|号)?)(?:[\\s:="'“”(]|数字|号码|号|是|为|的|卡|应该)*${FOUR}`,
  'g',
)
const STATED_AFTER = new RegExp(
  `(?<![${DIGIT_CHARS}a-z])${FOUR} ?(?:的?尾号|结尾|收尾|尾的|那张卡|这张卡|的卡)`,
  'g',
)
const OF_A_PHONE = /(?:手机|电话|手机号|电话号|号码)的?(?:码)?$/

/** Finds the last four digits of a card by the words around them (尾号1234, 后四位是1234, 1234结尾). Pure. */
export function findCardLast4({ text, mayHoldNumber }: Scan): Candidate[] {
  if (!mayHoldNumber || !/尾|后|末|的卡|张卡/.test(text)) return []
  const found: Candidate[] = []
  for (const pattern of [LABELLED, STATED_AFTER]) {
    for (const match of text.matchAll(pattern)) {
      const [whole, digits = ''] = match
      if (OF_A_PHONE.test(text.slice(Math.max(0, match.index - 6), match.index))) continue
      const start = match.index + whole.indexOf(digits)
      const value = toAsciiDigits(digits).replaceAll(' ', '')
      found.push({ kind: 'card_last4', value, start, end: start + digits.length, rank: RANK.labelled })
    }
  }
  return found
}
