import { App, ExpressReceiver, LogLevel } from '@slack/bolt'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { renderLine } from '../../../src/channels/slack/render.ts'
import { SIGNING_SECRET, SlackPusher } from '../../fixtures/slack/slack-pusher.ts'

// Bolt knows Slack on its own: what it takes from our pusher, Slack could have sent.
const seen: string[] = []
const now = { ms: Date.now() }
let pusher: SlackPusher
let stop: () => Promise<unknown>

beforeAll(async () => {
  const receiver = new ExpressReceiver({
    signingSecret: SIGNING_SECRET,
    logLevel: LogLevel.ERROR,
    endpoints: { events: '/channels/slack/events', actions: '/channels/slack/actions' },
  })
  const app = new App({
    receiver,
    logLevel: LogLevel.ERROR,
    authorize: async () => ({ botToken: 'xoxb-test', botId: 'B1', botUserId: 'UB0T' }),
  })
  app.message(async ({ message }) => void seen.push('text' in message ? `said ${message.text}` : 'said'))
  app.action(/^choice:/u, async ({ ack, action }) => {
    await ack()
    seen.push('value' in action ? `pressed ${action.value}` : 'pressed')
  })
  const server = await receiver.start(0)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Bolt has no port')
  pusher = new SlackPusher(`http://127.0.0.1:${address.port}`, () => now.ms)
  stop = () => receiver.stop()
})

beforeEach(() => {
  seen.length = 0
  now.ms = Date.now()
})

afterAll(() => stop())

describe('Bolt takes from our pusher', () => {
  it('the question whether the address is its own', async () => {
    const answer = await pusher.push('events', '{"type":"url_verification","token":"x","challenge":"c-1"}')
    expect([answer.status, await answer.json()]).toEqual([200, { challenge: 'c-1' }])
  })

  it('a message', async () => {
    expect((await pusher.say('打印机不出票')).status).toBe(200)
    await expect.poll(() => seen).toEqual(['said 打印机不出票'])
  })

  it('a press of a button as we render it', async () => {
    const { text, blocks } = renderLine({
      seq: 7,
      author: 'bot',
      text: '那张能读吗？',
      choices: [{ id: 'yes', label: '能读' }],
      at: 0,
    })
    const posted = { ts: '5.5', channel: 'D123', fields: { text, blocks: JSON.stringify(blocks) } }
    expect((await pusher.press(posted, 'yes')).status).toBe(200)
    expect(seen).toEqual(['pressed yes'])
  })

  it('nothing that is stale or not signed', async () => {
    now.ms = Date.now() - 400_000
    expect((await pusher.say('您好')).status).toBe(401)
    now.ms = Date.now()
    const forged = { 'X-Slack-Signature': `v0=${'0'.repeat(64)}` }
    expect((await pusher.push('events', '{}', forged)).status).toBe(401)
    expect(seen).toEqual([])
  })
})
