/** How sure a prefix is to be a card's: `uncertain` ones give way to a label that names another number. */
export type Issuer = 'listed' | 'uncertain'

type Range = { readonly prefix: RegExp; readonly lengths: readonly number[]; readonly issuer: Issuer }

const TO_19 = [16, 17, 18, 19]
const RANGES: readonly Range[] = [
  { prefix: /^62|^81/, lengths: TO_19, issuer: 'listed' },
  { prefix: /^4/, lengths: [13, 16, 19], issuer: 'listed' },
  {
    prefix: /^5[1-5]|^222[1-9]|^22[3-9]|^2[3-6]|^27[01]|^2720/,
    lengths: [16],
    issuer: 'listed',
  },
  { prefix: /^3[47]/, lengths: [15], issuer: 'listed' },
  { prefix: /^35/, lengths: TO_19, issuer: 'listed' },
  { prefix: /^3[68]|^30[0-5]/, lengths: [14, 15, ...TO_19], issuer: 'listed' },
  { prefix: /^6011|^6[45]/, lengths: TO_19, issuer: 'listed' },
  /** Older domestic cards, Diners' newer ranges, Mir. */
  { prefix: /^60|^9|^39|^309|^220[0-4]/, lengths: TO_19, issuer: 'uncertain' },
  /** Maestro and other debit ranges. */
  { prefix: /^50|^5[6-8]|^6/, lengths: [13, 14, 15, ...TO_19], issuer: 'uncertain' },
]

/** Finds whose card a number of 13–19 digits can be by prefix and length. Pure. */
export function findIssuer(digits: string): Issuer | undefined {
  return RANGES.find(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits))?.issuer
}

/** True for 62… of 16–19 digits, which are masked whatever their check digit. Pure. */
export function isUnionPay(digits: string): boolean {
  return digits.startsWith('62') && digits.length >= 16 && digits.length <= 19
}

/** True when the last digit is the ISO/IEC 7812 check digit of those before. Pure. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = digits.length - 1, double = false; index >= 0; index--, double = !double) {
    const digit = digits.charCodeAt(index) - 48
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return sum % 10 === 0
}
