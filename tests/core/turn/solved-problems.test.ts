import { expect, it } from 'vitest'
import { Talk } from '../../fixtures/talk.ts'

it('remembers what the bot solved alone, the newest twenty, and nothing that staff have', async () => {
  const talk = new Talk()
  for (const line of ['交易超时了', '没扣', '显示失败']) await talk.say(line)
  const [first] = talk.conversation.solvedProblems ?? []
  expect(first).toEqual({ intent: 'txn_timeout', flow: 'txn_timeout', at: talk.clock.now() })
  for (let n = 0; n < 21; n += 1) {
    for (const line of ['没了', '交易超时了', '没扣', '显示成功', '流量卡', '有信号了']) await talk.say(line)
  }
  expect(talk.conversation.solved).toBeGreaterThan(20)
  expect(talk.conversation.solvedProblems).toHaveLength(20)
  expect(talk.conversation.solvedProblems?.at(-1)?.at).toBe(talk.clock.now())

  const escalated = new Talk()
  for (const line of ['刷卡提示卡片故障', '人工']) await escalated.say(line)
  expect(escalated.conversation.solvedProblems).toBeUndefined()
})
