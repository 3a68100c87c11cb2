import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { buildAssets } from '../../scripts/build-assets.mjs'
import { launchChromium } from '../browser/chromium.ts'
import { FakeDesk, ORIGIN } from './fake-desk.ts'

export type Open = {
  (hash?: string, prepare?: (desk: FakeDesk) => void, options?: BrowserContextOptions): Promise<Opened>
}
export type Opened = { readonly page: Page; readonly desk: FakeDesk }

/** A browser with the built console. Every page must end without script errors or breaches of its policy. */
export function useConsole(): Open {
  let browser: Browser
  let assets = ''
  const contexts: BrowserContext[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    assets = await mkdtemp(join(tmpdir(), 'posdesk-console-'))
    await buildAssets(assets)
    browser = await launchChromium()
  }, 60_000)
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
    expect(complaints.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    await rm(assets, { recursive: true })
  })

  return async (hash = '', prepare = () => undefined, options = {}) => {
    const context = await browser.newContext({
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    context.setDefaultTimeout(10_000)
    contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
    })
    const desk = new FakeDesk(assets)
    prepare(desk)
    await desk.serve(page)
    await page.goto(`${ORIGIN}/console${hash}`)
    return { page, desk }
  }
}
