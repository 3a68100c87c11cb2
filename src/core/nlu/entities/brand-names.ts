import { type Candidate, RANK, type Scan } from './candidate.ts'

/** Finds payment brands (拉卡拉, 通联 …), which are not makers of terminals. Pure. */
export function findPaymentBrands({ text, words }: Scan): Candidate[] {
  return words.brands.find(text).map((hit) => ({ kind: 'payment_brand', ...hit, rank: RANK.word }))
}

/** Finds banks that issue cards by their full or short names. Pure. */
export function findIssuers({ text, words }: Scan): Candidate[] {
  return words.issuers.find(text).map((hit) => ({ kind: 'issuer', ...hit, rank: RANK.word }))
}
