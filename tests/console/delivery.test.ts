import { describe, expect, it } from 'vitest'
import { browserTitle, whyWithoutBrowser } from '../browser/chromium.ts'
import { useConsole } from './console-page.ts'
import { cases, tickets } from './desk-data.ts'
import { problem } from './fake-desk.ts'

/** Ticket t5, which the reader holds, with a line in each state. */
function withDeliveries(id: string) {
  const states = [
    undefined,
    { state: 'sent' },
    { state: 'queued' },
    { state: 'parked', reason: 'quota_used' },
    { state: 'failed', reason: 'unreachable' },
    { state: 'unknown', reason: 'no_answer' },
    { state: 'expired', reason: '<b>strange</b>' },
  ]
  const { transcript, ...rest } = cases()
  const lines = transcript.map((line, index) => {
    const delivery = states[index]
    return { ...line, author: index === 0 ? 'merchant' : 'agent', ...(delivery && { delivery }) }
  })
  return { status: 200, json: { ...rest, transcript: lines, ticket: tickets().find((one) => one.id === id) } }
}

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the delivery of a line'), () => {
  const open = useConsole()

  it('stands below it, with its reason, and as an alert when it may be lost', async () => {
    const { page } = await open('#/tickets/t5', (desk) =>
      desk.answer('GET /tickets/t5', withDeliveries('t5')),
    )
    const notes = page.locator('[data-delivery]')
    await notes.first().waitFor()
    expect((await notes.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
      '已发送',
      '等待发送',
      '暂存，商户下次发言时再发 · 可发条数已用完',
      '没有送达 · 商户联系不上',
      '可能没送到，请换个方式确认',
      '过时未送达 · <b>strange</b>',
    ])
    expect(await page.locator('[data-delivery][role=alert]').count()).toBe(3)
    expect(await page.getByRole('button', { name: '再发一次' }).count()).toBe(4)
  })

  it('lets the holder send it once more, and says why that was refused', async () => {
    const { page, desk } = await open('#/tickets/t5', (one) =>
      one.answer('GET /tickets/t5', withDeliveries('t5')),
    )
    const call = 'POST /conversations/c-t5/outbox/5/retry'
    desk.answer(call, problem(409, 'conflict', 'line 5 is sent'))
    const again = page.locator('[data-delivery=failed]').getByRole('button', { name: '再发一次' })
    await again.click()
    await expect.poll(() => desk.sent(call)).toEqual([{}])
    await page.locator('[data-delivery=failed]').getByText('没有执行：情况刚有变化').waitFor()
  })

  it('offers nothing to those who do not hold the ticket', async () => {
    const { page } = await open('#/tickets/t4', (desk) =>
      desk.answer('GET /tickets/t4', withDeliveries('t4')),
    )
    await page.locator('[data-delivery]').first().waitFor()
    expect(await page.getByRole('button', { name: '再发一次' }).count()).toBe(0)
  })

  it('comes with how many messages are left, and says when there are none', async () => {
    const withQuota = (remaining: number, windowEndsAt: string | null) => {
      const answer = withDeliveries('t5')
      return { ...answer, json: { ...answer.json, quota: { remaining, windowEndsAt } } }
    }
    const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000 + 50_000).toISOString()
    const { page, desk } = await open('#/tickets/t5', (one) =>
      one.answer('GET /tickets/t5', withQuota(3, inHours(5))),
    )
    await page.getByText('还能发 3 条，5 小时内有效').waitFor()
    desk.answer('GET /tickets/t5', withQuota(0, null))
    await page.reload()
    await page.getByText('现在发不出去，商户再发一句后才能发').waitFor()
  })
})
