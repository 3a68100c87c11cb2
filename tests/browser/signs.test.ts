import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { sayInShop, useWholeStory } from './whole-story.ts'

const POLL = { timeout: 20_000 }

async function solvePrinter(shop: Page): Promise<void> {
  await shop.getByText('还是字很淡').waitFor()
  await sayInShop(shop, '它喊没纸')
  await shop.getByText('好了吗').waitFor()
  await sayInShop(shop, '换了一卷盖子按紧 现在打得出来了')
}

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('signs between shop and desk'), () => {
  const story = useWholeStory()

  it('say who is writing and what was read, in another tab too', async () => {
    const context = await story.context()
    const shop = await story.openIn(context, '/chat')
    await sayInShop(shop, '人工')
    await shop.locator('.notice', { hasText: '您排在第1位' }).waitFor()
    const desk = await story.logIn()
    await desk.locator('.ticket-row').first().click()
    await desk.getByRole('button', { name: '接手', exact: true }).click()
    const box = desk.getByRole('textbox', { name: '回复商户' })
    await box.pressSequentially('您好')
    await shop.locator('.typing', { hasText: '客服正在输入' }).waitFor()
    await story.shot(shop, 'agent-typing')
    await shop.locator('.notice[data-kind="agent"]').waitFor()
    await shop.getByRole('textbox').pressSequentially('在吗')
    await desk.locator('.transcript').getByText('对方正在输入').waitFor()
    await story.shot(desk, 'merchant-typing')
    await box.press('Enter')
    await shop.locator('[data-author="agent"]', { hasText: '您好' }).waitFor()
    await shop.locator('.typing').waitFor({ state: 'hidden', timeout: 2_000 })
    await desk.locator('.bubble[data-author="agent"]', { hasText: '已读' }).waitFor()
    await story.shot(desk, 'read')
    await shop.close()
    await box.fill('还在吗')
    await box.press('Enter')
    await desk.locator('.bubble[data-author="agent"]', { hasText: '未读' }).waitFor()
    await story.openIn(context, '/chat')
    await desk.locator('.bubble[data-author="agent"]', { hasText: '还在吗' }).getByText('已读').waitFor()
  })

  it('ask once and quietly how the bot did when it has solved something', async () => {
    const context = await story.context()
    const shop = await story.openIn(context, '/chat')
    const bar = shop.getByRole('group', { name: '这次帮到您了吗？' })
    await sayInShop(shop, '打印机又闹脾气了 打不了票')
    expect(await bar.isVisible()).toBe(false)
    await solvePrinter(shop)
    await bar.waitFor()
    await story.shot(shop, 'rating')
    await bar.getByRole('button', { name: '4分' }).press('Enter')
    await shop.getByText('谢谢您的评价').first().waitFor()
    await expect.poll(() => bar.isVisible(), POLL).toBe(false)
    await shop.reload()
    await shop.getByText('还有其他问题吗').waitFor()
    expect(await bar.isVisible()).toBe(false)
  })

  it('do not ask again who does not want to say', async () => {
    const shop = await story.openIn(await story.context(), '/chat')
    const bar = shop.getByRole('group', { name: '这次帮到您了吗？' })
    await sayInShop(shop, '打印机又闹脾气了 打不了票')
    await solvePrinter(shop)
    await bar.getByRole('button', { name: '不评价' }).click()
    await shop.reload()
    await shop.getByText('还有其他问题吗').waitFor()
    expect(await bar.isVisible()).toBe(false)
  })
})
