import { describe, expect, it } from 'vitest'

import { Talk } from '../../fixtures/talk.ts'

/** A talk that begins at a moment of Shanghai time. */
function talkAt(moment: string): Talk {
  const talk = new Talk()
  talk.clock.advance(Date.parse(`${moment}:00+08:00`) - talk.clock.now())
  return talk
}

const WAIT = '还在正常到账时间内，请以合同约定的到账时间为准。'

describe('money that has not arrived', () => {
  it.each([
    ['2026-11-25T09:00', '昨天的款还没到账', 'the next working day has not ended'],
    ['2026-11-23T23:50', '周五的款没到账', 'a sale of Friday is due on Monday'],
    ['2026-11-23T09:00', '周六刷的钱没到账', 'a sale of Saturday is due on Monday'],
    ['2026-10-08T09:00', '9月30号的款还没到账', 'the holidays do not count'],
    ['2026-10-10T09:00', '10月9号的款没到账', 'a Saturday worked for a holiday counts'],
  ])('at %s “%s” is told to wait: %s', async (moment, said) => {
    const talk = talkAt(moment)
    await talk.say(said)
    expect(talk.reply).toContain(WAIT)
    expect(talk.conversation.tickets).toEqual([])
  })

  it.each([
    ['2026-11-26T00:05', '11月24号的款没到账'],
    ['2026-11-24T09:00', '上周五的款没到账'],
    ['2026-10-09T00:30', '9月30号的款还没到账'],
    ['2026-10-11T09:00', '10月9号的款没到账'],
  ])('at %s “%s” is overdue', async (moment, said) => {
    const talk = talkAt(moment)
    await talk.say(said)
    expect(talk.reply).toBe('商户后台里这天显示已结算、未结算，还是被冻结？')
  })

  it.each([
    ['2026-11-24T09:00', '上周五的款没到账', 'P2'],
    ['2026-11-26T09:00', '上周五的款没到账', 'P2'],
    ['2026-11-27T09:00', '11月20号的款没到账', 'P1'],
  ])('at %s “%s” is a case of %s', async (moment, said, priority) => {
    const talk = talkAt(moment)
    await talk.say(said)
    await talk.say('看不到后台')
    expect(talk.conversation.tickets.map((ticket) => ticket.priority)).toEqual([priority])
  })

  it('asks again for a day that is still to come', async () => {
    const talk = talkAt('2026-11-25T09:00')
    await talk.say('钱没到账')
    await talk.say('明天的')
    expect(talk.conversation.dialogue.stack.at(-1)?.step).toBe('ST1')
    expect(talk.conversation.dialogue.slots).not.toHaveProperty('txn_time')
    await talk.say('上周四的')
    expect(talk.conversation.dialogue.stack.at(-1)?.step).toBe('ST2')
  })
})

describe('a notice to answer', () => {
  it.each([
    ['2026-11-25T09:00', '明天', 'P1'],
    ['2026-11-25T09:00', '11月26号', 'P1'],
    ['2026-11-25T09:00', '后天', 'P2'],
    ['2026-11-27T09:00', '下周一前', 'P1'],
    ['2026-10-07T09:00', '10月8号', 'P1'],
    ['2026-10-07T09:00', '10月9号', 'P2'],
    ['2026-11-25T09:00', '11月20号，已经过了', 'P1'],
    ['2026-11-25T09:00', '没写日期', 'P2'],
  ])('at %s “%s” makes it %s', async (moment, deadline, priority) => {
    const talk = talkAt(moment)
    await talk.say('收到调单通知怎么办')
    await talk.say(deadline)
    expect(talk.conversation.tickets.map((ticket) => ticket.priority)).toEqual([priority])
  })

  it('is not asked for the day it already told, and still says what to prepare', async () => {
    const talk = talkAt('2026-11-25T09:00')
    await talk.say('收到调单通知，要求明天前回复')
    expect(talk.reply).toContain('请备好签购单、订单和发货凭证。')
    expect(talk.conversation.tickets.map((ticket) => ticket.priority)).toEqual(['P1'])
  })

  it('takes no other day for the deadline', async () => {
    const talk = talkAt('2026-11-25T09:00')
    await talk.say('今天刷卡的货款被冻结了')
    await talk.say('说11月20号那笔交易异常')
    expect(talk.conversation.tickets.map((ticket) => ticket.priority)).toEqual(['P2'])
  })
})

describe('a sale to be undone', () => {
  it.each([
    ['2026-11-25T20:00', '今天上午刷错金额要撤销', 'RV2'],
    ['2026-11-25T20:00', '昨天的单要退款', 'RV3'],
  ])('at %s “%s” is asked %s', async (moment, said, step) => {
    const talk = talkAt(moment)
    await talk.say(said)
    expect(talk.conversation.dialogue.stack.at(-1)?.step).toBe(step)
  })
})
