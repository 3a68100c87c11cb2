import { isLabelled, lastUpTo, NEAR_LETTERS } from './labels.ts'
import { MASKED_SECRET } from './numerals.ts'
import { countLetters, wordsAfter } from './page.ts'
import type { Find, Page } from './page.ts'
import { cutPieces } from './pieces.ts'
import { readText } from './reading.ts'
import { digitsAt, expiryAt } from './secret-number.ts'
import type { Stretch } from './secret-number.ts'
import { findLeadingLabel, secretLabels } from './secret-words.ts'
import type { SecretKind, SecretLabel } from './secret-words.ts'

/** Nothing but this between a word and a number: the word names the number, whatever it looks like. */
const DIRECT = /^[\s:=是为就的这个"'“”()[\]{}【】「」,、>#号码-]*$/
/** Words right before a number that make it an amount, a code, a card's last digits or a telephone number. */
const OTHERWISE = new RegExp(
  `(?:${[
    '刷|消费|收|扣|付|退|转|打|充|花|卖|金额|余额|限额|额度|总额|合计|一共|总共|共|款|费|钱|价|交易|押金|[¥$]',
    '报错?|代码|错误码|应答码|返回码|提示|显示|返回|尾号|[后末]四位|电话|手机|座机|热线|客服|拨|商户|终端|单号',
  ].join('|')})(?:了|的|是|为|款|过|出|走|掉|卡|到|我|他|[:\\s])*$`,
)
const MASKED = /[\uE000-\uE002]+/g
const UNIT = /^\s?(?:元|块|圆|万(?!一)|rmb|%|次|笔|台|张|年|以上|以下|以内|左右|多块|多元)/i
const HOTLINE = /^(?:955\d\d|100(?:86|10|00|01)|123(?:63|78|15|45)|96\d{3})$/
const DAY = /^20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/
const TYPED = /(?:输入?|按|试|填|用)(?:了|的|过|成)?\s*$/
const STATED = /^[\s"'”)\]]*(?:这个|那个|这|那)?(?:就是|是|为|=|做|作为|当作?)([^,，。;；!?\n]*)/
/** What may stand between two secrets that share one label: 密码123456或者654321. */
const CONNECTORS = /^[\s,、/;.\-|:"'(){}和或者跟与又还有是]*$/
/** As much of the text before a number is looked at for the words that end there. */
const LINK_UNITS = 64
/** So many words for secrets may stand before one number: 有效期和安全码 12/27 123. */
const MOST_LABELS = 4

/** The labels of a page, in order, and how many letters stand before each unit of its text. */
type Labels = {
  readonly labels: readonly SecretLabel[]
  readonly ends: readonly number[]
  readonly letters: Uint32Array
}

/**
 * Finds PINs, passwords, one-time passwords, CVVs and expiry dates by the word that names them: near before the
 * number, or said of it right after (123456是密码, 输123456密码不对).
 *
 * A number that carries a label of its own, a unit, or an amount's verb is none. Pure, linear.
 */
export function findSecrets(page: Page): readonly Find[] {
  const labels = secretLabels(page.text)
  if (labels.length === 0) return []
  const known = { labels, ends: labels.map(({ end }) => end), letters: countLetters(page.text) }
  const finds: Find[] = []
  let at = 0
  let lastSecret = 0
  for (let index = 0; index < page.pieces.length;) {
    const start = page.pieces[index]?.start ?? 0
    const masked = page.text.slice(at, start).lastIndexOf(MASKED_SECRET)
    if (masked >= 0) lastSecret = at + masked + 1
    at = start
    const secret = secretBefore(page, index, known, lastSecret) ?? secretAfter(page, index)
    index = secret === undefined ? index + 1 : secret.last + 1
    if (secret === undefined) continue
    finds.push({ kind: 'secret', start, end: secret.end })
    lastSecret = at = secret.end
  }
  return finds
}

/** A secret before uses up the labels before it, unless only 或, 和, commas stand between. */
function secretBefore(page: Page, index: number, known: Labels, lastSecret: number): Stretch | undefined {
  const start = page.pieces[index]?.start ?? 0
  const { labels, ends, letters } = known
  const shared = CONNECTORS.test(page.text.slice(Math.max(lastSecret, start - LINK_UNITS), start))
  const nearest = lastUpTo(ends, start)
  for (const label of labels.slice(Math.max(0, nearest - MOST_LABELS + 1), nearest + 1).toReversed()) {
    const isUsed = label.end <= lastSecret
    if (isUsed && !shared) break
    const from = isUsed ? lastSecret : label.end
    if ((letters[start] ?? 0) - (letters[from] ?? 0) > NEAR_LETTERS) break
    const link = page.text.slice(Math.max(from, start - LINK_UNITS), start).replace(MASKED, '')
    const isDirect = !isUsed && DIRECT.test(link)
    const stretch = stretchOf(label.kind, page, index, isDirect)
    if (stretch === undefined || isOtherwiseNamed(page, stretch)) continue
    if (isDirect || !(OTHERWISE.test(link) || HOTLINE.test(stretch.digits) || DAY.test(stretch.digits))) {
      return stretch
    }
  }
  return undefined
}

function secretAfter(page: Page, index: number): Stretch | undefined {
  const start = page.pieces[index]?.start ?? 0
  const left = page.text.slice(Math.max(0, start - LINK_UNITS), start)
  if (OTHERWISE.test(left)) return undefined
  const kinds: readonly SecretKind[] = ['pin', 'otp', 'cvv', 'expiry']
  for (const kind of kinds) {
    const stretch = stretchOf(kind, page, index, false)
    if (stretch === undefined || isOtherwiseNamed(page, stretch) || HOTLINE.test(stretch.digits)) continue
    const after = wordsAfter(page.text, stretch.end)
    const stated = secretLabels(STATED.exec(after)?.[1] ?? '')[0]
    if (stated !== undefined && stated.kind === kind && stated.start <= NEAR_LETTERS) return stretch
    if (findLeadingLabel(after) === kind && isPlausible(kind, stretch, left)) return stretch
  }
  return undefined
}

/** 2000密码错误 is an amount more often than a PIN; 0000, six digits and what was typed are not. */
function isPlausible(kind: SecretKind, { digits }: Stretch, left: string): boolean {
  if (kind === 'expiry') return false
  return kind !== 'pin' || digits.length === 6 || digits.startsWith('0') || TYPED.test(left)
}

function isOtherwiseNamed(page: Page, stretch: Stretch): boolean {
  return UNIT.test(page.text.slice(stretch.end, stretch.end + 4)) || isLabelled(page.text, stretch)
}

function stretchOf(kind: SecretKind, page: Page, index: number, isDirect: boolean): Stretch | undefined {
  switch (kind) {
    case 'pin':
      return digitsAt(page, index, 4, isDirect ? 12 : 8)
    case 'otp':
      return digitsAt(page, index, 4, 8)
    case 'cvv':
      return digitsAt(page, index, 3, 4)
    case 'expiry':
      return expiryAt(page, index)
  }
}

const ALONE =
  /^(?:我的?|你的?|他的?|客人的?|操作员|主管|管理员|支付|取款|交易|查询|登录|银行卡?|信用卡|卡|短信|手机|收到的?|的|\s)*$/

/** True when `line` is, or ends by saying, the name of a secret and `answer` is a number such a secret can be. Pure. */
export function followsSecretLabel(line: string, answer: string): boolean {
  const text = readText(line).text
  const label = secretLabels(text.slice(-40)).at(-1)
  if (label === undefined) return false
  const link = text.slice(-40).slice(label.end)
  const isNamed = /[:=是为]\s*$/.test(link)
    ? DIRECT.test(link)
    : link.trim() === '' && ALONE.test(text.slice(-40).slice(0, label.start))
  if (!isNamed) return false
  const answerText = readText(answer).text
  const page = { text: answerText, pieces: cutPieces(answerText) }
  return stretchOf(label.kind, page, 0, true)?.last === page.pieces.length - 1
}
