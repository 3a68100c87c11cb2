import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBus } from '../../../src/app/bus.ts'
import type { SlackChannel } from '../../../src/app/slack-channel.ts'
import { failureOf } from '../../../src/channels/slack/outcome.ts'
import { createSlackChannel } from '../../../src/channels/slack/slack-channel.ts'
import type { Conversation } from '../../../src/core/conversation.ts'
import { attachmentId } from '../../../src/core/ids.ts'
import type { TranscriptLine } from '../../../src/core/transcript.ts'
import { quietTalk, talkId } from '../../contracts/shop-talk.ts'
import { MemoryStore } from '../../fixtures/memory-store.ts'
import { sample } from '../../fixtures/pictures.ts'
import { type Behaviour, FakeSlack } from '../../fixtures/slack/fake-slack.ts'
import { buttonsOf, SIGNING_SECRET, TEAM } from '../../fixtures/slack/slack-pusher.ts'
import { SteadyClock } from '../../fixtures/steady.ts'

let fake: FakeSlack
let clock: SteadyClock
let store: MemoryStore
let slack: SlackChannel
let errors: unknown[]

beforeEach(async () => {
  fake = await FakeSlack.start()
  clock = new SteadyClock()
  store = new MemoryStore()
  errors = []
  slack = channelAt(fake.url)
})

afterEach(() => fake.stop())

function channelAt(apiBase: string): SlackChannel {
  return createSlackChannel({
    signingSecret: SIGNING_SECRET,
    botToken: 'xoxb-test',
    apiBase,
    attachments: store.attachments,
    bus: createBus(),
    clock,
    onError: (error) => errors.push(error),
  })
}

function talk(n = 1, thread?: string): Conversation {
  const merchantKey = [TEAM, `C${n}`, ...(thread === undefined ? [] : [thread])].join(':')
  return quietTalk({ channel: 'slack', merchantKey }, talkId(n))
}

const said = (text: string, changes: Partial<TranscriptLine> = {}): TranscriptLine => ({
  seq: 2,
  author: 'bot',
  text,
  at: 0,
  ...changes,
})

const CUT: Behaviour = { kind: 'cut', accepted: true }
const LIMITED: Behaviour = { kind: 'limited', retryAfter: '7' }
const NO_SCOPE: Behaviour = { kind: 'refused', error: 'missing_scope' }
const RETRY = { kind: 'retry', reason: 'network' }

const yesNo = [
  { id: 'yes', label: '能读' },
  { id: 'no', label: '不能 <读>' },
]

