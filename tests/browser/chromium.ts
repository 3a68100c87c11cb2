import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The system's browser: what POSDESK_CHROMIUM names, else the first known name on PATH. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env['POSDESK_CHROMIUM']
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path))
}

/** Why browser tests are left out here, if they are. Under CI an absent browser is a failure instead. */
export function whyWithoutBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findChromium(env) === undefined && env['CI'] !== 'true'
    ? 'no Chromium found, set POSDESK_CHROMIUM to its path'
    : undefined
}

/** A suite's title, with the reason when it is skipped. */
export function browserTitle(title: string): string {
  const reason = whyWithoutBrowser()
  return reason === undefined ? title : `${title} (skipped: ${reason})`
}

export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('no Chromium found, set POSDESK_CHROMIUM to its path')
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
