/** The server refuses longer messages (contract: 4,000 characters). Counted in UTF-16 units, the strictest way. */
export const LONGEST_TEXT = 4_000

const HIGH_ALONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])/g
const LOW_ALONE = /(^|[^\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** Makes typed or pasted text acceptable to the server: no NUL, no half characters, no blank ends. */
export function cleanText(text: string): string {
  let clean = text.replace(/\0/g, '').replace(HIGH_ALONE, '\uFFFD')
  // Twice, because two lone halves in a row share a neighbour.
  for (let pass = 0; pass < 2; pass += 1) clean = clean.replace(LOW_ALONE, '$1\uFFFD')
  return clean.replace(/\r\n?/g, '\n').trim()
}
