import { type Candidate, NOTHING, RANK, type Scan } from './candidate.ts'

/** What the masker leaves in place of a secret: [卡号****1234], [磁道数据], [芯片数据], [已隐藏]. */
const PLACEHOLDER = /\[([^[\]]{1,12}?)(?:\*{2,8}(\d{4}))?\]/g
const HIDDEN = /^(?:卡号|账号|身份证|付款码|电话|手机|磁道数据|芯片数据|已隐藏)/

/** Finds masked numbers: a masked card gives its last four digits, anything else only blocks its place. Pure. */
export function findMasked({ text }: Scan): Candidate[] {
  if (!text.includes('[')) return []
  const found: Candidate[] = []
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, label = '', lastFour] = match
    if (!HIDDEN.test(label)) continue
    const place = { start: match.index, end: match.index + whole.length, rank: RANK.masked }
    if (label === '卡号' && lastFour !== undefined)
      found.push({ kind: 'card_last4', value: lastFour, ...place })
    else found.push({ kind: NOTHING, value: '', ...place })
  }
  return found
}
