import { findIssuer, isUnionPay, passesLuhn } from './card-number.ts'
import type { Find } from './page.ts'
import { isIdentityNumber } from './identity-number.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const TOKEN = /(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Za-z])/gi

/** True when the last of 18 characters is the GB 32100 check character of those before. Pure. */
export function isCreditCode(code: string): boolean {
  let sum = 0
  let weight = 1
  for (let index = 0; index < 17; index++) {
    sum += ALPHABET.indexOf(code.charAt(index)) * weight
    weight = (weight * 3) % 31
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31) === code.charAt(17)
}

/**
 * Finds unified social credit codes (统一社会信用代码): public business data, kept even where a part of one
 * resembles a card.
 *
 * Pure, linear. One of digits only counts when it begins as a company's does, 91–93.
 */
export function findCreditCodes(text: string): readonly Find[] {
  const finds: Find[] = []
  for (const match of text.matchAll(TOKEN)) {
    const code = match[0].toUpperCase()
    const isCompany = /^9[1-3]/.test(code) || /^[1-9A-Y][1-9].*[A-Y].*.$/.test(code.slice(0, 17))
    if (!isCompany || !isCreditCode(code) || isIdentityNumber(code) || holdsCard(code)) continue
    finds.push({ kind: 'kept', start: match.index, end: match.index + 18 })
  }
  return finds
}

/** One code in 31 has the right check character by chance: 378282246310005abc is a card all the same. */
function holdsCard(code: string): boolean {
  return (code.match(/\d{13,}/g) ?? []).some(
    (run) => findIssuer(run) === 'listed' && (isUnionPay(run) || passesLuhn(run)),
  )
}
