import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signSlack } from '../../src/channels/slack/verify.ts'
import { AppError } from '../../src/core/errors.ts'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'
import { sample } from '../fixtures/pictures.ts'
import { FakeSlack } from '../fixtures/slack/fake-slack.ts'
import { SIGNING_SECRET, SlackPusher, TEAM } from '../fixtures/slack/slack-pusher.ts'
import { SteadyClock } from '../fixtures/steady.ts'

const direct = { channel: 'slack', merchantKey: `${TEAM}:D123` } as const

let fake: FakeSlack
let clock: SteadyClock
let server: RunningServer
let pusher: SlackPusher

beforeEach(async () => {
  fake = await FakeSlack.start()
  clock = new SteadyClock()
  server = await startServer({ clock, slackApi: fake.url })
  await server.ready
  pusher = new SlackPusher(server.url, () => clock.now())
})

afterEach(async () => {
  await server.close()
  await fake.stop()
})

const said = async (): Promise<readonly string[]> =>
  ((await server.store.findCurrent(direct))?.transcript ?? [])
    .filter(({ author }) => author === 'merchant')
    .map(({ text }) => text)

describe('the events address', () => {
  it('answers Slack’s question whether it is ours', async () => {
    const answer = await pusher.push('events', '{"type":"url_verification","token":"x","challenge":"c-1"}')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ challenge: 'c-1' })
  })

  it('stores a message, queues its answers in the same write, and says nothing in its own answer', async () => {
    const answer = await pusher.say('打印机不出票')
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('')
    expect(await said()).toEqual(['打印机不出票'])
    const talk = await server.store.findCurrent(direct)
    expect(talk?.outbox?.map(({ seq, state }) => `${seq} ${state}`)).toEqual(['1 queued', '3 queued'])
    expect(server.store.writes).toBe(1)
  })

  it('takes bytes whose characters are cut between two packets', async () => {
    const body = Buffer.from(JSON.stringify(pusher.event('打印机不出票')))
    const at = body.indexOf(Buffer.from('打')) + 1
    const timestamp = String(Math.floor(clock.now() / 1000))
    const halves = {
      method: 'POST',
      headers: {
        'X-Slack-Request-Timestamp': timestamp,
        'X-Slack-Signature': signSlack(SIGNING_SECRET, timestamp, body),
      },
      body: new ReadableStream({
        async start(controller) {
          controller.enqueue(body.subarray(0, at))
          await new Promise((resolve) => setTimeout(resolve, 30))
          controller.enqueue(body.subarray(at))
          controller.close()
        },
      }),
      duplex: 'half',
    }
    const answer = await fetch(`${server.url}/channels/slack/events`, halves)
    expect(answer.status).toBe(200)
    expect(await said()).toEqual(['打印机不出票'])
  })

  it('takes a copy once, also one that only ever comes as a repetition, and another event for the same text', async () => {
    const first = pusher.event('打印机不出票')
    const retry = { 'X-Slack-Retry-Num': '1', 'X-Slack-Retry-Reason': 'http_timeout' }
    for (const headers of [retry, {}, retry]) {
      expect((await pusher.push('events', JSON.stringify(first), headers)).status).toBe(200)
    }
    const mention = { ...first, event_id: 'Ev-other' }
    expect((await pusher.push('events', JSON.stringify(mention))).status).toBe(200)
    expect(await said()).toEqual(['打印机不出票'])
  })

  it('passes over edits and its own messages with 200', async () => {
    for (const changes of [{ subtype: 'message_changed' }, { bot_id: 'B1' }]) {
      expect((await pusher.say('x', changes)).status).toBe(200)
    }
    expect(server.store.writes).toBe(0)
  })

  it('takes what is too long or cannot be stored, cleaned', async () => {
    for (const text of ['卡'.repeat(40_000), 'a\0b', '\ud800']) {
      expect((await pusher.say(text)).status).toBe(200)
    }
    expect((await said()).map((text) => text.length)).toEqual([4_000, 2, 1])
  })

  it('asks Slack to come again when nothing could be stored', async () => {
    server.store.failure = new AppError('unavailable', 'the disk is full')
    const event = JSON.stringify(pusher.event('打印机不出票'))
    expect((await pusher.push('events', event)).status).toBe(503)
    server.store.failure = undefined
    expect((await pusher.push('events', event)).status).toBe(200)
    expect(await said()).toEqual(['打印机不出票'])
  })

  it.each([
    ['no signature', { 'X-Slack-Signature': '' }],
    ['a wrong one', { 'X-Slack-Signature': `v0=${'0'.repeat(64)}` }],
    ['one of another secret', { 'X-Slack-Signature': signSlack('another', '1764032400', Buffer.from('{}')) }],
    ['no time', { 'X-Slack-Request-Timestamp': '' }],
    ['an old time', { 'X-Slack-Request-Timestamp': '1531420618' }],
  ])('refuses %s with 401 and stores nothing', async (_name, headers) => {
    const answer = await pusher.push('events', JSON.stringify(pusher.event('打印机不出票')), headers)
    expect(answer.status).toBe(401)
    expect(await answer.text()).not.toContain('v0=')
    expect(server.store.writes).toBe(0)
  })

  it('refuses a true request that comes again after five minutes', async () => {
    const body = JSON.stringify(pusher.event('打印机不出票'))
    const timestamp = String(Math.floor(clock.now() / 1000))
    const headers = {
      'X-Slack-Request-Timestamp': timestamp,
      'X-Slack-Signature': signSlack(SIGNING_SECRET, timestamp, Buffer.from(body)),
    }
    clock.advance(301_000)
    expect((await pusher.push('events', body, headers)).status).toBe(401)
    clock.advance(-2_000)
    expect((await pusher.push('events', body, headers)).status).toBe(200)
  })

  it('refuses what it cannot read with 400, and what is too large with 413', async () => {
    expect((await pusher.push('events', '{')).status).toBe(400)
    expect((await pusher.push('events', 'x'.repeat(1_048_577))).status).toBe(413)
  })

  it('is not there when Slack is off', async () => {
    const without = await startServer({})
    const elsewhere = new SlackPusher(without.url)
    expect((await elsewhere.say('您好')).status).toBe(404)
    await without.close()
  })
})

