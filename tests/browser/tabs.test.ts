import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, it, vi } from 'vitest'
import { GREETING } from '../fixtures/echo-receive.ts'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { useRealServers } from './real-server.ts'
import { openPanel, POLL, useStage } from './panel-page.ts'
import type { MerchantAddress } from '../../src/app/ports.ts'
import type { RunningServer } from '../fixtures/running-server.ts'
import type { PanelPage } from './panel-page.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 })

/** Two more than the connections that HTTP/1.1 leaves to all tabs of an origin. */
const TABS = 8

/** Tells which pages of a browser have a stream open, and the most there ever were. */
function watchStreams(context: BrowserContext) {
  const open = new Map<object, Page>()
  let most = 0
  context.on('request', (request) => {
    if (!request.url().endsWith('/widget/v1/stream')) return
    open.set(request, request.frame().page())
    most = Math.max(most, open.size)
  })
  context.on('requestfailed', (request) => void open.delete(request))
  context.on('requestfinished', (request) => void open.delete(request))
  return {
    most: () => most,
    readers: () => [...open.values()].filter((page) => !page.isClosed()),
  }
}

/** Writes as a member of staff would: a stored line, and the news of it. */
async function sayAsAgent({ store, bus }: RunningServer, address: MerchantAddress, text: string) {
  const lastSeq = await store.turn(address, (current) => {
    if (current === undefined) throw new Error('the merchant has not written yet')
    const seq = current.lastSeq + 1
    const transcript = [...current.transcript, { seq, author: 'agent' as const, text, at: Date.now() }]
    return { conversation: { ...current, lastSeq: seq, transcript }, result: seq }
  })
  bus.publish({ address, lastSeq })
}

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('eight tabs of one browser'), () => {
  const stage = useStage()
  const startReal = useRealServers(stage)

  async function start() {
    const server = await startReal()
    const addresses: MerchantAddress[] = []
    server.bus.subscribeAll(({ address }) => void addresses.push(address))
    const address = () => {
      const newest = addresses[addresses.length - 1]
      if (newest === undefined) throw new Error('nobody has written yet')
      return newest
    }
    const context = await stage.openContext()
    const streams = watchStreams(context)
    const tabs: PanelPage[] = []
    for (let tab = 0; tab < TABS; tab += 1) {
      const panel = await openPanel(stage, { origin: server.url }, context)
      await panel.shows([`bot ${GREETING}`])
      tabs.push(panel)
    }
    return { server, address, streams, tabs }
  }

  function find(tabs: readonly PanelPage[], isWanted: (tab: PanelPage) => boolean): PanelPage {
    const tab = tabs.find(isWanted)
    if (tab === undefined) throw new Error('no such tab')
    return tab
  }

  const show = async (tabs: readonly PanelPage[], lines: readonly string[]) => {
    for (const tab of tabs) await tab.shows(lines)
  }

  it('read one stream, and each shows every line once', async () => {
    const { server, address, streams, tabs } = await start()
    await expect.poll(() => streams.readers().length, POLL).toBe(1)
    const follower = find(tabs, ({ page }) => !streams.readers().includes(page))
    const doubles = await Promise.all(tabs.map((tab) => tab.watchDoubles()))
    await follower.say('刷卡没反应')
    const talk = [`bot ${GREETING}`, 'merchant 刷卡没反应', 'bot 收到：刷卡没反应']
    await show(tabs, talk)
    await sayAsAgent(server, address(), '我是小陈')
    await show(tabs, [...talk, 'agent 我是小陈'])
    for (const tab of tabs)
      await expect.poll(() => tab.page.locator('.state').textContent(), POLL).toBe('在线 · 示例支付')
    for (const most of doubles) expect(await most()).toBe(1)
    expect(streams.most()).toBe(1)
  })

  it('go on when the tab that reads is closed, and lose nothing', async () => {
    const { server, address, streams, tabs } = await start()
    await tabs[0]?.say('你好')
    const talk = [`bot ${GREETING}`, 'merchant 你好', 'bot 收到：你好']
    await show(tabs, talk)
    let left = tabs
    for (const round of ['一', '二', '三']) {
      const leader = find(left, ({ page }) => streams.readers().includes(page))
      left = left.filter((tab) => tab !== leader)
      await Promise.all([leader.page.close(), sayAsAgent(server, address(), `关了第${round}个`)])
      talk.push(`agent 关了第${round}个`)
      await show(left, talk)
      await expect.poll(() => streams.readers().length, POLL).toBe(1)
    }
    await left[left.length - 1]?.say('还在吗')
    await show(left, [...talk, 'merchant 还在吗', 'bot 收到：还在吗'])
  })
})
