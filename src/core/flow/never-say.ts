/**
 * What the bot must never say, whoever writes it: the safety rules of the domain guide (§1) and the block list of the
 * source audit (§4). Advice is forbidden, warning against it is not: 请不要恢复出厂 may stand.
 */
type Rule = { readonly what: string; readonly pattern: RegExp; readonly asWarning: boolean }

const RULES: readonly Rule[] = [
  rule('a link or an address', /https?:|www\.|\.(?:com|cn|net)\b/iu),
  rule('a telephone or other long number', /(?<!\d)(?!110(?!\d))\d{5,}(?!\d)|(?<!\d)(?:400|800)-\d/u),
  rule("an author's mark", /\b[RE]_[A-Z]|\bSR\d|\[R\d|\(u\)|§/u),
  rule(
    'a question for a secret',
    /(?:发|报|告诉|提供|输入给)(?:我|给我|一下)?.{0,4}(?:完整卡号|密码|验证码|CVV|有效期|身份证)|(?:完整卡号|密码|验证码|CVV|身份证).{0,2}(?:发|报|告诉|提供)给?我/iu,
    true,
  ),
  rule(
    'a second swipe',
    /(?:再|重新|重)(?:刷|试刷)一(?:次|遍|下)|再收一次款|1元.{0,3}(?:测试|试刷)|刷1元/u,
    true,
  ),
  rule(
    'cash for a card payment',
    /(?:付|收|退|给)(?:他|顾客|客人)?现金|现金(?:退|付|补)|私下转账|微信转给/u,
    true,
  ),
  rule(
    'opening the housing',
    /(?<!被[^，。]{0,3})拆(?:开|机|壳|后盖|外壳|下后盖)|(?:拧|卸)(?:开|下)?.{0,2}螺丝|螺丝.{0,2}(?:拧|卸)|撬开/u,
    true,
  ),
  rule(
    'a reset',
    /恢复出厂|出厂设置|重置(?:系统|机器|终端)|格式化|清(?:除|空)?(?:应用)?数据|清流水|清(?:除)?冲正|卸载/u,
    true,
  ),
  rule(
    'foreign software',
    /刷机|固件包|(?:官网|论坛|网站|网上|群里?|U盘).{0,4}(?:下载|升级|补丁|安装)|下载.{0,4}(?:补丁|固件|安装包)/iu,
    true,
  ),
  rule(
    'a password or an unlock code',
    /(?:默认|初始|通用|万能|管理员|主管|操作员)密码(?:是|为|一般)|解锁码(?:是|为)|输入解锁码|工程(?:菜单|模式)/u,
    true,
  ),
  rule('harm to the reader', /棉签|酒精|牙签|用针|针.{0,3}(?:捅|挑|清)|吹风机|烘干|吹干/u, true),
  rule('advice about the card’s stripe', /消磁|加磁|复制.{0,2}(?:磁条|卡)|(?:磁条|芯片)信息.{0,8}一致/u),
  rule(
    'a verdict on a brand',
    /一清机|(?:正规|安全|可靠|放心).{0,2}(?:品牌|牌子|机构)|有牌照|央行.{0,4}(?:背书|保证)|口碑|大品牌/u,
  ),
  rule(
    'advertising',
    /免费(?:领取|送机|办理|赠)|秒到|费率(?:低|只要|仅|\d)|(?:费率|手续费).{0,6}\d%|加(?:我|下)?微信|扫码领取|优惠办理/u,
    true,
  ),
  rule(
    'a promise of time',
    /(?:保证|一定|肯定|马上).{0,4}(?:到账|退回)|\d+(?:个)?(?:小时|分钟|天|工作日)内?(?:到账|退回)/u,
  ),
  rule(
    'help with cash-out',
    /可以套现|帮您套现|教您(?:套现|养卡)|拆(?:成|开成)(?:几|多|两)笔|(?<!怎么)(?:避开|绕过)风控/u,
  ),
  rule(
    'an accusation',
    /(?:顾客|客人|他)是(?:小偷|骗子)|扣(?:住|下)(?:人|他|顾客)|把(?:客人|顾客|他|人)扣|没收(?:他|顾客)的卡/u,
    true,
  ),
]

/** Words that turn advice into a warning when they stand in the same clause. */
const WARNS = /勿|别|不要|不得|不能|不可|禁止|切忌|无需|不用|不拧|不必|拒绝|先别|不会|会触发|属于|就跳过/u
const CLAUSES = /[，。；！？\n]/u

/** Names what in a text the bot must not say; undefined when it may be said. Pure. */
export function forbiddenIn(text: string): string | undefined {
  for (const { what, pattern, asWarning } of RULES) {
    const found = asWarning
      ? text.split(CLAUSES).some((clause) => pattern.test(clause) && !WARNS.test(clause))
      : pattern.test(text)
    if (found) return what
  }
  return undefined
}

function rule(what: string, pattern: RegExp, asWarning = false): Rule {
  return { what, pattern, asWarning }
}