describe('a line that is sent', () => {
  it('goes to its channel and thread under our token, escaped, and its id comes back', async () => {
    const outcome = await slack.send(talk(1, '4.4'), said('先关机 & 再开机 <1分钟>'))
    expect(outcome).toEqual({ kind: 'sent', providerMessageId: '1764000000.000001' })
    expect(fake.calls).toHaveLength(1)
    expect(fake.calls[0]).toMatchObject({ method: 'chat.postMessage', token: 'xoxb-test' })
    const fields = fake.calls[0]?.fields ?? {}
    expect(fields).toMatchObject({
      channel: 'C1',
      thread_ts: '4.4',
      text: '先关机 &amp; 再开机 &lt;1分钟&gt;',
    })
    expect(fields['blocks']).toBeUndefined()
    expect(JSON.parse(fields['metadata'] ?? '')).toEqual({
      event_type: 'helpdesk_out',
      event_payload: { outbox_id: `${talkId(1)}:2` },
    })
  })

  it('has no thread in a direct talk', async () => {
    await slack.send(talk(1), said('您好'))
    expect(fake.calls[0]?.fields['thread_ts']).toBeUndefined()
  })

  it('shows choices as buttons that name their line, and the text for those who see no blocks', async () => {
    await slack.send(talk(), said('那张能读吗？', { seq: 7, choices: yesNo }))
    const fields = fake.posted[0]?.fields ?? {}
    expect(fields['text']).toBe('那张能读吗？')
    expect(buttonsOf(fields)).toMatchObject([
      {
        block_id: 'prompt:7',
        action_id: 'choice:yes',
        value: 'yes',
        text: { type: 'plain_text', text: '能读' },
      },
      {
        block_id: 'prompt:7',
        action_id: 'choice:no',
        value: 'no',
        text: { type: 'plain_text', text: '不能 <读>' },
      },
    ])
  })

  it('keeps to Slack’s limits of buttons', async () => {
    const choices = Array.from({ length: 60 }, (_, n) => ({ id: `a${n}`, label: '很长的选项'.repeat(30) }))
    await slack.send(talk(), said('请选', { choices }))
    const buttons = buttonsOf(fake.posted[0]?.fields ?? {})
    expect(buttons).toHaveLength(60)
    expect(new Set(buttons.map(({ block_id }) => block_id)).size).toBe(3)
    expect(new Set(buttons.map(({ action_id }) => action_id)).size).toBe(60)
    expect(Math.max(...buttons.map(({ text }) => text.text.length))).toBe(75)
  })

  it('that is long stands in several sections, none over 3,000 characters, and is one message', async () => {
    await slack.send(talk(), said('请先检查网络。\n'.repeat(500)))
    expect(fake.posted).toHaveLength(1)
    const fields = fake.posted[0]?.fields ?? {}
    const blocks: { text: { text: string } }[] = JSON.parse(fields['blocks'] ?? '')
    expect(blocks.map(({ text }) => text.text).join('')).toBe('请先检查网络。\n'.repeat(500))
    expect(Math.max(...blocks.map(({ text }) => text.text.length))).toBeLessThanOrEqual(3_000)
    expect(fields['text']?.length).toBeLessThanOrEqual(3_000)
  })

  it('that is too long for blocks goes as mere text, whole', async () => {
    await slack.send(talk(), said('&'.repeat(4_000)))
    expect(fake.posted[0]?.fields['blocks']).toBeUndefined()
    expect(fake.texts()[0]).toBe('&amp;'.repeat(4_000))
  })

  it('of an agent carries the name', async () => {
    await slack.send(talk(), said('马上为您查', { author: 'agent', name: '林小雨' }))
    expect(fake.texts()).toEqual(['林小雨：马上为您查'])
  })
})

/** What each behaviour of Slack means for the line, and how often it was taken. */
const ROWS: readonly (readonly [string, Behaviour, object, number])[] = [
  [
    '429 with a wait',
    { kind: 'limited', retryAfter: '7' },
    { kind: 'retry', afterMs: 7_000, reason: 'rate' },
    0,
  ],
  ['429 without one', { kind: 'limited' }, { kind: 'retry', afterMs: 30_000, reason: 'rate' }, 0],
  [
    '429 with nonsense',
    { kind: 'limited', retryAfter: 'soon' },
    { kind: 'retry', afterMs: 30_000, reason: 'rate' },
    0,
  ],
  ['503', { kind: 'status', status: 503 }, { kind: 'retry', reason: 'busy' }, 0],
  ['500', { kind: 'status', status: 500 }, { kind: 'retry', reason: 'busy' }, 0],
  ['404', { kind: 'status', status: 404 }, { kind: 'failed', reason: 'http_404' }, 0],
  [
    'a cut before it was taken',
    { kind: 'cut', accepted: false },
    { kind: 'unknown', reason: 'no_answer' },
    0,
  ],
  ['a cut after it was taken', { kind: 'cut', accepted: true }, { kind: 'unknown', reason: 'no_answer' }, 1],
  ['an answer of somebody else', { kind: 'garbage' }, { kind: 'unknown', reason: 'no_answer' }, 0],
  ...refusals({ kind: 'retry', reason: 'busy' }, [
    'internal_error',
    'fatal_error',
    'service_unavailable',
    'request_timeout',
    'ratelimited',
  ]),
  ...refusals({ kind: 'parked', reason: 'no_permission' }, [
    'invalid_auth',
    'token_revoked',
    'token_expired',
    'account_inactive',
    'missing_scope',
  ]),
  ...refusals({ kind: 'failed', reason: 'unreachable' }, [
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'user_not_found',
    'messages_tab_disabled',
    'restricted_action',
  ]),
  ...refusals({ kind: 'failed', reason: 'duplicate_channel_not_found' }, ['duplicate_channel_not_found']),
]

