import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { GREETING } from '../fixtures/echo-receive.ts'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { PanelPage, POLL, useStage } from './panel-page.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const SECRET = 'widget-identity-secret'

/** What a shop's own server signs for a merchant who is logged in there. */
function identityToken(sub: string): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub, aud: 'posdesk-widget', iat: now, exp: now + 300 })}`
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
}

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the widget on a foreign page'), () => {
  const stage = useStage()
  const running: RunningServer[] = []
  const hosts: Server[] = []
  afterEach(async () => {
    for (const host of hosts.splice(0)) {
      host.closeAllConnections()
      host.close()
    }
    for (const server of running.splice(0)) await server.close(0)
  })

  /** A page on another origin, with a policy as the documentation asks for it and the worst manners otherwise. */
  async function startHost(head: string): Promise<{ origin: string; serve(widget: string): void }> {
    let widget = ''
    const host = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.setHeader(
        'Content-Security-Policy',
        `default-src 'none'; script-src ${widget} 'unsafe-inline'; style-src 'unsafe-inline'; frame-src ${widget}`,
      )
      response.end(
        `<!doctype html><title>shop</title>${head}<body><p>shop</p><script src="${widget}/widget.js" async></script>`,
      )
    })
    hosts.push(host)
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
    const address = host.address()
    if (address === null || typeof address === 'string') throw new Error('the host has no port')
    return { origin: `http://127.0.0.1:${address.port}`, serve: (url) => void (widget = url) }
  }

  async function open(head: string): Promise<{ panel: PanelPage; server: RunningServer }> {
    const host = await startHost(head)
    const server = await startServer({
      assetsDir: stage.assets,
      identitySecret: SECRET,
      settings: { allowedOrigins: [host.origin] },
    })
    running.push(server)
    host.serve(server.url)
    const page = await stage.openPage(await stage.openContext())
    await page.goto(host.origin)
    await page.getByRole('button', { name: '打开POS售后聊天' }).click()
    return { panel: new PanelPage(page, page.frameLocator('iframe')), server }
  }

  it.each([
    [
      'resets every style',
      '<style>body * { all: unset !important; display: none !important } button, iframe { width: 1px !important; opacity: 0 !important }</style>',
    ],
    [
      'poisons prototypes and replaces what scripts rely on',
      `<script>Object.prototype.q = [['close']]; Object.prototype.posdesk = 'close'; Array.prototype.extra = 1;
        window.JSON = { parse() {}, stringify() {} }; window.Promise = undefined; window.fetch = () => {}</script>`,
    ],
  ])('works where the page %s', async (_name, head) => {
    const { panel } = await open(head)
    await panel.say('你好')
    await panel.shows([`bot ${GREETING}`, 'merchant 你好', 'bot 收到：你好'])
    const frame = panel.page.locator('posdesk-launcher iframe')
    const box = await frame.boundingBox()
    expect(box?.width).toBeGreaterThan(300)
    expect(await frame.evaluate((node) => getComputedStyle(node).opacity)).toBe('1')
  })

  it('is not shown on a page that is not allowed to', async () => {
    const host = await startHost('')
    const server = await startServer({ assetsDir: stage.assets })
    running.push(server)
    host.serve(server.url)
    const page = await (await stage.openContext()).newPage()
    await page.goto(host.origin)
    await page.getByRole('button', { name: '打开POS售后聊天' }).click()
    await page.waitForTimeout(500)
    expect(await page.frameLocator('iframe').getByRole('log').count()).toBe(0)
  })

  it('goes on as the merchant whom the page’s own server vouches for, on any device', async () => {
    const identify = (panel: PanelPage, sub: string): Promise<void> =>
      panel.page.evaluate((token) => window.Posdesk?.('identify', token), identityToken(sub))
    const { panel, server } = await open('')
    await panel.shows([`bot ${GREETING}`])
    await identify(panel, 'merchant-42')
    await expect
      .poll(() => panel.page.frameLocator('iframe').locator('.panel[data-connection="live"]').count(), POLL)
      .toBe(1)
    await panel.say('我是42号')
    await panel.shows([`bot ${GREETING}`, 'merchant 我是42号', 'bot 收到：我是42号'])
    const host = new URL(panel.page.url()).origin
    const elsewhere = await stage.openPage(await stage.openContext())
    await elsewhere.addInitScript((token) => {
      window.Posdesk = Object.assign(() => {}, { q: [['identify', token], ['open']] })
    }, identityToken('merchant-42'))
    await elsewhere.goto(host)
    const second = new PanelPage(elsewhere, elsewhere.frameLocator('iframe'))
    await second.shows([`bot ${GREETING}`, 'merchant 我是42号', 'bot 收到：我是42号'])
    await identify(second, 'merchant-43')
    await second.shows([`bot ${GREETING}`])
    expect(server.logged.filter(({ level }) => level === 'error')).toEqual([])
  })
})
