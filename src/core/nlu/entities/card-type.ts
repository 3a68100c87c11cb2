import { type Candidate, RANK, type Scan } from './candidate.ts'

const WORDS =
  /(?<credit>信用卡|贷记卡|准贷记卡|透支卡|信用额度|(?<!借)贷记)|(?<debit>借记卡|储蓄卡|借记|储蓄(?!银行)|工资卡|存折卡)|(?<foreign>境外卡|外国卡|国外的?卡|外币卡|国际卡|外卡|境外的卡|(?<![a-z])(?:visa|master ?card|master|amex|jcb|discover|diners)(?![a-z])|维萨|万事达|美国运通|运通)|(?<wallet>支付宝|花呗|微信(?!号|群|公众|客服|联系|里|上说|通知|加|好友|发|小程序|聊|截图)|数字人民币|数币|余额宝|(?<![a-z])wechat|(?<![a-z])alipay)/g
const NEGATED = /(?:不是|并非|非|不用|没用|加个?|加一下|换绑)$/
const TYPES = ['credit', 'debit', 'foreign', 'wallet'] as const

/** Finds the kind of card or wallet that was used: debit, credit, foreign, wallet. A denied one does not count. Pure. */
export function findCardTypes({ text }: Scan): Candidate[] {
  const found: Candidate[] = []
  for (const match of text.matchAll(WORDS)) {
    const start = match.index
    const value = TYPES.find((type) => match.groups?.[type] !== undefined)
    if (value === undefined || NEGATED.test(text.slice(Math.max(0, start - 4), start))) continue
    found.push({ kind: 'card_type', value, start, end: start + match[0].length, rank: RANK.hint })
  }
  return found
}
