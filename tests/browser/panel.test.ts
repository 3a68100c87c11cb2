import type { BrowserContextOptions } from 'playwright-core'
import { describe, expect, it, vi } from 'vitest'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { GREETING } from './fake-conversation.ts'
import { openPanel, PHONE, POLL, useStage } from './panel-page.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const ASKED_CARD = 'bot 请换一张别的银行卡试读，读到后按取消即可，那张能读吗？'
const ASKED_WAY = 'bot 插卡、刷卡、挥卡，哪一种读不了？'

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the chat panel'), () => {
  const stage = useStage()

  async function start(options?: BrowserContextOptions, query?: string) {
    const server = await stage.startServer()
    const context = await stage.openContext(options)
    const panel = await openPanel(stage, server, context, query)
    await panel.shows([`bot ${GREETING}`])
    return { server, context, panel, page: panel.page }
  }

  it('carries a whole talk: words, buttons, an agent, and back', async () => {
    const { server, panel } = await start()
    await panel.say('刷卡提示卡片故障')
    await panel.choice('不能读').click()
    await panel.choice('都读不了').waitFor()
    expect(await panel.lines()).toEqual([
      `bot ${GREETING}`,
      'merchant 刷卡提示卡片故障',
      ASKED_CARD,
      'merchant 不能读',
      ASKED_WAY,
    ])
    await panel.button('转人工').click()
    await expect.poll(() => panel.notice.textContent(), POLL).toBe('已转人工，客服会在这里回复您')
    expect(await panel.button('转人工').isVisible()).toBe(false)
    server.conversation.setHolder('agent')
    server.conversation.say('system', '客服小陈已接入')
    server.conversation.say('agent', '您好，我是小陈。')
    await expect.poll(() => panel.notice.textContent(), POLL).toBe('人工客服正在为您服务')
    await panel.say('好的')
    await panel.log.getByText('已送达').waitFor()
    server.conversation.setHolder('bot')
    await panel.notice.waitFor({ state: 'hidden' })
    await panel.agreesWith(server)
  })

  it('offers buttons for the newest question only, and takes them away once answered', async () => {
    const { panel, server } = await start()
    await panel.say('刷卡提示卡片故障')
    await panel.choice('能读').waitFor()
    server.conversation.isThinking = true
    await panel.choice('不能读').click()
    await panel.shows([`bot ${GREETING}`, 'merchant 刷卡提示卡片故障', ASKED_CARD, 'merchant 不能读'])
    expect(await panel.choice('能读').count()).toBe(0)
    server.conversation.finishThinking()
    await panel.choice('插卡读不了').waitFor()
    expect(await panel.page.getByRole('group').getByRole('button').allTextContents()).toEqual([
      '1插卡读不了',
      '2刷磁条读不了',
      '3挥卡或手机感应不到',
      '4都读不了',
    ])
    await panel.say('插卡读不了，挥卡可以')
    await expect.poll(() => panel.page.locator('.choice').count(), POLL).toBe(0)
  })

  it('says that an answer is being written until the turn is complete', async () => {
    const { server, panel } = await start()
    server.conversation.isThinking = true
    await panel.say('在吗')
    await panel.typing.waitFor()
    expect(await panel.status.textContent()).toBe('正在输入…')
    server.conversation.finishThinking()
    await panel.shows([`bot ${GREETING}`, 'merchant 在吗', 'bot 收到：在吗'])
    await panel.typing.waitFor({ state: 'hidden' })
  })

  it('finds the history again after a reload, and the open question with it', async () => {
    const { server, panel, page } = await start()
    await panel.say('刷卡提示卡片故障')
    await panel.choice('能读').waitFor()
    await page.reload()
    await panel.agreesWith(server)
    await panel.choice('能读').click()
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(5)
    await panel.agreesWith(server)
    expect(server.conversations).toHaveLength(1)
  })

  it('reads a long talk from its end and goes back on scrolling up, without moving the text', async () => {
    const { server, panel, page } = await start()
    for (let index = 1; index <= 240; index += 1) server.conversation.say('bot', `第${String(index)}行`)
    await page.reload()
    await page.getByRole('button', { name: '查看更早的消息' }).waitFor()
    expect(await panel.lines()).toHaveLength(100)
    const oldest = panel.log.getByText('第141行', { exact: true })
    // Just short of the beginning nothing is asked for; reaching it is asking.
    await page.locator('.scroll').evaluate((area) => area.scrollTo(0, 60))
    const before = await oldest.evaluate((line) => line.getBoundingClientRect().top)
    expect(await panel.lines()).toHaveLength(100)
    await page.locator('.scroll').evaluate((area) => area.scrollTo(0, 10))
    await expect.poll(async () => (await panel.lines()).length, POLL).toBe(200)
    const after = await oldest.evaluate((line) => line.getBoundingClientRect().top)
    expect(Math.abs(after - before)).toBeLessThan(60)
    await page.getByRole('button', { name: '查看更早的消息' }).click()
    await panel.agreesWith(server)
    expect(await page.getByRole('button', { name: '查看更早的消息' }).isVisible()).toBe(false)
  })

  it('stays where the merchant is reading and says that there is more below', async () => {
    const { server, panel, page } = await start()
    for (let index = 1; index <= 40; index += 1) server.conversation.say('bot', `第${String(index)}行`)
    await panel.agreesWith(server)
    await page.locator('.scroll').evaluate((area) => area.scrollTo(0, 0))
    await expect.poll(() => page.locator('.scroll').evaluate((area) => area.scrollTop), POLL).toBe(0)
    server.conversation.say('agent', '最新一行')
    await page.getByRole('button', { name: '有新消息' }).click()
    await expect
      .poll(
        () =>
          page.locator('.scroll').evaluate((area) => area.scrollHeight - area.scrollTop - area.clientHeight),
        POLL,
      )
      .toBeLessThan(2)
  })

  it('takes no Enter that belongs to the input method', async () => {
    const { server, context, panel, page } = await start()
    await panel.input.focus()
    const cdp = await context.newCDPSession(page)
    await cdp.send('Input.imeSetComposition', { text: 'ka pian', selectionStart: 7, selectionEnd: 7 })
    await panel.input.press('Enter')
    await panel.input.evaluate((input) => {
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true }))
    })
    expect(await panel.lines()).toHaveLength(1)
    await panel.input.fill('')
    await cdp.send('Input.imeSetComposition', { text: 'ka pian', selectionStart: 7, selectionEnd: 7 })
    await cdp.send('Input.insertText', { text: '卡片故障' })
    await panel.input.press('Shift+Enter')
    await panel.input.pressSequentially('A920')
    await panel.input.press('Enter')
    await panel.shows([`bot ${GREETING}`, 'merchant 卡片故障\nA920', 'bot 收到：卡片故障\nA920'])
    expect(server.conversation.lines).toHaveLength(3)
    expect(await panel.input.inputValue()).toBe('')
  })

  it('can be used with the keyboard alone', async () => {
    const { server, panel, page } = await start()
    const focused = () =>
      page.evaluate(() => {
        const active = document.activeElement
        return active?.getAttribute('aria-label') ?? (active?.id || (active?.textContent ?? ''))
      })
    const stops: string[] = []
    for (let index = 0; index < 4; index += 1) {
      await page.keyboard.press('Tab')
      stops.push(await focused())
    }
    expect(stops).toEqual(['转人工', '聊天记录', '发图片', 'message'])
    await page.keyboard.type('刷卡提示卡片故障')
    await page.keyboard.press('Enter')
    await panel.choice('不能读').waitFor()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).toBe('2不能读')
    await page.keyboard.press('Enter')
    await panel.choice('都读不了').waitFor()
    // The pressed button is gone: the focus stays in the talk, right before the next buttons.
    expect(await focused()).toBe('聊天记录')
    for (let index = 0; index < 4; index += 1) await page.keyboard.press('Tab')
    expect(await focused()).toBe('4都读不了')
    await page.keyboard.press('Space')
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(7)
    await panel.agreesWith(server)
  })

  it('keeps what is too long and says by how much', async () => {
    const { server, panel, page } = await start()
    await panel.input.fill('刷'.repeat(3_650))
    expect(await page.locator('.counter').textContent()).toBe('3650 / 4000 字')
    await panel.input.fill('刷'.repeat(4_120))
    expect(await page.locator('.counter').textContent()).toBe('超出 120 字')
    expect(await panel.status.textContent()).toBe('超出 120 字')
    expect(await panel.button('发送').isEnabled()).toBe(false)
    await panel.input.press('Enter')
    expect(await panel.lines()).toHaveLength(1)
    expect((await panel.input.inputValue()).length).toBe(4_120)
    const lineHeight = await panel.input.evaluate((input) =>
      Number.parseFloat(getComputedStyle(input).lineHeight),
    )
    const height = await panel.input.evaluate((input) => input.clientHeight)
    expect(height).toBeLessThan(lineHeight * 5)
    await panel.input.fill('刷'.repeat(4_000))
    await panel.button('发送').click()
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(3)
    await panel.agreesWith(server)
  })

  it('shows hostile text as text', async () => {
    const hostile = [
      '<img src=x onerror="document.title=1">',
      '<script>document.title=1</script>',
      '"><svg onload=alert(1)>',
      '<a href="javascript:alert(1)">点我</a> https://evil.example/点我',
      '{{constructor.constructor("alert(1)")()}} ${alert(1)}',
      '\u202Eevil\u202C <b>粗</b> &lt;i&gt; &#x3C;u&#x3E;',
      `z\u0301\u0302\u0303\u0304\u0305 ${'长'.repeat(300)} ${'A'.repeat(300)}`,
    ]
    const { server, panel, page } = await start(PHONE)
    const dialogs: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    for (const text of hostile) {
      await panel.say(text)
      await panel.agreesWith(server)
    }
    server.conversation.say('agent', hostile.join('\n'), [
      { id: 'x', label: '<b onmouseover=alert(1)>选我</b>' },
    ])
    await panel.choice('<b onmouseover=alert(1)>选我</b>').waitFor()
    await panel.agreesWith(server)
    const tags = await page
      .locator('.scroll')
      .evaluate((area) =>
        [...new Set([...area.querySelectorAll('*')].map((inner) => inner.localName))].sort(),
      )
    expect(tags).toEqual(['button', 'div', 'i', 'p', 'span', 'time'])
    expect(await page.title()).toBe('POS售后助手')
    expect(dialogs).toEqual([])
    const overflow = await page.locator('.scroll').evaluate((area) => area.scrollWidth - area.clientWidth)
    expect(overflow).toBeLessThanOrEqual(0)
  })

  it.each([360, 320])('fits a phone %d px wide, with the keyboard open too', async (width) => {
    const { server, panel, page } = await start({ ...PHONE, viewport: { width, height: 740 } })
    await panel.say('刷卡提示卡片故障')
    await panel.choice('不能读').tap()
    await panel.choice('挥卡或手机感应不到').waitFor()
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(await sideways()).toBeLessThanOrEqual(0)
    // A finger on a button does not open the keyboard.
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('message')
    await page.setViewportSize({ width, height: 380 })
    await panel.input.tap()
    await page.keyboard.type('还是不行')
    // In the fake browser the keyboard is a lower window.
    const isInView = async (selector: string) => {
      const box = await page.locator(selector).last().boundingBox()
      return box !== null && box.y >= 0 && box.y + box.height <= 380
    }
    await expect.poll(() => isInView('#message'), POLL).toBe(true)
    await expect.poll(() => isInView('.choice'), POLL).toBe(true)
    expect(await sideways()).toBeLessThanOrEqual(0)
    await page.keyboard.press('Enter')
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(7)
    await panel.agreesWith(server)
  })

  it('is big enough for fingers', async () => {
    const { panel, page } = await start(PHONE)
    await panel.say('刷卡提示卡片故障')
    await panel.choice('能读').waitFor()
    for (const button of await page.getByRole('button').all()) {
      const box = await button.boundingBox()
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(40)
    }
  })

  it('follows the dark setting of the phone', async () => {
    const light = await start()
    const dark = await start({ colorScheme: 'dark' })
    const colours = (page: typeof dark.page) =>
      page.evaluate(() => {
        const style = getComputedStyle(document.body)
        return [style.backgroundColor, style.color]
      })
    expect(await colours(light.page)).toEqual(['rgb(247, 246, 243)', 'rgb(29, 35, 32)'])
    expect(await colours(dark.page)).toEqual(['rgb(21, 24, 22)', 'rgb(232, 235, 232)'])
  })

  it('keeps still when asked to', async () => {
    const { server, panel, page } = await start({ reducedMotion: 'reduce' })
    server.conversation.isThinking = true
    await panel.say('在吗')
    await panel.typing.waitFor()
    const moving = await page.evaluate(
      () =>
        document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().duration !== 0)
          .length,
    )
    expect(moving).toBe(0)
  })

  it('speaks English when asked', async () => {
    const { page } = await start({}, '?lang=en')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    await page.getByLabel('Your message').fill('hello')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('收到：hello').waitFor()
    await page.getByText('Never send card numbers, passwords or codes').waitFor()
  })

  it('shows the masked line in place of what was typed', async () => {
    const { server, panel } = await start()
    const most = await panel.watchDoubles()
    await panel.say('卡号 6200000000000005 读不了')
    await panel.shows([
      `bot ${GREETING}`,
      'merchant 卡号 [卡号****0005] 读不了',
      'bot 收到：卡号 6200000000000005 读不了',
    ])
    expect(await most()).toBe(1)
    const kept = () => panel.page.evaluate(() => JSON.stringify({ ...localStorage }))
    await expect.poll(kept, POLL).not.toContain('6200000000000005')
    expect(server.conversation.lines).toHaveLength(3)
  })
})