describe('a picture', () => {
  const files = (address: string, mimetype = 'image/png') => ({
    subtype: 'file_share',
    files: [{ id: 'F1', mimetype, url_private: address }],
  })

  it('is fetched with our token and kept', async () => {
    fake.shared.set('/files/a.png', sample('plain.png'))
    await pusher.say('', files(`${fake.url}/files/a.png`))
    expect(await said()).toEqual([''])
    expect(await server.store.attachments.removeUnsent(Infinity)).toBe(1)
  })

  it.each([
    ['is gone', () => `${fake.url}/files/gone.png`],
    ['is no picture', () => `${fake.url}/files/page.png`],
    ['has no address', () => 'nowhere'],
  ])('that %s is a message nobody can read', async (_name, address) => {
    fake.shared.set('/files/page.png', Buffer.from('<html>log in</html>'))
    expect((await pusher.say('', files(address()))).status).toBe(200)
    expect(await said()).toEqual(['picture'])
    expect((await pusher.say('这是机器', files(address()))).status).toBe(200)
    expect(await said()).toEqual(['picture', '这是机器'])
  })

  it('that lies elsewhere is not asked for: our token goes to Slack alone', async () => {
    const stranger = await FakeSlack.start()
    stranger.shared.set('/files/a.png', sample('plain.png'))
    await pusher.say('', files(`${stranger.url}/files/a.png`))
    expect(await said()).toEqual(['picture'])
    await stranger.stop()
  })
})

describe('the actions address', () => {
  /** The question of the greeting, as it was posted. */
  async function askedQuestion() {
    await pusher.say('您好')
    await server.store.turn(direct, (current) => ({
      ...(current === undefined
        ? {}
        : {
            conversation: {
              ...current,
              dialogue: {
                ...current.dialogue,
                offered: { seq: 1, choices: [{ id: 'card_fault', label: '卡片故障' }] },
              },
              outbox: (current.outbox ?? []).map((entry) =>
                entry.seq === 1 ? { ...entry, state: 'sent' as const, providerMessageId: '5.5' } : entry,
              ),
            },
          }),
      result: undefined,
    }))
    const block = {
      type: 'actions',
      block_id: 'prompt:1',
      elements: [{ type: 'button', value: 'card_fault' }],
    }
    return { ts: '5.5', channel: 'D123', fields: { blocks: JSON.stringify([block]) } }
  }

  it('takes a press as a choice and has the buttons taken away', async () => {
    const asked = await askedQuestion()
    const answer = await pusher.press(asked, 'card_fault')
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('')
    expect(await said()).toEqual(['您好', 'card_fault'])
    await expect.poll(() => fake.updated).toHaveLength(1)
    expect(fake.updated[0]).toMatchObject({ channel: 'D123', ts: '5.5' })
    expect(fake.updated[0]?.['blocks']).toContain('✓ 卡片故障')
  })

  it('finds the question by the message when the button does not name it', async () => {
    const asked = await askedQuestion()
    const actions = [{ type: 'button', block_id: 'b1', value: 'card_fault', action_ts: '6.6' }]
    await pusher.press(asked, 'card_fault', { actions })
    expect(await said()).toEqual(['您好', 'card_fault'])
  })

  it('takes a copy once, and says of an outdated question that it is answered', async () => {
    const asked = await askedQuestion()
    const body = pusher.clickBody(asked, 'card_fault')
    for (let n = 0; n < 3; n += 1) expect((await pusher.push('actions', body)).status).toBe(200)
    expect(await said()).toEqual(['您好', 'card_fault'])
    await server.store.turn(direct, (current) =>
      current === undefined
        ? { result: 0 }
        : { conversation: { ...current, dialogue: { ...current.dialogue, offered: null } }, result: 0 },
    )
    // A copy says nothing of it: its own answer stands there already.
    const before = fake.updated.length
    expect((await pusher.push('actions', body)).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(fake.updated).toHaveLength(before)
    expect((await pusher.press(asked, 'card_fault')).status).toBe(200)
    expect(await said()).toEqual(['您好', 'card_fault'])
    await expect.poll(() => fake.updated.at(-1)?.['blocks']).toContain('这个问题已经回答过了')
  })

  it('passes over buttons that nobody offered, and acts that are no press', async () => {
    const asked = await askedQuestion()
    const before = server.store.writes
    expect((await pusher.press(asked, 'made_up')).status).toBe(200)
    expect((await pusher.press({ ...asked, channel: 'D999' }, 'card_fault')).status).toBe(200)
    expect((await pusher.press(asked, 'card_fault', { type: 'view_closed' })).status).toBe(200)
    expect(server.store.writes).toBe(before)
  })

  it('refuses an unsigned press', async () => {
    const asked = await askedQuestion()
    const body = pusher.clickBody(asked, 'card_fault')
    expect((await pusher.push('actions', body, { 'X-Slack-Signature': `v0=${'1'.repeat(64)}` })).status).toBe(
      401,
    )
    expect(await said()).toEqual(['您好'])
  })
})
