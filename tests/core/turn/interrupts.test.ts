import { describe, expect, it } from 'vitest'

import { Talk } from '../../fixtures/talk.ts'

const SAFE = '请立即断电远离，不要再充电或拆电池，我已加急上报。'

async function talkOf(...lines: readonly string[]): Promise<Talk> {
  const talk = new Talk()
  for (const line of lines) await talk.say(line)
  return talk
}

function place(talk: Talk): string {
  const frame = talk.conversation.dialogue.stack.at(-1)
  return `${frame?.flow ?? ''}/${frame?.step ?? ''}`
}

describe('danger', () => {
  it.each([
    ['at the beginning', ['机器冒烟了']],
    ['in another problem', ['刷卡提示卡片故障', '机器冒烟了']],
    ['after the question for it was answered', ['电池不耐用', '没有', '充着充着鼓包了']],
    ['as the answer to that question', ['开不了机', '有点发烫']],
  ])('beats everything %s', async (_, lines) => {
    const talk = await talkOf(...lines)
    expect(talk.reply.split(SAFE)).toHaveLength(2)
    expect(talk.conversation.holder).toBe('queue')
    expect(talk.conversation.tickets).toMatchObject([
      { priority: 'P1', reason: 'safety', flow: 'power_battery' },
    ])
  })

  it('raises the ticket of somebody who waits', async () => {
    const talk = await talkOf('人工', '机器冒烟了')
    expect(talk.reply).toContain(SAFE)
    expect(talk.conversation.tickets).toMatchObject([{ priority: 'P1' }])
  })

  it('is not every trouble with a battery', async () => {
    const talk = await talkOf('电池充不进电')
    expect(talk.reply).not.toContain(SAFE)
    expect(place(talk)).toBe('power_battery/PW0')
    const waiting = await talkOf('人工', '电池不耐用')
    expect(waiting.conversation.tickets).toMatchObject([{ priority: 'P3' }])
  })
})

describe('a terminal that is gone', () => {
  it.each([[['机器被偷了']], [['刷卡提示卡片故障', '机器被偷了']], [['想换台新机器', '机器被偷了']]])(
    'is blocked first: %j',
    async (lines) => {
      const talk = await talkOf(...lines)
      expect(place(talk)).toBe('terminal_service/TS3')
      await talk.say('昨晚在店里')
      expect(talk.reply).toContain('被盗请同时报警。')
      expect(talk.conversation.tickets).toMatchObject([{ priority: 'P1', reason: 'needs_staff' }])
    },
  )

  it('stays P1 for whoever wants a human instead of telling more', async () => {
    const talk = await talkOf('机器被偷了', '人工')
    expect(talk.conversation.tickets).toMatchObject([{ priority: 'P1', reason: 'asked_for_human' }])
  })
})

describe('a debit', () => {
  it.each([
    ['of a code payment', ['客人微信扫码扣了钱机器没显示']],
    ['of a code payment in another problem', ['刷卡提示卡片故障', '支付宝扫码扣款了']],
    ['in the flow of code payments, whatever the words', ['客人扫我的码付不了', '没有换过', '钱扣了']],
  ])('%s asks for the order', async (_, lines) => {
    const talk = await talkOf(...lines)
    expect(place(talk)).toBe('qr_payment_problem/QR6')
    expect(talk.reply).toBe('先别让顾客重付，请查订单状态。显示已支付吗？')
    expect(talk.conversation.dialogue.moneyAtRisk).toBe(true)
  })

  it('of a card asks for the record in the terminal', async () => {
    const talk = await talkOf('客人收到扣款短信机器没出票')
    expect(place(talk)).toBe('charged_no_slip/CN1')
  })

  it('goes back to the first problem when the order turns out paid', async () => {
    const talk = await talkOf('刷卡提示卡片故障', '客人微信扫码扣了钱', '已支付')
    expect(talk.reply).toContain('已收款，不用再付。')
    expect(talk.reply).toContain('我们继续刚才的问题')
    expect(place(talk)).toBe('card_fault/CF1')
  })
})

it('a swapped code sticker is not to be torn off', async () => {
  const talk = await talkOf('收款码被人换了')
  expect(place(talk)).toBe('fraud_suspected/FR5')
})
