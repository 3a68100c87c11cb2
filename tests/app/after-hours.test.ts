import { describe, expect, it } from 'vitest'
import type { Content } from '../../src/core/content.ts'
import { caseOf, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { shippedContent } from '../fixtures/content.ts'
import { Talk } from '../fixtures/talk.ts'

const HOUR = 3_600_000
const shipped = shippedContent()
const content: Content = {
  ...shipped,
  provider: { ...shipped.provider, staffHours: { workingDays: { from: 9 * 60, to: 18 * 60 } } },
}

/** What is answered to some messages, the last one's lines, at an hour of a Wednesday. */
async function answered(hour: number, ...said: readonly string[]): Promise<readonly string[]> {
  const talk = new Talk(content)
  const midnight = Date.parse('2026-11-25T00:00:00+08:00')
  talk.clock.advance(midnight + hour * HOUR - talk.clock.now())
  for (const text of said) await talk.say(text)
  return (talk.last?.replies ?? []).map(({ text }) => text)
}

describe('a merchant who asks for a human', () => {
  it('in the evening hears with the ticket number when staff are back', async () => {
    const said = (await answered(20, '转人工', '13800138000')).join('\n')
    expect(said).toContain('已为您提交工单')
    expect(said).toContain('现在不是客服上班时间，明天9:00上班后会接着处理，您不用一直等着。')
  })

  it('at noon hears nothing of hours', async () => {
    expect((await answered(12, '转人工', '13800138000')).join('\n')).not.toContain('上班')
  })

  it('for money at risk is not put off till morning', async () => {
    const said = await answered(
      20,
      '客人说扣了款机器没出票',
      '查不到',
      '没有冲正',
      '300块 刚才 尾号1234',
      '终端号12345678 13800138000',
    )
    expect(said.join('\n')).toContain('已为您提交工单')
    expect(said.join('\n')).not.toContain('上班')
  })
})

describe('a merchant who asks how long it takes, when others were answered before', () => {
  it('hears about how many minutes', async () => {
    const talk = new Talk(shipped)
    for (const n of [1, 2, 3, 4, 5]) {
      const answered = caseOf(n, { status: 'resolved', answeredAt: caseOf(n).createdAt + n * 120_000 })
      const conversation = { ...quietTalk(shop(n), talkId(n)), tickets: [answered] }
      await talk.store.turn(shop(n), () => ({ conversation, result: n }))
    }
    for (const text of ['转人工', '13800138000', '还要等多久']) await talk.say(text)
    expect(talk.reply).toMatch(/排在第1位.*按最近的情况，大约要等6分钟。$/su)
  })
})

describe('a merchant who asks how long it takes', () => {
  it('hears their place in the queue, and when staff are back', async () => {
    const noon = (await answered(12, '转人工', '13800138000', '还要等多久')).join('\n')
    expect(noon).toMatch(/^您的工单\d{6}-\d{5}排在第1位/u)
    expect(noon).not.toContain('上班')
    expect((await answered(20, '转人工', '13800138000', '还要等多久')).join('\n')).toContain('明天9:00上班后')
  })
})
