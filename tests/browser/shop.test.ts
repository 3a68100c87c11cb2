import type { BrowserContextOptions } from 'playwright-core'
import { describe, expect, it, vi } from 'vitest'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { GREETING } from './fake-conversation.ts'
import { PanelPage, PHONE, POLL, useStage } from './panel-page.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the demo shop page'), () => {
  const stage = useStage()

  async function start(options?: BrowserContextOptions) {
    const server = await stage.startServer()
    const page = await stage.openPage(await stage.openContext(options))
    const hosts = new Set<string>()
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) hosts.add(new URL(request.url()).origin)
    })
    await page.goto(server.origin)
    const launcher = page.getByRole('button', { name: /^打开POS售后聊天/ })
    await launcher.waitFor()
    const panel = new PanelPage(page, page.frameLocator('iframe'))
    return { server, page, launcher, panel, hosts }
  }

  it('opens the panel at the first click only, and talks in it', async () => {
    const { server, page, launcher, panel, hosts } = await start()
    expect(page.frames()).toHaveLength(1)
    await launcher.click()
    await panel.shows([`bot ${GREETING}`])
    await page.getByTitle('POS售后聊天').waitFor()
    await panel.say('刷卡提示卡片故障')
    await panel.choice('能读').click()
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(5)
    await panel.agreesWith(server)
    expect([...hosts]).toEqual([server.origin])
  })

  it('has the cursor in the input line after opening, closes by Escape and gives the focus back', async () => {
    const { page, launcher, panel } = await start()
    await launcher.focus()
    await page.keyboard.press('Enter')
    await panel.shows([`bot ${GREETING}`])
    await expect
      .poll(() => panel.input.evaluate((input) => input === document.activeElement), POLL)
      .toBe(true)
    await page.keyboard.press('Escape')
    await launcher.waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.localName)
    await expect.poll(focused, POLL).toBe('button')
    await page.keyboard.press('Enter')
    await panel.shows([`bot ${GREETING}`])
    await panel.button('关闭聊天窗口').click()
    await launcher.waitFor()
  })

  it('counts on the launcher what came while the panel was closed', async () => {
    const { server, launcher, panel } = await start()
    await launcher.click()
    await panel.say('转人工')
    await panel.agreesWith(server)
    await panel.button('关闭聊天窗口').click()
    await launcher.waitFor()
    server.conversation.say('agent', '您好，我是小陈。')
    server.conversation.say('agent', '在吗？')
    await expect.poll(() => launcher.getAttribute('aria-label'), POLL).toBe('打开POS售后聊天 (2 条新消息)')
    await launcher.click()
    await panel.agreesWith(server)
    await panel.button('关闭聊天窗口').click()
    await expect.poll(() => launcher.getAttribute('aria-label'), POLL).toBe('打开POS售后聊天')
  })

  it('opens again at the newest line', async () => {
    const { server, launcher, panel } = await start()
    await launcher.click()
    await panel.say('你好')
    for (let index = 1; index <= 40; index += 1) server.conversation.say('bot', `第${String(index)}行`)
    await panel.agreesWith(server)
    await panel.button('关闭聊天窗口').click()
    await launcher.waitFor()
    server.conversation.say('bot', '最新一行')
    await launcher.click()
    const newest = panel.log.getByText('最新一行')
    const isInView = () =>
      newest.evaluate((line) => {
        const { top, bottom } = line.getBoundingClientRect()
        return top > 0 && bottom < window.innerHeight
      })
    await expect.poll(isInView, POLL).toBe(true)
  })

  it('makes one launcher of two scripts, and carries out what was asked before they loaded', async () => {
    const server = await stage.startServer()
    const page = await stage.openPage(await stage.openContext())
    await page.addInitScript(() => {
      window.Posdesk = Object.assign(() => {}, { q: [['open']] })
    })
    await page.goto(server.origin)
    const panel = new PanelPage(page, page.frameLocator('iframe'))
    await panel.shows([`bot ${GREETING}`])
    await page.evaluate(() => {
      const again = document.createElement('script')
      again.src = 'widget.js'
      document.head.append(again)
      return new Promise((resolve) => again.addEventListener('load', resolve))
    })
    expect(await page.locator('posdesk-launcher').count()).toBe(1)
  })

  it('obeys the host page and nobody else', async () => {
    const { server, page, launcher, panel } = await start()
    await page.evaluate(() => window.Posdesk?.('open'))
    await panel.shows([`bot ${GREETING}`])
    // A message of the page itself is not one of the panel's.
    await page.evaluate(() => window.postMessage({ posdesk: 'close' }, '*'))
    await panel.say('还在')
    await panel.agreesWith(server)
    expect(await launcher.isVisible()).toBe(false)
    await page.evaluate(() => window.Posdesk?.('close'))
    await launcher.waitFor()
  })

  it('fills the screen of a phone, and neither page nor panel scrolls sideways', async () => {
    const { page, launcher, panel } = await start(PHONE)
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(await sideways()).toBeLessThanOrEqual(0)
    await launcher.tap()
    await panel.shows([`bot ${GREETING}`])
    const frame = page.locator('iframe')
    await expect.poll(() => frame.boundingBox(), POLL).toEqual({ x: 0, y: 0, width: 360, height: 740 })
    await page.setViewportSize({ width: 360, height: 400 })
    await expect.poll(async () => (await frame.boundingBox())?.height, POLL).toBe(400)
    const input = await panel.input.boundingBox()
    expect((input?.y ?? 0) + (input?.height ?? 0)).toBeLessThanOrEqual(400)
    expect(await sideways()).toBeLessThanOrEqual(0)
  })
})
