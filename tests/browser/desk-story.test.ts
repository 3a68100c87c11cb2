import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAssets } from '../../scripts/build-assets.mjs'
import { AuditAnswer } from '../../src/http/desk-schema.ts'
import { ADMIN, startWholeApp, type WholeApp } from '../e2e/whole-app.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { PASSWORD } from '../fixtures/running-server.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'
import { browserTitle, launchChromium, whyWithoutBrowser } from './chromium.ts'

const PICTURES = process.env['POSDESK_PICTURES']

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the whole story'), () => {
  let folder: string
  let app: WholeApp
  let browser: Browser

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posdesk-story-'))
    const assetsDir = join(folder, 'assets')
    await buildAssets(assetsDir)
    app = await startWholeApp(join(folder, 'store'), { assetsDir })
    browser = await launchChromium()
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(path: string): Promise<Page> {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } })
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    await page.goto(app.url + path)
    return page
  }

  async function logIn(email: string): Promise<Page> {
    const page = await open('/console')
    await page.getByLabel('邮箱').fill(email)
    await page.getByLabel('密码').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: '工单队列' }).waitFor()
    return page
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`) })
  }

  const say = async (page: Page, text: string): Promise<void> => {
    await page.getByRole('textbox').fill(text)
    await page.keyboard.press('Enter')
    await page.locator('[data-author="merchant"]', { hasText: text }).waitFor()
  }

  it('a merchant escalates, one of two agents wins, answers and resolves, the merchant rates', async () => {
    const admin = new DeskClient(app.url)
    await admin.logIn(ADMIN)
    for (const [name, email] of [
      ['小李', 'li@shop.example'],
      ['小王', 'wang@shop.example'],
    ]) {
      await admin.post('/agents', { email, name, role: 'agent', password: PASSWORD })
    }
    const [first, second] = await Promise.all([logIn('li@shop.example'), logIn('wang@shop.example')])

    const shop = await open('/chat')
    await say(shop, '刷卡提示卡片故障')
    await say(shop, '换了三张都不行')
    await say(shop, '叫个人来吧')
    await shop.locator('.notice', { hasText: '您排在第1位' }).waitFor()
    await picture(shop, 'merchant-waits')

    await picture(first, 'queue')
    // The queues are live: nobody reloads anything.
    for (const page of [first, second])
      await page.locator('.ticket-row', { hasText: '刷卡提示卡片故障' }).click()
    const claims = [first, second].map((page) => page.getByRole('button', { name: '接手', exact: true }))
    await Promise.all(claims.map((claim) => claim.waitFor()))
    await picture(first, 'case-open')
    await Promise.all(claims.map((claim) => claim.click()))
    const box = (page: Page) => page.getByRole('textbox', { name: '回复商户' })
    await expect
      .poll(async () => (await box(first).count()) + (await box(second).count()), { timeout: 20_000 })
      .toBe(1)
    const [winner, loser] = (await box(first).count()) === 1 ? [first, second] : [second, first]
    await loser.getByText('正在处理，只有接手人可以回复和解决').waitFor()
    await picture(loser, 'case-lost')

    await shop.locator('[data-author="system"]', { hasText: '已接入' }).waitFor()
    await box(winner).fill('您好，师傅下午到店')
    await box(winner).press('Enter')
    await shop.locator('[data-author="agent"]', { hasText: '师傅下午到店' }).waitFor()
    await say(shop, '好的，谢谢师傅')
    await winner.getByRole('log').getByText('好的，谢谢师傅').waitFor()
    await loser.getByRole('log').getByText('好的，谢谢师傅').waitFor()
    await picture(winner, 'case-held')
    // Somebody else's news changes the queues; the open case is not looked at again, and no look is written down.
    const looks = async (): Promise<number> =>
      AuditAnswer.parse(await (await admin.get('/audit')).json()).entries.filter(
        ({ action }) => action === 'look',
      ).length
    const before = await looks()
    const other = await WidgetClient.open(app.url)
    await other.say('m-1', '我要投诉')
    for (const page of [first, second]) await page.locator('.ticket-row', { hasText: '投诉' }).waitFor()
    expect(await looks()).toBe(before)
    await picture(shop, 'merchant-answered')

    await winner.getByRole('button', { name: '解决', exact: true }).click()
    await winner.getByRole('dialog').getByRole('button').last().click()
    await shop.getByRole('button', { name: '5分' }).click()
    await shop.locator('[data-author="bot"]', { hasText: '谢谢您的评价' }).waitFor()
    await picture(shop, 'merchant-rates')
  })
})
