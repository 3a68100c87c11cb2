import { describe, expect, it } from 'vitest'
import { findChromium, whyWithoutBrowser } from './chromium.ts'

describe('the browser for the tests', () => {
  it('is the one POSDESK_CHROMIUM names, and no other when that is missing', () => {
    expect(findChromium({ POSDESK_CHROMIUM: process.execPath, PATH: '' })).toBe(process.execPath)
    expect(findChromium({ POSDESK_CHROMIUM: '/nowhere/chromium', PATH: process.env['PATH'] })).toBeUndefined()
  })

  it('may be absent on a developer’s machine, with a reason, but not under CI', () => {
    const without = { POSDESK_CHROMIUM: '', PATH: '/nowhere' }
    expect(whyWithoutBrowser(without)).toBe('no Chromium found, set POSDESK_CHROMIUM to its path')
    expect(whyWithoutBrowser({ ...without, CI: 'true' })).toBeUndefined()
    expect(whyWithoutBrowser({ ...without, POSDESK_CHROMIUM: process.execPath })).toBeUndefined()
  })
})
