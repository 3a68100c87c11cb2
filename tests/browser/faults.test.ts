import type { Page } from 'playwright-core'
import { describe, expect, it, vi } from 'vitest'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { GREETING } from './fake-conversation.ts'
import { openPanel, POLL, useStage } from './panel-page.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const CUTS = 200

/** A small reproducible random number generator (mulberry32), in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What a phone says when it has changed from one network to another. */
const changeNetwork = (page: Page) => page.evaluate(() => window.dispatchEvent(new Event('online')))

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the chat panel on a bad line'), () => {
  const stage = useStage()

  async function start() {
    const server = await stage.startServer()
    const context = await stage.openContext()
    const panel = await openPanel(stage, server, context)
    await panel.shows([`bot ${GREETING}`])
    return { server, context, panel, page: panel.page }
  }

  it(`loses and doubles nothing when its connections are cut ${String(CUTS)} times`, async () => {
    const { server, panel, page } = await start()
    const most = await panel.watchDoubles()
    const random = seeded(20_261_125)
    const written: string[] = []
    const say = async (text: string) => {
      written.push(text)
      await panel.say(text)
    }
    await say('第0句')
    await panel.agreesWith(server)
    let cuts = 0
    for (let turn = 1; cuts < CUTS; turn += 1) {
      const name = String(turn)
      if (random() < 0.4) server.loseAnswers = 1
      if (random() < 0.5) await say(`第${name}句`)
      if (random() < 0.5) server.conversation.say('agent', `切断前${name}`)
      // Where nothing is connected nothing is cut.
      if (server.cutConnections() > 0) cuts += 1
      server.conversation.say('bot', `切断后${name}`)
      if (random() < 0.3) await say(`断线时第${name}句`)
      if (random() < 0.8) await changeNetwork(page)
      if (random() < 0.6) await panel.log.getByText(`切断后${name}`, { exact: true }).waitFor()
    }
    await expect.poll(() => page.locator('[data-state]').count(), POLL).toBe(0)
    await panel.agreesWith(server)
    const seqs = await page
      .locator('[data-seq]')
      .evaluateAll((lines) => lines.map((line) => Number(line.getAttribute('data-seq'))))
    expect(seqs).toEqual(server.conversation.lines.map(({ seq }) => seq))
    const stored = server.conversation.lines.filter(({ author }) => author === 'merchant')
    expect(stored.map(({ text }) => text)).toEqual(written)
    expect(await most()).toBe(1)
  })

  it('does not double a message whose answer was lost', async () => {
    const { server, panel } = await start()
    const most = await panel.watchDoubles()
    server.loseAnswers = 2
    await panel.say('只说一次')
    await panel.shows([`bot ${GREETING}`, 'merchant 只说一次', 'bot 收到：只说一次'])
    await expect
      .poll(() => server.requests.filter((route) => route === 'POST /widget/v1/messages').length, POLL)
      .toBe(3)
    await panel.say('还有一件事')
    await panel.agreesWith(server)
    expect(server.conversation.lines).toHaveLength(5)
    expect(await most()).toBe(1)
  })

  it('does not double a message whose line comes before its answer', async () => {
    const { server, panel, page } = await start()
    const most = await panel.watchDoubles()
    server.holdsAnswers = true
    await panel.say('慢回执')
    await panel.shows([`bot ${GREETING}`, 'merchant 慢回执', 'bot 收到：慢回执'])
    server.releaseAnswers()
    const kept = () => page.evaluate(() => Object.keys(localStorage))
    await expect.poll(kept, POLL).toEqual(['posdesk.session'])
    await panel.agreesWith(server)
    expect(await most()).toBe(1)
  })

  it('keeps what is written without a network and sends it afterwards, in order', async () => {
    const { server, context, panel, page } = await start()
    const most = await panel.watchDoubles()
    await context.setOffline(true)
    await expect.poll(() => panel.notice.textContent(), POLL).toBe('网络断开，恢复后会自动发送')
    await panel.say('第一句')
    await panel.say('第二句')
    await panel.shows([`bot ${GREETING}`, 'merchant 第一句', 'merchant 第二句'])
    expect(server.conversation.lines).toEqual([])
    await context.setOffline(false)
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(5)
    await panel.agreesWith(server)
    await panel.notice.waitFor({ state: 'hidden' })
    await expect.poll(() => page.locator('[data-state]').count(), POLL).toBe(0)
    expect(await most()).toBe(1)
  })

  it('keeps unsent messages over a reload', async () => {
    const { server, panel, page } = await start()
    await page.route('**/widget/v1/messages', (route) => route.abort())
    await panel.say('刷新前写的')
    await expect.poll(() => page.locator('[data-state=delayed]').count(), POLL).toBe(1)
    await page.unroute('**/widget/v1/messages')
    await page.reload()
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(3)
    await panel.agreesWith(server)
    expect(server.conversation.lines.map(({ text }) => text)).toEqual([
      GREETING,
      '刷新前写的',
      '收到：刷新前写的',
    ])
  })

  it('does not double a message over a reload when the server had it already', async () => {
    const { server, panel, page } = await start()
    server.loseAnswers = 100
    await panel.say('已经收到的')
    await panel.shows([`bot ${GREETING}`, 'merchant 已经收到的', 'bot 收到：已经收到的'])
    await page.reload()
    await panel.agreesWith(server)
    server.loseAnswers = 0
    await changeNetwork(page)
    await expect.poll(() => page.evaluate(() => Object.keys(localStorage)), POLL).toEqual(['posdesk.session'])
    await panel.agreesWith(server)
    expect(server.conversation.lines).toHaveLength(3)
  })

  it('gets over a restart of the server', async () => {
    const { server, panel } = await start()
    await panel.say('重启前')
    await panel.agreesWith(server)
    await server.stop()
    await panel.say('停机时')
    await expect.poll(() => panel.notice.textContent(), POLL).toBe('暂时连不上服务器，正在重试，消息不会丢失')
    await panel.log.getByRole('button', { name: '立即重发' }).waitFor()
    await server.start()
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(5)
    await panel.agreesWith(server)
    await panel.notice.waitFor({ state: 'hidden' })
    server.conversation.say('agent', '重启后')
    await panel.agreesWith(server)
  })

  it('polls where streams do not get through', async () => {
    const server = await stage.startServer()
    server.breaksStreams = true
    const panel = await openPanel(stage, server, await stage.openContext())
    await panel.say('你好')
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(3)
    await panel.agreesWith(server)
    const countStreams = () => server.requests.filter((route) => route === 'GET /widget/v1/stream').length
    const tried = countStreams()
    for (let index = 1; index <= 3; index += 1) {
      server.conversation.say('agent', `我是小陈${String(index)}`)
      await panel.agreesWith(server)
    }
    expect(countStreams()).toBe(tried)
  })

  it('waits quietly when the server is busy', async () => {
    const { server, panel, page } = await start()
    const busy = { status: 503, code: 'unavailable', detail: '忙', retryAfter: 1 }
    server.refusePosts = { left: 2, with: busy }
    await panel.say('排队')
    await panel.shows([`bot ${GREETING}`, 'merchant 排队'])
    expect(await page.locator('[data-state=failed], [data-state=delayed]').count()).toBe(0)
    await panel.shows([`bot ${GREETING}`, 'merchant 排队', 'bot 收到：排队'])
    expect(await panel.notice.isVisible()).toBe(false)
    expect(server.conversation.lines).toHaveLength(3)
  })

  it('shows why a message was refused, and lets it be changed or dropped', async () => {
    const { server, panel, page } = await start()
    const refusal = { status: 400, code: 'invalid', detail: '消息里有不能识别的字符' }
    server.refusePosts = { left: 2, with: refusal }
    await panel.say('第一句坏的')
    await page.getByText('发送失败：消息里有不能识别的字符').waitFor()
    await panel.say('第二句坏的')
    await expect.poll(() => page.locator('[data-state=failed]').count(), POLL).toBe(2)
    await panel.say('好的一句')
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(3)
    await page.reload()
    await expect.poll(() => page.locator('[data-state=failed]').count(), POLL).toBe(2)
    await panel.button('删除').first().click()
    await panel.button('修改').click()
    expect(await panel.input.inputValue()).toBe('第二句坏的')
    await panel.input.press('End')
    await panel.input.pressSequentially('，改好了')
    await panel.input.press('Enter')
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(5)
    await panel.agreesWith(server)
  })

  it('goes on in a new conversation when the old session is gone, with what was not sent', async () => {
    const { server, panel, page } = await start()
    await panel.say('刷卡提示卡片故障')
    await panel.choice('不能读').waitFor()
    server.forgetSessions()
    await panel.choice('不能读').click()
    await panel.log.getByText('之前的对话已过期，已为您重新开始').waitFor()
    await expect.poll(() => server.conversation.lines.length, POLL).toBe(3)
    expect(server.conversations).toHaveLength(2)
    expect(server.conversation.lines.map(({ text }) => text)).toEqual([
      GREETING,
      '不能读',
      '插卡、刷卡、挥卡，哪一种读不了？',
    ])
    await page.reload()
    await panel.agreesWith(server)
    expect(server.conversations).toHaveLength(2)
  })

  it('keeps several tabs of one merchant alike', async () => {
    const { server, context, panel } = await start()
    const other = await openPanel(stage, server, context)
    await other.shows([`bot ${GREETING}`])
    await panel.say('从第一个窗口')
    await other.agreesWith(server)
    await other.say('从第二个窗口')
    await panel.agreesWith(server)
    await other.agreesWith(server)
    expect(server.conversations).toHaveLength(1)
    expect(server.conversation.lines).toHaveLength(5)
  })

  it('shares one session between tabs opened in the same moment', async () => {
    const server = await stage.startServer()
    const context = await stage.openContext()
    const tabs = await Promise.all([1, 2, 3].map(() => openPanel(stage, server, context)))
    for (const tab of tabs) await tab.shows([`bot ${GREETING}`])
    expect(server.conversations).toHaveLength(1)
  })
})