function refusals(outcome: object, errorNames: readonly string[]) {
  return errorNames.map((error) => [error, { kind: 'refused', error }, outcome, 0] as const)
}

describe('what Slack answers', () => {
  it.each(ROWS)('%s', async (_name, behaviour, outcome, taken) => {
    fake.script.push(behaviour)
    expect(await slack.send(talk(), said('您好'))).toMatchObject(outcome)
    expect(fake.posted).toHaveLength(taken)
    expect(fake.calls).toHaveLength(1)
  })

  it.each(['msg_too_long', 'msg_blocks_too_long', 'invalid_blocks', 'no_text'])(
    '%s: once more as mere text with the choices as words, then no more',
    async (error) => {
      fake.script.push({ kind: 'refused', error })
      expect(await slack.send(talk(), said('那张能读吗？', { choices: yesNo }))).toMatchObject({
        kind: 'sent',
      })
      expect(fake.posted[0]?.fields['blocks']).toBeUndefined()
      expect(fake.texts()).toEqual(['那张能读吗？\n1. 能读\n2. 不能 &lt;读&gt;'])
      fake.script.push({ kind: 'refused', error }, { kind: 'refused', error })
      clock.advance(1_000)
      expect(await slack.send(talk(), said('您好'))).toEqual({ kind: 'failed', reason: 'bad_content' })
      expect(fake.calls).toHaveLength(4)
    },
  )

  it('nothing, because nobody listens: it has not left', async () => {
    const closed = await FakeSlack.start()
    await closed.stop()
    expect(await channelAt(closed.url).send(talk(), said('您好'))).toEqual({
      kind: 'retry',
      reason: 'network',
    })
  })

  it('nothing within ten seconds: it may have arrived', { timeout: 20_000 }, async () => {
    fake.script.push({ kind: 'silent', accepted: true })
    const startedAt = performance.now()
    expect(await slack.send(talk(), said('您好'))).toEqual({ kind: 'unknown', reason: 'no_answer' })
    expect(performance.now() - startedAt).toBeLessThan(12_000)
    expect(fake.posted).toHaveLength(1)
  })

  it.each([undefined, null, 'x', new Error('x'), { code: 'slack_webapi_platform_error', data: null }])(
    'something that is no error of the client (%#) may have arrived',
    (error) => {
      expect(failureOf(error, 0).outcome).toEqual({ kind: 'unknown', reason: 'no_answer' })
    },
  )
})

describe('a line with pictures', () => {
  const PICTURE = { id: attachmentId('p'.repeat(26)), mime: 'image/png', width: 4, height: 3 } as const
  const shown = (changes: Partial<TranscriptLine> = {}): TranscriptLine =>
    said('请看这里 <左边>', { author: 'agent', name: '小李', attachments: [PICTURE], ...changes })

  beforeEach(async () => {
    const address = { channel: 'slack', merchantKey: 'any' } as const
    await store.attachments.save({ ...PICTURE, address, savedAt: 0 }, sample('plain.png'))
  })

  it('shows them with its words, in its thread, as one message', async () => {
    expect(await slack.send(talk(1, '4.4'), shown())).toEqual({ kind: 'sent' })
    expect(fake.posted).toHaveLength(1)
    const { channel, fields } = fake.posted[0] ?? {}
    expect(channel).toBe('C1')
    expect(fields).toMatchObject({ thread_ts: '4.4', initial_comment: '小李：请看这里 &lt;左边&gt;' })
    const [file] = JSON.parse(fields?.['files'] ?? '[]')
    expect(fake.uploads.get(file.id)).toEqual(sample('plain.png'))
    await slack.send(talk(2), shown({ text: '' }))
    expect(fake.posted[1]?.fields['initial_comment']).toBe('小李')
  })

  it('leaves out what was taken away, and says when one is missing', async () => {
    expect(await slack.send(talk(), shown({ attachments: [{ ...PICTURE, removed: true }] }))).toMatchObject({
      providerMessageId: expect.any(String),
    })
    expect(fake.posted[0]?.fields['text']).toBe('小李：请看这里 &lt;左边&gt;')
    await store.attachments.remove(PICTURE.id)
    expect(await slack.send(talk(2), shown())).toEqual({ kind: 'failed', reason: 'line_missing' })
  })

  it.each<[string, string, Behaviour, object]>([
    ['is sent again when no upload was begun', 'files.getUploadURLExternal', CUT, RETRY],
    ['waits as long as Slack says', 'files.getUploadURLExternal', LIMITED, { kind: 'retry', afterMs: 7_000 }],
    ['fails by itself without the scope', 'files.getUploadURLExternal', NO_SCOPE, { kind: 'failed' }],
    [
      'may have been seen when the last answer is lost',
      'files.completeUploadExternal',
      CUT,
      { kind: 'unknown' },
    ],
  ])('%s', async (_name, method, behaviour, outcome) => {
    fake.decide = (call) => (call.method === method ? behaviour : undefined)
    expect(await slack.send(talk(), shown())).toMatchObject(outcome)
    fake.decide = undefined
    // Other lines go on.
    if (behaviour === NO_SCOPE)
      expect(await slack.send(talk(2), said('您好'))).toMatchObject({ kind: 'sent' })
  })
})

