import { type Candidate, RANK, type Scan } from './candidate.ts'
import { smallValue, toAsciiDigits } from './numeral.ts'

const CN = '零〇○洞一幺壹二两贰三叁四肆五伍六陆七柒拐八捌九玖勾'
/**
 * A code as it is typed or said: 51, A0, ao, a零, 五一, 五十一. `o` is how many type a zero.
 */
const CODE = new RegExp(
  `(?<![0-9¥$%]|\\d[.:/*+-])(?:(?<digits>\\d{2}|[0o]\\d|\\d ?o)|(?<letter>[a-z]) ?(?<unit>[0-9o]|[${CN}])` +
    `|(?<tens>[二三四五六七八九]?十[一二三四五六七八九]?)|(?<row>[${CN}]{2}))` +
    `(?![0-9a-z%‰/+*]|[.:-]\\d|[${CN}十百千万点])`,
  'y',
)
/** What makes two digits a count, a price, a date or an address and no code. */
const UNIT =
  /^ ?(?:多|来|几)?(?:块|元|圆|毛|角|钱|号(?!错|代码|报|码)|次|笔|张|台|秒|分|点|天|年|月|日|岁|个|人|小时|钟头|折|万|千|百|度|家|遍|回|℃|寸|米|mm|毫米|w|k|g|m|件|条|页|行|位|层|楼|栋|室|米|里|公里|克|斤|格|店|路|倍|期|种|样|版|机|纸|型|款|周|星期|礼拜|成|步|项|键|后|之|时|单|把|%)/
/** Labels that speak of nothing but a code. */
const CODE_LABEL =
  '(?:应答|返回|响应|错误|故障|报错|异常|失败|交易|状态)?代码|(?:应答|返回|响应|错误|故障|报错|错|异常|失败)码|错误代号|应答号|(?<![a-z])(?:code|error|err)'
/** Labels that as often introduce a text or an amount. */
const SCREEN_LABEL =
  '(?:提示|显示|报错|报(?!修|警|告|价|名|销|案|停|备)|返回|返(?=[0-9a-z])|跳出来?|弹出来?|弹|蹦出来?|出现|写着?|屏幕上?|小票上?|出来|错误|失败|拒绝|异常|不成功|一直|老是|老|总是|又是|还是|每次都?)'
