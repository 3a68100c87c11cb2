import { simplified } from './characters.ts'

const ZERO_WIDTH = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|\u034f|[\ufe00-\ufe0f]/g
const PLAIN_ASCII = /^[\x20-\x7e]*$/

/**
 * Brings a message to the form in which it is compared: NFKC, lower case, simplified characters, no zero-width
 * characters, single spaces, three or more of the same character cut to two.
 *
 * Pure. Digits and codes stay as they are, so offsets may move but no number changes, except that a run of one
 * repeated digit keeps its full length.
 */
export function normalize(text: string): string {
  const folded = PLAIN_ASCII.test(text)
    ? text
    : text.replace(ZERO_WIDTH, '').normalize('NFKC').replace(ZERO_WIDTH, '')
  const lower = folded.toLowerCase()
  let out = ''
  let last = 0
  let run = 0
  for (let i = 0; i < lower.length; i++) {
    const unit = lower.charCodeAt(i)
    const code = isSpace(unit) ? 0x20 : simplified(unit)
    run = code === last ? run + 1 : 1
    last = code
    if (code === 0x20 ? run === 1 : run <= 2 || isDigit(code)) out += String.fromCharCode(code)
  }
  return out.trim()
}

function isSpace(code: number): boolean {
  return code <= 0x20 || code === 0xa0 || code === 0x2028 || code === 0x2029
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
