import { type Candidate, RANK, type Scan } from './candidate.ts'

type Way = 'chip' | 'mag' | 'nfc' | 'qr'
type Mention = { readonly way: Way; readonly start: number; readonly end: number; readonly generic: boolean }

/** 插 alone is said of plugs and SIM cards too; of a card it goes with how that ended. */
const BARE_INSERT =
  '(?<!充电器|电源线?|网线|插头|数据线|u盘|流量卡|手机卡|电话卡|sim卡?|线)插(?:了|着|进去?了?)?(?=没|不(?!上电|进充|到电)|就|的|都|也|读|报|能|可以|$)'
const WORDS = new RegExp(
  [
    `(?<chip>插芯片|插ic卡?|ic卡|芯片卡?(?!划花|数据|磨|脏)|金色?芯?片|插入?卡|${BARE_INSERT})`,
    '(?<mag>刷磁条?|磁条卡?|刷条|划卡|划(?!花|痕|伤|算|开|破|到|线|掉|款|走|账|了一道)|拉卡(?!拉|啦)|拉(?=一下|一拉|磁|着没|了没)|磁道)',
    '(?<nfc>挥卡|挥(?!发)|(?<!云)闪付|nfc|非接触?|感应区?|碰一下|碰一碰|拍卡|拍一下(?!照)|(?<!别)碰卡|贴卡|tap(?![a-z])|apple ?pay|苹果(?:支付|pay)|(?:华为|小米|三星|oppo|vivo|手机|huawei|mi|samsung) ?pay|手机闪付|云闪付(?!扫|的?码|付款码|二维码|app))',
    '(?<qr>扫码|付款码|收款码|二维码|条码|扫一扫|扫微信|扫支付宝|扫(?!描?头|码头|除|地|兴|黑))',
    '(?<swipe>刷卡(?!机|器|头|槽|费|手续|额|金额|的钱|单|记录|费率)|刷(?=的|$))',
  ].join('|'),
  'g',
)
const WAYS = ['chip', 'mag', 'nfc', 'qr'] as const
const EVERY_WAY =
  /(?<!不是)(?:所有|全部|每种|各种|哪种|三种|几种|任何|什么)(?:的?读卡)?(?:的)?(?:方式|办法|方法|读法|刷法|用法)(?:都|全|也|均)?[^，。,;；!！?？]{0,6}?(?:不|没|失败|报错)|(?:怎么|咋)(?:读|刷|弄|插|试)都(?:不|没)[^，。,;；]{0,4}|[插刷挥碰划]{2,3}卡?(?:都|全)[^，。,;；可能好]{0,3}(?:不|没|失败|报)/g
/** Said of cards as often as of ways, so it counts only where the way was asked for. */
const ALL_ANSWERED =
  /(?<!不是)(?:全部|全都|都)(?:读|刷|识别|用)?不(?:了|出|到|行)|^(?:全部|都是|全都|所有)(?:的|啊|吧|都是)?$/g
const ALL_FAIL =
  /^[^，。,;；!！?？]{0,6}?(?:都|全|均|也)[^，。,;；!！?？可能好]{0,4}(?:不|没|失败|报|提示|读错)/
const WORKS =
  /^(?:时|的|倒|就|还|都|是|卡|付|支付|也|没问题|,|，|\s){0,3}(?:可以|能|正常|好使|好用|没问题|没事|行|ok|好的|成功)(?!不|吗|么)/
const STATE = /^(?:时|的|倒|就|却|还|也|都|,|，|\s){0,3}(?:不|没|读|无|失败|报|可以|能|正常|行|老)/

/**
 * Finds the way of reading that is spoken of: chip, mag, nfc, qr, or all when several are said to fail together.
 * A way said to work gives way to another one named (“插卡可以，挥卡不行” is nfc). 刷卡 is the general word for
 * paying by card and stands for the stripe only when contrasted with another way or in answer to the question. Pure.
 */
export function findCardInterfaces({ text, asked }: Scan): Candidate[] {
  const every =
    firstMatch(EVERY_WAY, text) ?? (asked.has('card_interface') ? firstMatch(ALL_ANSWERED, text) : undefined)
  if (every) return [every]
  const mentions = mentionsIn(text)
  if (mentions.length === 0) return []
  const all = failingTogether(text, mentions)
  if (all) return [all]
  const specific = mentions.filter((mention) => !mention.generic)
  const isContrast = specific.some((mention) => mention.way !== 'qr')
  const counted = mentions.filter(
    (mention) =>
      !mention.generic ||
      (asked.has('card_interface') && !text.startsWith('刷卡', mention.start)) ||
      (isContrast && STATE.test(text.slice(mention.end, mention.end + 6))),
  )
  const works = workingAmong(text, counted)
  const failing = counted.filter((mention) => !works.has(mention))
  return onePerWay(failing.length > 0 || counted.length > 1 ? failing : counted)
}

function firstMatch(pattern: RegExp, text: string): Candidate | undefined {
  pattern.lastIndex = 0
  const match = pattern.exec(text)
  return match ? candidate('all', match.index, match.index + match[0].length) : undefined
}

/** “插卡挥卡都可以”: what is said of the last of a row is said of all. */
function workingAmong(text: string, mentions: readonly Mention[]): Set<Mention> {
  const works = new Set<Mention>()
  for (let i = mentions.length - 1; i >= 0; i--) {
    const mention = mentions[i]
    const next = mentions[i + 1]
    if (!mention) continue
    const isInRow = next !== undefined && works.has(next) && sideBySide(text, mention, next)
    if (isInRow || WORKS.test(text.slice(mention.end, mention.end + 8))) works.add(mention)
  }
  return works
}

function onePerWay(mentions: readonly Mention[]): Candidate[] {
  const seen = new Set<Way>()
  const found: Candidate[] = []
  for (const { way, start, end } of mentions) {
    if (!seen.has(way)) found.push(candidate(way, start, end))
    seen.add(way)
  }
  return found
}

function mentionsIn(text: string): Mention[] {
  const mentions: Mention[] = []
  for (const match of text.matchAll(WORDS)) {
    const way = WAYS.find((name) => match.groups?.[name] !== undefined)
    const place = { start: match.index, end: match.index + match[0].length }
    mentions.push(
      way === undefined ? { way: 'mag', generic: true, ...place } : { way, generic: false, ...place },
    )
  }
  return mentions
}

/** “插卡刷卡都读不了”: two ways side by side that fail together. */
function failingTogether(text: string, mentions: readonly Mention[]): Candidate | undefined {
  for (let i = 0; i + 1 < mentions.length; i++) {
    const first = mentions[i]
    let last = mentions[i + 1]
    if (!first || !last || !sideBySide(text, first, last)) continue
    const third = mentions[i + 2]
    if (third && sideBySide(text, last, third)) last = third
    const ways = new Set(
      mentions
        .slice(i, i + 3)
        .filter((m) => m.end <= (last?.end ?? 0))
        .map((m) => m.way),
    )
    if (ways.size > 1 && ALL_FAIL.test(text.slice(last.end, last.end + 14))) {
      return candidate('all', first.start, last.end)
    }
  }
  return undefined
}

function sideBySide(text: string, a: Mention, b: Mention): boolean {
  return b.start - a.end <= 3 && !/[不没能可。；;!！?？]/.test(text.slice(a.end, b.start))
}

function candidate(value: Way | 'all', start: number, end: number): Candidate {
  return { kind: 'card_interface', value, start, end, rank: RANK.hint }
}
