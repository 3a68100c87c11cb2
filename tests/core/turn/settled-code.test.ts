import { describe, expect, it } from 'vitest'

import { Talk } from '../../fixtures/talk.ts'

async function cardAfter(...lines: readonly string[]) {
  const talk = new Talk()
  for (const line of lines) await talk.say(line)
  return talk.conversation.tickets.at(-1)?.card
}

describe('a response code', () => {
  it('stands on the card of the problem it was told in', async () => {
    const card = await cardAfter('刷卡显示51', '还是不行', '换了个卡也是51')
    expect(card?.responseCode?.code).toBe('51')
  })

  it.each([
    [['刷卡显示51', '换卡可以了', '没有了', '打印机卡纸', '还是卡着']],
    [['刷卡显示51', '换卡可以了', '打印机卡纸', '还是卡着']],
    [['报51啥意思', '好了', '重新开始', '打印机卡纸', '还是卡着']],
    [['打印机卡纸', '刚才又蹦个代码51出来 咋回事', '是的', '他换了张卡付了', '还是卡着']],
  ])('is gone from the card of a later problem: %j', async (lines) => {
    const card = await cardAfter(...lines)
    expect(card?.flow).toBe('printer_problem')
    expect(card?.responseCode).toBeUndefined()
    expect(card?.slots['error_code']).toBeUndefined()
  })
})
