import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAssets } from '../../scripts/build-assets.mjs'
import { ADMIN, startWholeApp, type WholeApp } from '../e2e/whole-app.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { PASSWORD } from '../fixtures/running-server.ts'
import { TicketsAnswer } from '../../src/http/schema.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'
import { browserTitle, launchChromium, whyWithoutBrowser } from './chromium.ts'
import { hostileTexts } from './hostile-texts.ts'

const texts = hostileTexts()

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('text of merchants and staff'), () => {
  let folder: string
  let app: WholeApp
  let browser: Browser
  let ticket: string
  let token: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posdesk-hostile-'))
    const assetsDir = join(folder, 'assets')
    await buildAssets(assetsDir)
    app = await startWholeApp(join(folder, 'store'), { assetsDir })
    browser = await launchChromium()
    const merchant = await WidgetClient.open(app.url)
    token = merchant.session.sessionToken
    await merchant.say('m', '人工')
    for (const [n, text] of texts.entries()) await merchant.say(`m-${n}`, text)
    const desk = new DeskClient(app.url)
    await desk.logIn(ADMIN)
    const [first] = TicketsAnswer.parse(await (await desk.get('/tickets')).json()).tickets
    ticket = first?.id ?? ''
    await desk.post(`/tickets/${ticket}/claim`, { version: first?.version })
    for (const [n, text] of texts.slice(0, 40).entries()) {
      await desk.post(`/tickets/${ticket}/notes`, { text })
      await desk.post(`/tickets/${ticket}/reply`, { clientMsgId: `r-${n}`, text })
      await desk.post('/agents', { email: `a${n}@shop.example`, name: text.slice(0, 40), role: 'agent' })
    }
  }, 120_000)

  afterAll(async () => {
    await browser.close()
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A page with sensors: what ran, what was asked, where it went. */
  async function watched(options: BrowserContextOptions): Promise<{ page: Page; ran: string[] }> {
    const ran: string[] = []
    const context = await browser.newContext({ locale: 'zh-CN', ...options })
    await context.exposeFunction('__pwn', () => void ran.push('script'))
    context.on('page', (page) => page.on('dialog', (dialog) => void ran.push(dialog.type())))
    const page = await context.newPage()
    page.on('request', (request) => {
      if (!request.url().startsWith(app.url) && !/^(data|blob|about):/.test(request.url()))
        ran.push(request.url())
    })
    return { page, ran }
  }

  /** Points at everything and gives it the focus: handlers that wait for it get their chance. */
  async function provoke(page: Page): Promise<void> {
    await page.evaluate(() => {
      for (const element of document.querySelectorAll('body *')) {
        for (const type of ['mouseover', 'pointerenter', 'focus', 'toggle', 'error', 'load']) {
          element.dispatchEvent(new Event(type))
        }
      }
    })
    await page.waitForTimeout(200)
  }

  // Without the policy the pages must hold by themselves, and the other way round it is a second wall.
  describe.each([
    ['with the content security policy', false],
    ['without it', true],
  ])('%s', (_name, bypassCSP) => {
    it('never runs in the console', { timeout: 120_000 }, async () => {
      const { page, ran } = await watched({ bypassCSP })
      await page.goto(`${app.url}/console`)
      await page.getByLabel('邮箱').fill(ADMIN)
      await page.getByLabel('密码').fill(PASSWORD)
      await page.keyboard.press('Enter')
      await page.getByRole('region', { name: '工单队列' }).waitFor()
      for (const hash of [`#/tickets/${ticket}`, '#/stats', '#/staff', '#/audit']) {
        await page.evaluate((to) => (location.hash = to), hash)
        await page.waitForTimeout(500)
        if (hash.includes(ticket)) {
          await page
            .getByText(texts.at(-1) ?? '')
            .first()
            .waitFor()
          expect(await page.locator('.transcript').innerText()).toContain(texts[0])
        }
        await provoke(page)
      }
      expect(ran).toEqual([])
      await page.context().close()
    })

    it('never runs in the chat page', { timeout: 120_000 }, async () => {
      const { page, ran } = await watched({ bypassCSP })
      await page.route(`${app.url}/widget/v1/session`, async (route) => {
        const answer = await route.fetch()
        await route.fulfill({ response: answer, json: { ...(await answer.json()), sessionToken: token } })
      })
      await page.goto(`${app.url}/chat`)
      await page.getByRole('textbox').fill('还在吗')
      await page.keyboard.press('Enter')
      await page.locator('[data-author="agent"]').first().waitFor()
      await provoke(page)
      for (let more = 0; more < 8; more++) {
        const older = page.getByRole('button', { name: '查看更早的消息' })
        if (!(await older.isVisible())) break
        await older.click()
        await page.waitForTimeout(150)
      }
      await provoke(page)
      expect(ran).toEqual([])
      await page.context().close()
    })
  })

  it('would be seen if it ran', async () => {
    const { page, ran } = await watched({ bypassCSP: true })
    await page.goto(`${app.url}/chat`)
    await page.evaluate((markup) => document.body.insertAdjacentHTML('beforeend', markup), texts.at(-1) ?? '')
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=__pwn()>'))
    await expect.poll(() => ran).toContain('script')
    await page.context().close()
  })

  it('is more than five hundred different ones', () => {
    expect(new Set(texts).size).toBeGreaterThanOrEqual(500)
  })
})
