import { describe, expect, it, vi } from 'vitest'
import { GREETING } from '../fixtures/echo-receive.ts'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { useRealServers } from './real-server.ts'
import { openPanel, PanelPage, POLL, useStage } from './panel-page.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the pages on the real server'), () => {
  const stage = useStage()
  const start = useRealServers(stage)

  it('talk, keep the history over a reload and say who answers', async () => {
    const server = await start()
    const panel = await openPanel(stage, { origin: server.url }, await stage.openContext())
    await panel.shows([`bot ${GREETING}`])
    await expect.poll(() => panel.page.locator('.state').textContent(), POLL).toBe('在线 · 示例支付')
    await panel.say('刷卡没反应')
    const talk = [`bot ${GREETING}`, 'merchant 刷卡没反应', 'bot 收到：刷卡没反应']
    await panel.shows(talk)
    await panel.typing.waitFor({ state: 'hidden' })
    await panel.page.reload()
    await panel.shows(talk)
    await panel.say('人工')
    await expect
      .poll(() => panel.notice.textContent(), POLL)
      .toBe('已转人工，您排在第1位，客服会在这里回复您')
  })

  it('open in a frame of the demo shop under the real security headers', async () => {
    const server = await start()
    const page = await stage.openPage(await stage.openContext())
    await page.goto(server.url)
    await page.getByRole('button', { name: '打开POS售后聊天' }).click()
    const panel = new PanelPage(page, page.frameLocator('iframe'))
    await panel.say('你好')
    await panel.shows([`bot ${GREETING}`, 'merchant 你好', 'bot 收到：你好'])
    await panel.button('关闭聊天窗口').click()
    await page.getByRole('button', { name: /^打开POS售后聊天/ }).waitFor()
  })
})
