import { type Candidate, RANK, type Scan } from './candidate.ts'

const SURNAMES = new Set(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤康易乔赖殷樊兰施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦欧阳关柳祁岳耿骆纪舒屈项祝詹涂裴路凌霍柯阮华盛包冉游辛靳管甘简古穆解房单左宁卜鲍成苗晏梅齐晋闵娄邢艾佟辜桂连迟冷娄丛岑费席甄蓝童褚谷庞麦池景褟'.split(
    '',
  ),
)
const COMPOUND =
  /^(?:欧阳|司马|上官|诸葛|司徒|东方|独孤|南宫|夏侯|皇甫|尉迟|公孙|慕容|令狐|长孙|端木|呼延|澹台)/
const TITLE =
  '(?:先生|女士|小姐|老板娘|老板|经理|店长|师傅|老师|阿姨|叔叔|大姐|大哥|姐姐|哥哥|太太|姐|哥|总|工|叔|姨|嫂|生)'
const SAID = new RegExp(
  `(?:我姓|免贵姓|本人姓|我叫|我是|叫我|我的?名字(?:是|叫)|名字(?:是|叫)|联系人(?:是|叫|姓|:|：)?|姓名(?:是|:)?|称呼(?:是|:)?|找)\\s*([老小阿]?[\\u4e00-\\u9fff]{1,6})`,
  'g',
)
const ANSWER = /(?<![\u4e00-\u9fff])([老小阿]?[\u4e00-\u9fff]{1,5})(?![\u4e00-\u9fff])/g
const TITLED = new RegExp(`^([\\u4e00-\\u9fff]{1,4}?)${TITLE}(?![\\u4e00-\\u9fff]{3})`)
/** What may follow a name without a break. */
const NAME_END =
  /(?:是|的|在|电话|手机|联系|号码|女|男|姓|店|就|行|即可|就行|吧|啊|呀|哈|哦)+[\u4e00-\u9fff]*$/
/** Everyday words that begin with a surname. */
const NOT_A_NAME =
  /^(?:马上|方便|高兴|何时|何必|任何|安装|安全|成功|全部|应该|常用|时候|时间|程序|单位|单独|单子|于是|许多|万一|白天|黄色|金额|金色|石头|温度|向前|解决|包括|关机|关于|关了|连接|连不|连上|连着|成了|成不|路上|管用|管理|古怪|简单|华为|平时|左边|章子|项目|项链|纪录|别人|明天|后天|任意|安卓|温馨|白屏|白的|余额|余下|高峰|毛病|钱没|钱不|钱到|钱扣|易生|方法|方式|方面|甘肃|江苏|江西|海南|云南|湖南|宁波|宁夏|齐了|路由|雷同|龙头|牛人|项目|谢谢|谢了|许可|程度|段时间|梅州|苏州|温州|杭州|广州|康复|严重|武汉|黄牛|向导|梁上|计算|经营|收银|卜知|付款|付钱|付了|付不|周一|周二|周三|周四|周五|周六|周日|周末|周围|施工|江浙|金融|万能|万达|石家庄|连锁|房东|伍佰|成都|成本|成交|曾经|季度|单边|解锁|解冻|费率|费用|冷启动|景区|游客|游戏|童装|包子|麦当劳|池子|谷歌)/

/**
 * Finds the name of whom to call: after 我姓, 我叫, 免贵姓 always; standing alone or after 联系人 only when it was
 * asked for. A name starts with a Chinese surname. The value is the name as written, a title included. Pure.
 */
export function findContactNames({ text, asked }: Scan, covered: Uint8Array): Candidate[] {
  const isAsked = asked.has('contact_name')
  if (!isAsked && !/我姓|我叫|贵姓/.test(text)) return []
  for (const match of text.matchAll(SAID)) {
    const [whole, written = ''] = match
    if (!isAsked && !/^(?:我姓|免贵姓|我叫)/.test(whole)) continue
    const start = match.index + whole.length - written.length
    const isSurnameSaid = /^(?:我姓|免贵姓|本人姓|联系人姓)/.test(whole)
    const name = nameIn(written, isSurnameSaid)
    if (name !== undefined) return [named(start, name)]
  }
  if (!isAsked) return []
  for (const match of text.matchAll(ANSWER)) {
    const written = match[1] ?? ''
    if (covered.subarray(match.index, match.index + written.length).includes(1)) continue
    const name = nameIn(written, false)
    if (name !== undefined) return [named(match.index, name)]
  }
  return []
}

function named(start: number, name: string): Candidate {
  return {
    kind: 'contact_name',
    value: name,
    start,
    end: start + name.length,
    rank: RANK.name,
    asWritten: true,
  }
}

function nameIn(written: string, isSurnameSaid: boolean): string | undefined {
  if (NOT_A_NAME.test(written)) return undefined
  const titled = TITLED.exec(written)
  if (titled && isPersonal(titled[1] ?? '')) return titled[0]
  if (/^[老小阿]/.test(written)) {
    const nick = written.slice(0, 2)
    return nick.length === 2 && SURNAMES.has(nick.charAt(1)) && isOver(written.slice(2)) ? nick : undefined
  }
  const surname = COMPOUND.exec(written)?.[0] ?? written.charAt(0)
  if (surname.length === 1 && !SURNAMES.has(surname)) return undefined
  const rest = written.slice(surname.length).replace(NAME_END, '')
  if (isSurnameSaid)
    return rest.length <= 2 && rest !== '' && isOver(written.slice(surname.length + rest.length))
      ? surname + rest
      : surname
  return rest.length >= 1 && rest.length <= 2 ? surname + rest : undefined
}

function isPersonal(name: string): boolean {
  if (/^[老小阿]/.test(name)) return name.length === 2 && SURNAMES.has(name.charAt(1))
  return (SURNAMES.has(name.charAt(0)) || COMPOUND.test(name)) && name.length <= 4
}

function isOver(rest: string): boolean {
  return rest === '' || NAME_END.test(rest)
}
