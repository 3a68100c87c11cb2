import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { AuditAnswer } from '../../src/http/desk-schema.ts'
import { ADMIN } from '../e2e/whole-app.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { PASSWORD } from '../fixtures/running-server.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { sayInShop, useWholeStory } from './whole-story.ts'

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the whole story'), () => {
  const story = useWholeStory()

  it('a merchant escalates, one of two agents wins, answers and resolves, the merchant rates', async () => {
    const admin = new DeskClient(story.url)
    await admin.logIn(ADMIN)
    for (const [name, email] of [
      ['小李', 'li@shop.example'],
      ['小王', 'wang@shop.example'],
    ]) {
      await admin.post('/agents', { email, name, role: 'agent', password: PASSWORD })
    }
    const [first, second] = await Promise.all([
      story.logIn('li@shop.example'),
      story.logIn('wang@shop.example'),
    ])

    const shop = await story.open('/chat')
    await sayInShop(shop, '刷卡提示卡片故障')
    await sayInShop(shop, '换了三张都不行')
    await sayInShop(shop, '叫个人来吧')
    await shop.locator('.notice', { hasText: '您排在第1位' }).waitFor()
    await story.shot(shop, 'merchant-waits')

    await story.shot(first, 'queue')
    // The queues are live: nobody reloads anything.
    for (const page of [first, second])
      await page.locator('.ticket-row', { hasText: '刷卡提示卡片故障' }).click()
    const claims = [first, second].map((page) => page.getByRole('button', { name: '接手', exact: true }))
    await Promise.all(claims.map((claim) => claim.waitFor()))
    await story.shot(first, 'case-open')
    await Promise.all(claims.map((claim) => claim.click()))
    const box = (page: Page) => page.getByRole('textbox', { name: '回复商户' })
    await expect
      .poll(async () => (await box(first).count()) + (await box(second).count()), { timeout: 20_000 })
      .toBe(1)
    const [winner, loser] = (await box(first).count()) === 1 ? [first, second] : [second, first]
    await loser.getByText('正在处理，只有接手人可以回复和解决').waitFor()
    await story.shot(loser, 'case-lost')

    await shop.locator('[data-author="system"]', { hasText: '已接入' }).waitFor()
    await shop.locator('.notice', { hasText: /^客服小[李王]正在为您服务$/ }).waitFor()
    await box(winner).fill('您好，师傅下午到店')
    await box(winner).press('Enter')
    await shop.locator('[data-author="agent"]', { hasText: '师傅下午到店' }).waitFor()
    await sayInShop(shop, '好的，谢谢师傅')
    await winner.getByRole('log').getByText('好的，谢谢师傅').waitFor()
    await loser.getByRole('log').getByText('好的，谢谢师傅').waitFor()
    await story.shot(winner, 'case-held')
    // Somebody else's news changes the queues; the open case is not looked at again, and no look is written down.
    const looks = async (): Promise<number> =>
      AuditAnswer.parse(await (await admin.get('/audit')).json()).entries.filter(
        ({ action }) => action === 'look',
      ).length
    const before = await looks()
    const other = await WidgetClient.open(story.url)
    await other.say('m-1', '我要投诉')
    for (const page of [first, second]) await page.locator('.ticket-row', { hasText: '投诉' }).waitFor()
    expect(await looks()).toBe(before)
    await story.shot(shop, 'merchant-answered')

    await winner.getByRole('button', { name: '解决', exact: true }).click()
    await winner.getByRole('dialog').getByRole('button').last().click()
    await shop.getByRole('button', { name: '5分' }).click()
    await shop.locator('[data-author="bot"]', { hasText: '谢谢您的评价' }).waitFor()
    await story.shot(shop, 'merchant-rates')
  })
})
