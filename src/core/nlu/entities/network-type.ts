import { type Candidate, RANK, type Scan } from './candidate.ts'

const WORDS =
  /(?<sim>流量卡|物联网卡|物联卡|上网卡|数据卡|手机卡|电话卡|移动数据|数据流量|流量(?!费|套餐|计费|钱|扣)|(?<![a-z])sim(?![a-z])卡?|(?<![0-9a-z])[45]g(?![a-z0-9])(?!内存|以上))|(?<wifi>(?<![a-z])wi-?fi+|wlan|无线网络?|无线(?!pos|支付|充电|收款|鼠标|键盘)|热点)|(?<lan>网线|有线网络?|有线(?!耳机)|拨号(?!失败)|以太网|网口|水晶头|宽带)/g

/** Finds how the terminal goes online: sim, wifi or lan. A data fee (流量费) is no network. Pure. */
export function findNetworkTypes({ text }: Scan): Candidate[] {
  const found: Candidate[] = []
  for (const match of text.matchAll(WORDS)) {
    const groups = match.groups ?? {}
    const value = groups['sim'] !== undefined ? 'sim' : groups['wifi'] !== undefined ? 'wifi' : 'lan'
    const start = match.index
    found.push({ kind: 'network_type', value, start, end: start + match[0].length, rank: RANK.hint })
  }
  return found
}
