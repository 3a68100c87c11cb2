import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { buildAssets } from '../../scripts/build-assets.mjs'
import { launchChromium } from './chromium.ts'
import { FakeServer } from './fake-server.ts'

export const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const
export const POLL = { timeout: 20_000, interval: 50 } as const

/** A browser with the built files, and for each test a server of its own. */
export class Stage {
  #browser: Browser | undefined
  #assets = ''
  readonly #servers: FakeServer[] = []
  readonly #contexts: BrowserContext[] = []
  /** What a page complained of: script errors and breaches of its content security policy. */
  readonly complaints: string[] = []

  async open(): Promise<void> {
    this.#assets = await mkdtemp(join(tmpdir(), 'posdesk-browser-'))
    await buildAssets(this.#assets)
    this.#browser = await launchChromium()
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    if (this.#assets !== '') await rm(this.#assets, { recursive: true })
  }

  /** Folder of the built files. */
  get assets(): string {
    return this.#assets
  }

  async startServer(): Promise<FakeServer> {
    const server = new FakeServer(this.#assets)
    this.#servers.push(server)
    await server.start()
    return server
  }

  async openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    if (this.#browser === undefined) throw new Error('the browser was not launched')
    const context = await this.#browser.newContext({
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    context.setDefaultTimeout(POLL.timeout)
    this.#contexts.push(context)
    return context
  }

  async openPage(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) this.complaints.push(message.text())
    })
    return page
  }

  /** Ends what a test has opened. */
  async clear(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close()
    for (const server of this.#servers.splice(0)) await server.stop()
    this.complaints.length = 0
  }
}

/** Registers the stage's hooks for the suite that calls it. Every test must leave the pages without complaint. */
export function useStage(): Stage {
  const stage = new Stage()
  beforeAll(() => stage.open(), 60_000)
  afterAll(() => stage.close())
  afterEach(async () => {
    const complaints = [...stage.complaints]
    await stage.clear()
    expect(complaints).toEqual([])
  })
  return stage
}

/** The panel as a merchant meets it: by names and roles, in a page of its own or in a frame. */
export class PanelPage {
  readonly page: Page
  readonly log: Locator
  readonly input: Locator
  readonly status: Locator
  readonly notice: Locator
  readonly typing: Locator
  readonly #scope: Pick<Page, 'getByRole' | 'getByLabel' | 'locator'>

  constructor(page: Page, scope: Pick<Page, 'getByRole' | 'getByLabel' | 'locator'> = page) {
    this.page = page
    this.#scope = scope
    this.log = scope.getByRole('log')
    this.input = scope.getByLabel('输入消息')
    this.status = scope.getByRole('status')
    this.notice = scope.locator('.notice')
    this.typing = scope.locator('.typing')
  }

  button(name: string): Locator {
    return this.#scope.getByRole('button', { name, exact: true })
  }

  choice(name: string): Locator {
    return this.#scope.getByRole('group', { name: '可选的回答' }).getByRole('button', { name, exact: true })
  }

  async say(text: string): Promise<void> {
    await this.input.fill(text)
    await this.input.press('Enter')
  }

  /** All lines on the screen, as `author text`. */
  lines(): Promise<string[]> {
    return this.log.locator('.line').evaluateAll((lines) =>
      lines.map((line) => {
        const author = line.getAttribute('data-author') ?? 'panel'
        return `${author} ${line.querySelector('.text')?.textContent ?? ''}`
      }),
    )
  }

  /** Waits until the screen shows exactly these lines. */
  async shows(lines: readonly string[]): Promise<void> {
    await expect.poll(() => this.lines(), POLL).toEqual(lines)
  }

  /** Waits until the screen shows what the server has stored, line for line. */
  async agreesWith(server: FakeServer): Promise<void> {
    const compare = async () => {
      const screen = await this.lines()
      const stored = server.conversation.lines.map(({ author, text }) => `${author} ${text}`)
      return JSON.stringify(screen) === JSON.stringify(stored) ? 'alike' : { screen, stored }
    }
    await expect.poll(compare, POLL).toBe('alike')
  }

  /** From now on remembers the most often any line of the merchant was on the screen at one time. */
  async watchDoubles(): Promise<() => Promise<number>> {
    await this.log.evaluate((log) => {
      const count = () => {
        const texts = [...log.querySelectorAll('.merchant .text')].map((text) => text.textContent)
        const most = Math.max(0, ...texts.map((text) => texts.filter((other) => other === text).length))
        document.body.dataset['most'] = String(Math.max(Number(document.body.dataset['most'] ?? 0), most))
      }
      count()
      new MutationObserver(count).observe(log, { childList: true, subtree: true, characterData: true })
    })
    return async () => Number(await this.page.evaluate(() => document.body.dataset['most'] ?? '0'))
  }
}

export async function openPanel(
  stage: Stage,
  server: { readonly origin: string },
  context: BrowserContext,
  query = '',
): Promise<PanelPage> {
  const page = await stage.openPage(context)
  await page.goto(`${server.origin}/chat${query}`)
  return new PanelPage(page)
}
