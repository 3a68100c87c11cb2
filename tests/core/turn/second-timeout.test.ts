import { describe, expect, it } from 'vitest'

import { Talk } from '../../fixtures/talk.ts'

async function talkOf(...lines: readonly string[]): Promise<Talk> {
  const talk = new Talk()
  for (const line of lines) await talk.say(line)
  return talk
}

const flow = (talk: Talk): string | undefined => talk.conversation.dialogue.stack.at(-1)?.flow
const NETWORK = '机器现在用流量卡、WiFi还是网线上网？'

describe('timeouts whose result is known', () => {
  it('lead on to the network from the second one on', async () => {
    const talk = await talkOf('交易超时了', '没扣', '显示失败')
    expect(talk.reply).toContain('还有其他问题吗？')
    for (const result of ['显示成功', '显示失败']) {
      for (const line of ['没了', '交易超时了', '没扣', result]) await talk.say(line)
      expect(talk.reply, result).toContain(NETWORK)
      expect(flow(talk)).toBe('network_problem')
      for (const line of ['流量卡', '有信号了']) await talk.say(line)
    }
  })

  it('count when they follow at once, and when the result came late', async () => {
    const talk = await talkOf(
      '交易超时了',
      '没扣',
      '没有这笔',
      '显示成功了',
      '交易超时了',
      '没扣',
      '显示失败',
    )
    expect(talk.reply).toContain(NETWORK)
  })

  it('do not count when the money turned out to be debited', async () => {
    const talk = await talkOf('交易超时了', '扣了', '显示成功', '打出来了')
    for (const line of ['没了', '交易超时了', '没扣', '显示失败']) await talk.say(line)
    expect(talk.reply).toContain('还有其他问题吗？')
  })

  it('are one when the network failed before the result was known', async () => {
    const talk = await talkOf('交易超时了', '没扣', '没有这笔', '没信号', '流量卡', '有信号了')
    expect(talk.reply).toContain('请在机器交易查询里找这笔')
    await talk.say('显示失败')
    expect(talk.reply).toContain('还有其他问题吗？')
  })
})
