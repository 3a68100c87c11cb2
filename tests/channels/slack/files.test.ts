import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchFile } from '../../../src/channels/slack/files.ts'

afterEach(() => vi.restoreAllMocks())

describe('a file of a merchant', () => {
  it.each([
    'http://files.slack.com/files-pri/T1-F1/a.png',
    'https://files.slack.com.example/files-pri/T1-F1/a.png',
    'https://slack.example/a.png',
    'https://hooks.slack.com/a.png',
    'file:///etc/passwd',
    'a.png',
  ])('at %s is not asked for', async (address) => {
    const asked = vi.spyOn(globalThis, 'fetch')
    expect(await fetchFile(address, { token: 'xoxb-1', apiBase: undefined })).toBeUndefined()
    expect(asked).not.toHaveBeenCalled()
  })

  it('is asked for at Slack, with the token', async () => {
    const asked = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('bytes'))
    const address = 'https://files.slack.com/files-pri/T1-F1/a.png'
    const bytes = await fetchFile(address, { token: 'xoxb-1', apiBase: undefined })
    expect(Buffer.from(bytes ?? []).toString()).toBe('bytes')
    expect(asked.mock.calls[0]?.[1]).toMatchObject({ headers: { Authorization: 'Bearer xoxb-1' } })
  })
})
