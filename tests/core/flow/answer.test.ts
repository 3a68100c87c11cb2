import { describe, expect, it } from 'vitest'

import { shippedContent } from '../../fixtures/content.ts'

const { flows, matcher } = shippedContent()

/** What an utterance answers at `flow/STEP`: an answer's id, or the kind of what it is instead. */
function answerTo(place: string, text: string): string {
  const [flow = '', id = ''] = place.split('/')
  const step = flows.get(flow)?.steps.get(id)
  if (step === undefined) throw new Error(`there is no ${place}`)
  const match = matcher.match(step, text)
  if (match.kind === 'answer') return match.answer.id
  return match.kind === 'general' ? match.general : match.kind
}

/** Merchants' words that stand in no flow file. */
const SAID: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'card_fault/CF1': [
    ['换了三张都不行', 'all_fail'],
    ['试了两张都是读卡失败', 'all_fail'],
    ['哎呀都不行啊', 'all_fail'],
    ['换别的卡照样报错', 'all_fail'],
    ['一样的，换了也读不出', 'all_fail'],
    ['还是不行', 'all_fail'],
    ['不行', 'all_fail'],
    ['没用，都读不了', 'all_fail'],
    ['就这张卡不行', 'other_ok'],
    ['不是都不行，就这张不行', 'other_ok'],
    ['别的卡都好好的', 'other_ok'],
    ['换了张农行的可以', 'other_ok'],
    ['能读', 'other_ok'],
    ['可以了', 'other_ok'],
    ['我拿自己的卡试了能读出来', 'other_ok'],
    ['其他人的卡都能刷', 'other_ok'],
    ['没别的卡', 'no_card'],
    ['我没带卡啊', 'no_card'],
    ['店里没有别的银行卡', 'no_card'],
    ['不知道', 'unsure'],
    ['好的我试试', 'acknowledged'],
    ['稍等', 'acknowledged'],
    ['紫色的大象', 'unclear'],
    ['今天天气怎么样', 'unclear'],
    ['手续费多少', 'unclear'],
  ],
  'card_fault/CF2': [
    ['插的', 'chip'],
    ['我是往里面插的', 'chip'],
    ['插到下面那个口', 'chip'],
    ['刷的', 'mag'],
    ['从侧边划过去的', 'mag'],
    ['碰一下的那种', 'nfc'],
    ['手机贴上去', 'nfc'],
    ['不懂', 'unsure'],
  ],
  'card_fault/CF3c': [
    ['好了', 'yes'],
    ['能了能了', 'yes'],
    ['可以了谢谢', 'yes'],
    ['读出来了', 'yes'],
    ['行了', 'yes'],
    ['还是不行', 'no'],
    ['试了，还是不行', 'no'],
    ['没反应', 'no'],
    ['一样', 'no'],
    ['插到底了也没用', 'no'],
    ['不得行', 'no'],
    ['照样提示卡片故障', 'no'],
    ['好的', 'acknowledged'],
  ],
  'card_fault/CF4': [
    ['没有啊', 'no'],
    ['卡是好的', 'no'],
    ['新办的卡', 'no'],
    ['芯片刮花了', 'yes'],
    ['有点弯', 'yes'],
    ['上个月过期了', 'yes'],
    ['看不出来', 'no'],
  ],
  'card_fault/CF5': [
    ['全部', 'all'],
    ['都读不了', 'all'],
    ['插卡刷卡都读不了', 'all'],
    ['怎么弄都不行', 'all'],
    ['只有插卡不行', 'one'],
    ['就挥卡没反应', 'one'],
    ['插不行，挥可以', 'one'],
    ['不清楚', 'unsure'],
  ],
  'card_fault/CF6': [
    ['刚插进去就跳出来', 'read'],
    ['还没到输密码', 'read'],
    ['输了密码以后', 'after'],
    ['密码输完转圈然后报错', 'after'],
  ],
  'card_fault/CF7': [
    ['没有', 'nothing'],
    ['啥也没有', 'nothing'],
    ['看着挺干净', 'nothing'],
    ['卡槽里有点灰', 'dirt'],
    ['里面有点纸屑', 'dirt'],
    ['多了一块黑色的东西', 'device'],
    ['好像贴了个什么装置', 'device'],
    ['打印机没纸了', 'unclear'],
  ],
  'card_fault/CF8': [
    ['重启完好了', 'yes'],
    ['重启了没用', 'no'],
    ['关机再开还是那样', 'no'],
    ['还有一笔没做完', 'unfinished'],
  ],
  'card_fault/CF9': [
    ['没有清洁卡', 'no_cleaning_card'],
    ['我哪有这个东西', 'no_cleaning_card'],
    ['清洁完能读了', 'yes'],
    ['擦过了 还是老样子', 'no'],
  ],
  'txn_timeout/TT1': [
    ['收到短信了', 'yes'],
    ['客人说钱扣了', 'yes'],
    ['没收到短信', 'no'],
    ['没扣', 'no'],
    ['没有扣款', 'no'],
    ['客人不知道', 'unsure'],
  ],
  'txn_timeout/TT2': [
    ['成功', 'ok'],
    ['显示交易成功', 'ok'],
    ['失败了', 'fail'],
    ['已经冲正了', 'fail'],
    ['查不到', 'none'],
    ['翻了一圈没看到这笔', 'none'],
    ['不会查', 'none'],
  ],
  'charged_no_slip/CN1': [
    ['是成功的', 'ok'],
    ['不成功', 'fail'],
    ['显示失败', 'fail'],
    ['没有这笔记录', 'none'],
  ],
  'charged_no_slip/CN3': [
    ['冲正成功', 'rev_ok'],
    ['冲正没成功', 'rev_fail'],
    ['没看到', 'none'],
    ['没有', 'none'],
    ['冲正是啥', 'none'],
  ],
  'network_problem/NW1': [
    ['流量卡', 'sim'],
    ['4G的', 'sim'],
    ['店里的wifi', 'wifi'],
    ['无线网', 'wifi'],
    ['插网线', 'lan'],
    ['不知道', 'unsure'],
  ],
  'network_problem/NW2w': [
    ['手机可以上', 'yes'],
    ['能', 'yes'],
    ['手机也上不了网', 'no'],
    ['不能', 'no'],
  ],
  'software_update/SU2': [
    ['升好了', 'yes'],
    ['弄好了', 'yes'],
    ['没找到更新', 'no_update'],
    ['一直卡在那', 'no'],
    ['失败', 'no'],
  ],
  'transaction_declined/DC3': [
    ['解决了', 'yes'],
    ['换张卡付了', 'yes'],
    ['没有', 'no'],
    ['还是一样', 'no'],
  ],
  'transaction_declined/DC5': [
    ['扣了', 'yes'],
    ['收到扣款短信了', 'yes'],
    ['没有扣', 'no'],
    ['不知道', 'no'],
  ],
  'fraud_suspected/FR2': [
    ['人已经跑了', 'no'],
    ['没有', 'no'],
    ['他要打我', 'yes'],
  ],
  'fraud_suspected/FR4': [
    ['没有，挂了', 'no'],
    ['已经转了五百', 'yes'],
  ],
}

describe.each(Object.entries(SAID))('at %s', (place, said) => {
  it.each(said)('“%s” is %s', (text, expected) => {
    expect(answerTo(place, text)).toBe(expected)
  })
})

describe('every phrase of every flow', () => {
  it('is understood as the answer it stands at', () => {
    const wrong: string[] = []
    for (const flow of flows.values()) {
      for (const step of flow.steps.values()) {
        for (const answer of step.answers) {
          for (const phrase of answer.phrases) {
            const found = answerTo(`${flow.id}/${step.id}`, phrase)
            if (found !== answer.id) wrong.push(`${flow.id}/${step.id} ${phrase}: ${found}, not ${answer.id}`)
          }
        }
      }
    }
    expect(wrong).toEqual([])
  })
})
