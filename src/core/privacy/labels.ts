import { countLetters } from './page.ts'

/** “Near” of the domain guide: at most this many letters between a word and its number. */
export const NEAR_LETTERS = 8

type Label = { readonly slot: string; readonly words: string; readonly fits: (length: number) => boolean }

const between = (least: number, most: number) => (length: number) => length >= least && length <= most

/** Numbers a shop has to tell us, and the lengths they have: never masked for what they merely resemble. */
const LABELS: readonly Label[] = [
  { slot: 'merchant_id', words: '商户(?:编号|编码|号码|号|代码)|商编|MID', fits: between(15, 15) },
  { slot: 'terminal_id', words: '终端(?:编号|编码|号码|号|代码)|TID', fits: between(8, 8) },
  {
    slot: 'terminal_sn',
    words:
      'T?US?N|S/?N|(?:机身|设备|机器|机具|终端)?(?:序列号|序号|串号)|(?:机身|设备|机器|机具)(?:编号|编码|号码|号)',
    fits: between(8, 24),
  },
  { slot: 'ref_no', words: '(?:检索|系统|交易)?参考(?:号码|号)|RRN', fits: between(12, 12) },
  {
    slot: 'order_no',
    words: '(?:订单|交易|支付|商户|微信|退款|工单)?(?:订单|单)(?:编号|号码|号)|订单|流水(?:编号|号)',
    fits: between(6, 32),
  },
  { slot: 'trace_no', words: '凭证(?:编号|号码|号)|凭证', fits: between(6, 6) },
  { slot: 'batch_no', words: '批次(?:编号|号)?', fits: between(6, 6) },
  { slot: 'auth_code', words: '授权(?:码|号)', fits: between(6, 6) },
  {
    slot: 'waybill_no',
    words: '(?:运|快递|物流)单(?:编号|号码|号)?|(?:快递|物流)(?:编号|号)',
    fits: between(8, 24),
  },
  { slot: 'barcode', words: '(?:商品)?条(?:形)?码', fits: between(8, 18) },
  { slot: 'imei', words: 'IMEI', fits: between(14, 17) },
  {
    slot: 'credit_code',
    words: '(?:社会)?信用代码|税号|纳税人识别号|(?:营业)?执照(?:注册)?号',
    fits: between(15, 20),
  },
]

/** What may stand between a label and its number (8 units at most), and nothing else may. */
const LINK = '[码\\s：:是为#号=]{0,8}'
const EXEMPT = new RegExp(
  `(?:${LABELS.map(({ words }) => `((?<![A-Za-z])(?:${words}))`).join('|')})${LINK}$`,
  'i',
)
/** Letters that begin a serial number: the digits after them are still labelled. */
const SERIAL_WITH_LETTERS =
  /(?<![A-Za-z])(?:T?US?N|S\/?N|序列号|机身号)[码\s：:是为#号=]{0,8}[A-Za-z][A-Za-z0-9]{0,11}$/i
const LONGEST_LABEL = 28

/**
 * True when a label directly before a number names a slot that its count of digits fits.
 *
 * Pure; looks at 28 units.
 */
export function isLabelled(text: string, number: { start: number; digits: string }): boolean {
  const { start, digits } = number
  const before = text.slice(Math.max(0, start - LONGEST_LABEL), start)
  const match = EXEMPT.exec(before)
  if (match === null) return SERIAL_WITH_LETTERS.test(before)
  return LABELS.some(({ fits }, index) => match[index + 1] !== undefined && fits(digits.length))
}

/** True when the open question asks for a slot that a number of `length` digits fits. Pure. */
export function isAnswer(answering: readonly string[], length: number): boolean {
  return LABELS.some(({ slot, fits }) => answering.includes(slot) && fits(length))
}

export const CARD_WORDS =
  /卡号|卡片号|(?:银行|信用|储蓄|借记|贷记|结算)卡|(?<![A-Za-z])(?:card|pan)(?![a-z])|cardno|cardnum/gi
export const ACCOUNT_WORDS = /账号|账户|对公|户头|(?<![A-Za-z])(?:account|acct|iban)/gi
export const IDENTITY_WORDS = /身份证|证件号|公民身份|身分证|(?<![A-Za-z])(?:id ?card|id ?(?:no|number))/gi
export const PAYMENT_CODE_WORDS = /付款码|支付码|被扫码|付钱码/g

/**
 * Makes the test whether a stretch of `text` has one of `words` (a regular expression with flag g) near before
 * it, or stated directly after it as in “…是我的卡号”.
 *
 * Pure in effect; the test may be asked for stretches in any order, each costs a binary search.
 */
export function nearWord(text: string, words: RegExp): (stretch: { start: number; end: number }) => boolean {
  const ends = [...text.matchAll(words)].map((match) => match.index + match[0].length)
  if (ends.length === 0) return () => false
  const letters = countLetters(text)
  return ({ start, end }) => {
    const last = ends[lastUpTo(ends, start)]
    const distance = last === undefined ? Infinity : (letters[start] ?? 0) - (letters[last] ?? 0)
    return distance <= NEAR_LETTERS || isStatedAfter(text, end, words)
  }
}

/** Index of the last of ascending `values` that is at most `limit`, −1 when there is none. Pure. */
export function lastUpTo(values: readonly number[], limit: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] ?? Infinity) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}

function isStatedAfter(text: string, end: number, words: RegExp): boolean {
  const stated = /^[\s"'”)]*(?:这个|这)?(?:就是|是|为)([^,，。;；!?\n]*)/.exec(text.slice(end, end + 16))
  const first = stated?.[1]?.search(words) ?? -1
  return first >= 0 && first <= NEAR_LETTERS
}