describe('the pace', () => {
  it('is a message a second in one channel, whatever the thread, and free in others', async () => {
    expect(await slack.send(talk(1, '4.4'), said('一'))).toMatchObject({ kind: 'sent' })
    expect(slack.notBefore?.(talk(1, '5.5'))).toBe(clock.now() + 1_000)
    expect(await slack.send(talk(1, '5.5'), said('二'))).toEqual({
      kind: 'retry',
      afterMs: 1_000,
      reason: 'rate',
    })
    expect(await slack.send(talk(2), said('三'))).toMatchObject({ kind: 'sent' })
    expect(fake.texts()).toEqual(['一', '三'])
    clock.advance(1_000)
    expect(await slack.send(talk(1, '5.5'), said('二'))).toMatchObject({ kind: 'sent' })
  })

  it('stops the whole workspace while Slack says so', async () => {
    fake.script.push({ kind: 'limited', retryAfter: '30' })
    await slack.send(talk(1), said('一'))
    expect(slack.notBefore?.(talk(2))).toBe(clock.now() + 30_000)
    clock.advance(29_999)
    expect(await slack.send(talk(2), said('二'))).toEqual({ kind: 'retry', afterMs: 1, reason: 'rate' })
    clock.advance(1)
    expect(await slack.send(talk(2), said('二'))).toMatchObject({ kind: 'sent' })
  })

  it('stops it too, and tells, when the token is refused', async () => {
    fake.script.push({ kind: 'refused', error: 'token_revoked' })
    await slack.send(talk(1), said('一'))
    expect(errors).toHaveLength(1)
    expect(slack.notBefore?.(talk(2))).toBe(clock.now() + 60_000)
  })
})

describe('a question that was answered', () => {
  const asked = said('那张能读吗？', { seq: 7, choices: yesNo })
  const sent: Conversation = {
    ...talk(),
    outbox: [
      { seq: 7, state: 'sent', attempts: 0, nextAt: 0, createdAt: 0, expiresAt: 0, providerMessageId: '5.5' },
    ],
  }

  it('has its buttons taken away, with the answer in their place', async () => {
    await slack.closeChoices(sent, asked, '✓ 能读')
    expect(fake.updated).toHaveLength(1)
    expect(fake.updated[0]).toMatchObject({ channel: 'C1', ts: '5.5', text: '那张能读吗？' })
    expect(buttonsOf(fake.updated[0] ?? {})).toEqual([])
    expect(fake.updated[0]?.['blocks']).toContain('✓ 能读')
  })

  it('is left as it is when it never was sent, offered nothing, or Slack refuses', async () => {
    await slack.closeChoices(talk(), asked, undefined)
    await slack.closeChoices(sent, said('您好', { seq: 7 }), undefined)
    expect(fake.calls).toEqual([])
    fake.decide = () => ({ kind: 'refused', error: 'message_not_found' })
    await slack.closeChoices(sent, asked, undefined)
    expect(errors).toHaveLength(1)
  })
})
