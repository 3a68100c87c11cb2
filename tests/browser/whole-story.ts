import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { buildAssets } from '../../scripts/build-assets.mjs'
import { ADMIN, startWholeApp, type WholeApp } from '../e2e/whole-app.ts'
import { PASSWORD } from '../fixtures/running-server.ts'
import { launchChromium } from './chromium.ts'

/** Where screenshots go, when somebody wants to look at them. */
const SHOTS = process.env['POSDESK_PICTURES']

/** The whole product in a browser: shop pages and the console. Its pages must end without complaint. */
export class WholeStory {
  #folder = ''
  #app: WholeApp | undefined
  #browser: Browser | undefined
  readonly #contexts: BrowserContext[] = []
  /** Script errors and breaches of the content security policy. */
  readonly complaints: string[] = []

  get url(): string {
    if (this.#app === undefined) throw new Error('the app is not running')
    return this.#app.url
  }

  async start(): Promise<void> {
    this.#folder = mkdtempSync(join(tmpdir(), 'posdesk-story-'))
    const assetsDir = join(this.#folder, 'assets')
    await buildAssets(assetsDir)
    this.#app = await startWholeApp(join(this.#folder, 'store'), { assetsDir })
    this.#browser = await launchChromium()
  }

  async stop(): Promise<void> {
    await this.#browser?.close()
    await this.#app?.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Closes the pages of a test. */
  async clear(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close()
  }

  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    if (this.#browser === undefined) throw new Error('the browser is not running')
    const viewport = { width: 1280, height: 800 }
    const context = await this.#browser.newContext({ locale: 'zh-CN', viewport, ...options })
    context.setDefaultTimeout(20_000)
    this.#contexts.push(context)
    return context
  }

  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    return this.openIn(await this.context(options), path)
  }

  async openIn(context: BrowserContext, path: string): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) this.complaints.push(message.text())
    })
    await page.goto(this.url + path)
    return page
  }

  async logIn(email = ADMIN, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open('/console', options)
    await page.getByLabel('邮箱').fill(email)
    await page.getByLabel('密码').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: '工单队列' }).waitFor()
    return page
  }

  async shot(page: Page, name: string): Promise<void> {
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`) })
  }
}

/** Registers the story's hooks for the suite that calls it. */
export function useWholeStory(): WholeStory {
  const story = new WholeStory()
  beforeAll(() => story.start(), 60_000)
  afterEach(async () => {
    await story.clear()
    expect(story.complaints.splice(0)).toEqual([])
  })
  afterAll(() => story.stop())
  return story
}

/** Writes a line of the merchant's and waits until it is in the log. */
export async function sayInShop(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox').fill(text)
  await page.keyboard.press('Enter')
  await page.locator('[data-author="merchant"]', { hasText: text }).waitFor()
}
