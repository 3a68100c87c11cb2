import { type Candidate, RANK, type Scan } from './candidate.ts'
import { type Numeral, readNumeral, smallValue, toAsciiDigits } from './numeral.ts'

const STARTS = /[0-9一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾]/
const PART_OF_MORE = /[0-9a-z.:/*+\-一二两三四五六七八九十百千万零〇几好]$/
const CURRENCY_BEFORE = /(?:¥|￥|rmb|cny|人民币|人民币:) ?$/
const NOT_MONEY_BEFORE = /(?:百分之|千分之|万分之|第|费率[^，。,;；\n]{0,6}|\[)$/
const SAID_BEFORE =
  /(?:金额|收款|收了?|刷了?|付了?|付款|支付了?|扣款|扣了?|扣走了?|消费了?|转了|转账|花了|退了?|退款|一共|总共|总额|共|合计|共计|小计|都是|各|每笔|每次|一笔|那笔|这笔|两笔|一次|第[一二12](?:笔|次)|一单|原价|实收|应收|押金|流量费|年费|服务费|激活费|价格)(?:(?:\d|两|二|三|几)(?:次|笔|遍|回))?(?:金额|是|为|:|了|的|都|我|他|她|客人|顾客|人家|人民币|款|大概|大约|差不多|约|一笔|有|\s|,|，)*$/
const UNIT = /^ ?(?:多|来|几)? ?(?<unit>块钱|块|元钱|元|圆|塊|蚊|rmb(?![a-z])|cny(?![a-z])|人民币|大洋)/
const NOT_MONEY_BLOCK =
  /^ ?块(?:儿)?(?:电池|电板|屏|板|玻璃|膜|区域|地方|去|芯片|布|镜|铁|塑料|牌|表|石|肉|用|弄|充|坏|来|走|过)/
const SMALL_CHANGE =
  /^(?:零|又)?(?<jiao>[0-9一二两三四五六七八九])(?![0-9一二两三四五六七八九十百千万点:年月日号笔次个台张天分])(?:毛|角)?(?:(?<fen>[0-9一二两三四五六七八九])分)?/
const OTHER_UNIT =
  /^(?: ?(?:多|来|几|余))? ?(?:个|台|次|笔|张|天|年|月|号|日|分|秒|点|时|度|人(?![还走已都在就说没跑])|家|条|米|倍|公里|里|级|字|位|口|名|单|页|步|遍|回|小时|周|星期|礼拜|期|折|%|‰|部|件|瓶|格|样|种|款|层|楼|栋|室|岁|版|代|键|码|机(?![器子里上])|型|店|路|线|区|组|套|份|箱|升|寸|厘|毫|斤|克|吨|包|把|只|瓦|伏|毛病|分之|mm|cm|nm|mb|gb|kb|g|m|v|s|h|:|\/|-\d|\.\d|~\d|屏|显示器|画质|[a-z])|^[0-9]/
const ABOUT = /^ ?(?:多|左右|上下|出头)/
const SURE_SINGLE = /(?:刷|收|付|扣|退|转|花|给|要|就|只|才|充|差|少)了?$/
const LARGEST = 100_000_000

/**
 * Finds amounts of money in yuan: with a currency word or sign (500元, ¥12.50, 五十块, 3万5), in counted Chinese
 * (两百五, 一千二), or as a bare number right behind a word of paying (刷了500). Percentages, rates, counts and
 * dates are none. Values have at most two decimals. Pure.
 */
export function findAmounts({ text }: Scan): Candidate[] {
  const found: Candidate[] = []
  for (let at = 0; at < text.length;) {
    const numeral = startsNumber(text, at) ? readNumeral(text, at) : undefined
    if (!numeral) {
      at++
      continue
    }
    const amount = amountFrom(text, at, numeral)
    if (amount) found.push(amount)
    at = Math.max(amount?.end ?? 0, numeral.end)
  }
  return found
}

function startsNumber(text: string, at: number): boolean {
  return STARTS.test(text.charAt(at)) && !PART_OF_MORE.test(text.slice(Math.max(0, at - 1), at))
}

function amountFrom(text: string, start: number, numeral: Numeral): Candidate | undefined {
  const before = text.slice(Math.max(0, start - 20), start)
  if (NOT_MONEY_BEFORE.test(before) || numeral.value <= 0 || numeral.value > LARGEST) return undefined
  const behind = text.slice(numeral.end, numeral.end + 12)
  const unit = UNIT.exec(behind)
  if (unit) {
    if (NOT_MONEY_BLOCK.test(behind) || isOnePiece(before, behind, numeral)) return undefined
    const unitEnd = numeral.end + unit[0].length
    const change = changeBehind(text, unitEnd, unit.groups?.['unit'] ?? '')
    const value = numeral.value + change.value
    return amount(value, start, change.end)
  }
  if (OTHER_UNIT.test(behind)) return undefined
  const currency = CURRENCY_BEFORE.exec(before)
  if (currency) return amount(numeral.value, start - currency[0].length, numeral.end)
  const written = text.slice(start, numeral.end)
  const isSaid = SAID_BEFORE.test(before) && isPlainNumber(written, numeral)
  const isAbout = numeral.value >= 10 && ABOUT.test(behind) && isPlainNumber(written, numeral)
  if (isSaid || isAbout || (numeral.scaled && !isInsult(written)))
    return amount(numeral.value, start, numeral.end)
  return undefined
}

/** 一块, 两块: also “together” and a piece of something; money when 钱 or a verb of paying says so. */
function isOnePiece(before: string, behind: string, { value, chinese }: Numeral): boolean {
  return chinese && value === 1 && !/^ ?(?:块钱|元|圆)/.test(behind) && !SURE_SINGLE.test(before)
}

function isInsult(written: string): boolean {
  return written === '二百五'
}

/** Ten digits and more, or a leading zero, is a number of something. */
function isPlainNumber(written: string, { chinese, value }: Numeral): boolean {
  return chinese
    ? value >= 10
    : /^(?:0\.\d+|[1-9][\d,]{1,9}(?:\.\d{1,2})?|\d\.\d{1,2}|[1-9]\d*(?:\.\d+)?[kw])$/.test(written)
}

/** 12块8 is 12.80; 3元5角2分 is 3.52. */
function changeBehind(text: string, at: number, unit: string): { value: number; end: number } {
  if (unit !== '块' && unit !== '元') return { value: 0, end: at }
  const change = SMALL_CHANGE.exec(text.slice(at, at + 6))
  const written = change?.[0] ?? ''
  if (!change || (unit === '元' && !/[毛角分]/.test(written))) return { value: 0, end: at }
  const jiao = smallValue(toAsciiDigits(change.groups?.['jiao'] ?? '0'))
  const fen = smallValue(toAsciiDigits(change.groups?.['fen'] ?? '0'))
  return { value: jiao / 10 + fen / 100, end: at + written.length }
}

function amount(value: number, start: number, end: number): Candidate | undefined {
  const rounded = Math.round(value * 100) / 100
  return rounded > 0 ? { kind: 'amount', value: rounded, start, end, rank: RANK.amount } : undefined
}

/**
 * Reads bare numbers as amounts in an answer to the question for one (“500”, “500和300”), outside what other
 * entities cover. Pure.
 */
export function findAnsweredAmounts({ text }: Scan, covered: Uint8Array): Candidate[] {
  const found: Candidate[] = []
  for (let at = 0; at < text.length;) {
    const numeral = startsNumber(text, at) ? readNumeral(text, at) : undefined
    if (!numeral) {
      at++
      continue
    }
    const before = text.slice(Math.max(0, at - 20), at)
    const isOther =
      covered[at] === 1 ||
      NOT_MONEY_BEFORE.test(before) ||
      OTHER_UNIT.test(text.slice(numeral.end, numeral.end + 12)) ||
      !(numeral.chinese ? numeral.value >= 10 : /^(?:0\.|[1-9]|0$)/.test(text.slice(at, at + 2))) ||
      numeral.value > LARGEST
    const answer = isOther ? undefined : amount(numeral.value, at, numeral.end)
    if (answer) found.push({ ...answer, rank: RANK.answer })
    at = numeral.end
  }
  return found
}