const LABEL = new RegExp(`(?<code>${CODE_LABEL})|(?<screen>${SCREEN_LABEL})`, 'g')
const FILLER =
  /(?:[\s:=#"'“”‘’「」『』【(),，\]]|\[(?!卡|磁|芯)|一个|一串|代码|错误码|应答码|返回码|错误|提示|显示|报|码|号|是|为|说|了|的|个|都|就|叫|好像|应该|大概){0,8}/y
const NOT_A_CODE_LABEL = /(?:验证|付款|收款|条|二维|授权|信用|商户|机构|工程|解锁|激活|邀请|推荐)$/
/** What is asked or said of a code right behind it: “51是什么意思”, “A0错误”. */
const ASKED_ABOUT =
  /^["”」』’】)\] ]*(?:这个|那个|又)?(?:(?:号|的)?(?:错误|报错|错|代码|应答码|返回码|错误码|码(?!上)|提示)|(?:是|代表|表示|是个|到底是|指|指的是)?(?:什么|啥|什麽|神马|嘛)(?:意思|原因|情况|问题|毛病|错|鬼|代码|东西|玩意)?|(?:怎么|咋|如何)(?:办|处理|解决|回事|弄|搞|整|破)|代表(?:什么|啥))/
const LIST_NEXT = /^ ?(?:[、,，/和跟或及与]|还有|以及|然后|又报?) ?(?:报|是|显示|提示)?/
const NEXT_TO_TEXT = /^["”」』’】)\] :：,，.(（[【-]{0,3}$/
const LONGEST_FILLER = 12
const LONGEST_ANSWER = 40

type Code = { readonly value: string; readonly start: number; readonly end: number; readonly spoken: boolean }

/**
 * Finds response codes: two digits, or a letter and a digit, where a label, a question about the code or a known
 * screen text beside it says so; in answer to the question for the code also alone. One digit is never a code.
 * Codes the table does not know are found as well. `screens` are the screen texts met. Pure.
 */
export function findResponseCodes(scan: Scan, screens: readonly Candidate[]): Candidate[] {
  const { text, words, asksCode } = scan
  if (!scan.mayHoldNumber) return []
  const known = words.lexicon.codes
  const found = new Map<number, Code>()
  const keep = (code: Code | undefined): void => {
    for (let next = code; next && !found.has(next.start); next = nextInList(text, next))
      found.set(next.start, next)
  }
  for (const match of text.matchAll(LABEL)) {
    const labelEnd = match.index + match[0].length
    const isCodeLabel = match.groups?.['code'] !== undefined
    if (isCodeLabel && NOT_A_CODE_LABEL.test(text.slice(Math.max(0, match.index - 2), match.index))) continue
    FILLER.lastIndex = labelEnd
    const start = labelEnd + (FILLER.exec(text)?.[0].length ?? 0)
    if (start - labelEnd > LONGEST_FILLER) continue
    const code = codeAt(text, start)
    const isSure = isCodeLabel || /码|号/.test(text.slice(labelEnd, start))
    if (code && (isSure || !code.spoken || known.has(code.value))) keep(code)
  }
  for (let at = 0; at < text.length; at++) {
    if (!mayStartCode(text.charCodeAt(at)) || /[a-z]/.test(text.charAt(at - 1))) continue
    const code = codeAt(text, at)
    if (!code) continue
    const isKnown = known.has(code.value)
    const behind = text.slice(code.end, code.end + 12)
    if (
      isAskedAbout(behind, code, isKnown) ||
      (isKnown && screens.some((screen) => isBeside(text, screen, code))) ||
      (code.value === 'A0' && text.startsWith('a0', at)) ||
      (asksCode && (isKnown || isWholeAnswer(text, code)))
    ) {
      keep(code)
    }
    at = code.end - 1
  }
  return [...found.values()].map(({ value, start, end }) => ({
    kind: 'response_code',
    value,
    start,
    end,
    rank: RANK.code,
  }))
}

/** 五一 and 十一 are holidays as well, so a spoken code has to be called one. */
function isAskedAbout(behind: string, code: Code, isKnown: boolean): boolean {
  const question = ASKED_ABOUT.exec(behind)?.[0]
  if (question === undefined) return false
  return !code.spoken || (isKnown && /意思|代码|错|码|代表/.test(question))
}

/** Reads the code written at a place, if what follows does not make it a number of something else. */
function codeAt(text: string, at: number): Code | undefined {
  CODE.lastIndex = at
  const match = CODE.exec(text)
  if (!match) return undefined
  const end = at + match[0].length
  if (UNIT.test(text.slice(end, end + 4))) return undefined
  const { digits, letter, unit, tens, row } = match.groups ?? {}
  if (digits !== undefined) {
    return { value: digits.replaceAll('o', '0').replaceAll(' ', ''), start: at, end, spoken: false }
  }
  if (letter !== undefined && unit !== undefined) {
    const value = letter.toUpperCase() + (unit === 'o' ? '0' : toAsciiDigits(unit))
    return { value, start: at, end, spoken: false }
  }
  if (tens !== undefined) return { value: String(smallValue(tens)), start: at, end, spoken: true }
  return row === undefined ? undefined : { value: toAsciiDigits(row), start: at, end, spoken: true }
}

function nextInList(text: string, code: Code): Code | undefined {
  const joint = LIST_NEXT.exec(text.slice(code.end, code.end + 6))?.[0]
  return joint === undefined ? undefined : codeAt(text, code.end + joint.length)
}

function isBeside(text: string, screen: Candidate, code: Code): boolean {
  if (code.start >= screen.end) return NEXT_TO_TEXT.test(text.slice(screen.end, code.start))
  return code.end <= screen.start && NEXT_TO_TEXT.test(text.slice(code.end, screen.start))
}

const LEAD =
  /^(?:是|就是|好像|好像是|应该是|应该|上面是|写的|写的是|报|显示|提示|它|代码|嗯|哦|啊|那个|,|，|\s|["“(:：])*$/
const TAIL = /^(?:吧|啊|呀|哦|的|呢|了|这个|,|，|。|\.|!|！|\s|["”)])*$/

function isWholeAnswer(text: string, code: Code): boolean {
  if (text.length > LONGEST_ANSWER) return false
  return LEAD.test(text.slice(0, code.start)) && TAIL.test(text.slice(code.end))
}

function mayStartCode(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a) || isCodeCharacter(unit)
}

const CODE_CHARACTERS = new Set([...CN, '十'].map((char) => char.charCodeAt(0)))

function isCodeCharacter(unit: number): boolean {
  return CODE_CHARACTERS.has(unit)
}
