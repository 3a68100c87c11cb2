import { describe, expect, it } from 'vitest'

import { textsOf } from '../../src/content/said-texts.ts'
import { forbiddenIn } from '../../src/core/flow/never-say.ts'
import { shippedContent } from '../fixtures/content.ts'

const content = shippedContent()

/** Every text the bot can say, as it stands in the loaded content. */
function everyText(): readonly string[] {
  const flows = [...content.flows.values()].flatMap((flow) => [
    ...[...flow.steps.values()].flatMap((step) => [
      ...[...step.ask, ...step.whenSkipped].map(({ text }) => text),
      step.simpler ?? '',
      ...step.answers.flatMap(({ label, say, go }) => [
        label ?? '',
        ...[...say, ...go.flatMap((branch) => branch.say)].map(({ text }) => text),
      ]),
    ]),
    ...[...flow.ends.values()].flatMap(({ say }) => say.map(({ text }) => text)),
    flow.title,
    flow.warning ?? '',
  ])
  const intents = [...content.intents.values()].flatMap(({ title, action }) => {
    if (action.kind === 'answer') return [title, action.text]
    return action.kind === 'ticket' ? [title, ...action.end.say.map(({ text }) => text)] : [title]
  })
  const others = textsOf([content.replies, content.refusals, content.interrupts.map(({ say }) => say)]).map(
    ([, text]) => text,
  )
  return [...flows, ...intents, ...others, ...content.lexicon.classes.values()]
}

describe('what the bot can say', () => {
  const texts = everyText()

  it('is all looked at', () => {
    expect(texts.length).toBeGreaterThan(600)
    for (const known of ['先别重刷', '不要拆机', '余额或额度不足', '只用专用清洁卡', '祝您生意兴隆'])
      expect(
        texts.some((text) => text.includes(known)),
        known,
      ).toBe(true)
  })

  it('holds nothing forbidden', () => {
    expect(texts.flatMap((text) => (forbiddenIn(text) === undefined ? [] : [text]))).toEqual([])
  })
})

describe('bad advice from public pages', () => {
  it.each([
    '请再刷一次试试',
    '您可以刷1元做个测试',
    '让顾客重刷一下，没出票再补现金',
    '没出票就收客人现金吧',
    '用微信转给顾客退款',
    '把机器恢复出厂就好了',
    '进设置里重置系统',
    '清除应用数据后再试',
    '先清流水再签到',
    '卸载支付应用重新装',
    '去制造商网站下载固件包升级',
    '论坛里有补丁可以下载',
    '用U盘升级系统',
    '默认密码是六个1',
    '主管密码一般写在说明书上',
    '解锁码是9876',
    '进工程菜单看看',
    '拆开后盖把排线插紧',
    '把螺丝拧下来清灰',
    '用棉签蘸酒精擦卡槽',
    '用针把卡槽里的灰挑出来',
    '用电吹风吹干机器',
    '请把完整卡号发给我',
    '告诉我短信验证码',
    '把卡加磁就能读',
    '新卡的磁条信息要和旧卡一致',
    '拉卡拉是正规品牌，很安全',
    '有央行和银联的背书保证',
    '这是一清机，放心用',
    '现在免费领取大POS',
    '秒到账，费率只要0.38',
    '手续费0.6%',
    '加我微信办理',
    '拨打4008123456咨询',
    '详见 www.example.com',
    '保证明天到账',
    '3个工作日内到账',
    '把大额拆成几笔刷就不会被风控',
    '这样可以避开风控',
    '把客人扣下来报警',
    '没收顾客的卡',
  ])('%s is caught', (text) => {
    expect(forbiddenIn(text)).toBeDefined()
  })

  it.each([
    '请不要恢复出厂或清数据，会丢密钥和未结算交易，要由服务商处理。',
    '请不要拆机，拆开会触发自毁，机器就不能用了。',
    '卡槽别用棉签、酒精或针，只用POS专用清洁卡。',
    '请拨打110报警。',
    '到账时间以发卡行为准。',
  ])('%s may be said', (text) => {
    expect(forbiddenIn(text)).toBeUndefined()
  })
})
