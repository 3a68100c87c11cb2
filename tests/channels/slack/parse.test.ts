import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SlackEvent } from '../../../src/app/slack-channel.ts'
import { findEncodingFault, findTextFault } from '../../../src/app/message-text.ts'
import { escapeText, splitEscaped, unescapeText } from '../../../src/channels/slack/markup.ts'
import { parseClick, parseEvent, targetOf } from '../../../src/channels/slack/parse.ts'
import { AppError } from '../../../src/core/errors.ts'
import { BOT, SlackPusher, TEAM } from '../../fixtures/slack/slack-pusher.ts'

const pusher = new SlackPusher('http://nowhere.test')

function parsed(
  changes: Readonly<Record<string, unknown>>,
  envelope: Readonly<Record<string, unknown>> = {},
): SlackEvent {
  return parseEvent(Buffer.from(JSON.stringify(pusher.event('打印机不出票', changes, envelope))))
}

function messageOf(event: SlackEvent) {
  if (event.kind !== 'message') throw new Error(`not a message: ${event.kind}`)
  return event.message
}

describe('an event', () => {
  it('gives the challenge back', () => {
    const body = { type: 'url_verification', token: 'x', challenge: '3eZbrw1aBm2rZgRNFdxV' }
    expect(parseEvent(Buffer.from(JSON.stringify(body)))).toEqual({
      kind: 'challenge',
      challenge: '3eZbrw1aBm2rZgRNFdxV',
    })
  })

  it.each([
    ['a direct message', { channel: 'D1', channel_type: 'im', ts: '5.5' }, 'T123ABC456:D1'],
    [
      'a thread in it',
      { channel: 'D1', channel_type: 'im', ts: '5.5', thread_ts: '4.4' },
      'T123ABC456:D1:4.4',
    ],
    ['a message in a channel', { channel: 'C1', channel_type: 'channel', ts: '5.5' }, 'T123ABC456:C1:5.5'],
    [
      'a reply there',
      { channel: 'C1', channel_type: 'channel', ts: '5.5', thread_ts: '4.4' },
      'T123ABC456:C1:4.4',
    ],
    [
      'a mention',
      { type: 'app_mention', channel: 'C1', channel_type: undefined, ts: '5.5' },
      'T123ABC456:C1:5.5',
    ],
    ['a group', { channel: 'G1', channel_type: 'mpim', ts: '5.5' }, 'T123ABC456:G1:5.5'],
  ])('of %s belongs to its own conversation, and is answered there', (_name, changes, merchantKey) => {
    const { address, dedupeKey } = messageOf(parsed(changes))
    expect(address).toEqual({ channel: 'slack', merchantKey })
    expect(dedupeKey).toBe(`slack:${TEAM}:${changes.channel}:5.5`)
    const { channel, thread } = targetOf(address)
    expect([channel, thread]).toEqual([changes.channel, merchantKey.split(':')[2]])
  })

  it('with the same channel and time has the same key, whatever Slack calls it', () => {
    const twice = [
      parsed({ channel: 'C1', channel_type: 'channel', ts: '5.5' }, { event_id: 'Ev1' }),
      parsed({ type: 'app_mention', channel: 'C1', channel_type: undefined, ts: '5.5' }, { event_id: 'Ev2' }),
    ].map(messageOf)
    expect(twice[0]?.dedupeKey).toBe(twice[1]?.dedupeKey)
    expect(twice[0]?.address).toEqual(twice[1]?.address)
  })

  it.each([
    ['an edit', { subtype: 'message_changed', hidden: true }],
    ['a deletion', { subtype: 'message_deleted' }],
    ['a join', { subtype: 'channel_join' }],
    ['a bot', { subtype: 'bot_message', bot_id: 'B1', user: undefined }],
    ['an app that writes as a user', { bot_id: 'B1' }],
    ['ourselves', { user: BOT }],
    ['something hidden', { hidden: true }],
    ['a reaction', { type: 'reaction_added' }],
    ['nothing to read', { text: ' \u200b ' }],
    ['nothing but our name', { text: `<@${BOT}>` }],
  ])('of %s is passed over', (_name, changes) => {
    expect(parsed(changes)).toEqual({ kind: 'ignored' })
  })

  it.each([['file_share'], ['thread_broadcast'], ['me_message']])(
    'with the subtype %s is taken',
    (subtype) => {
      expect(parsed({ subtype }).kind).toBe('message')
    },
  )

  it('that only shows a picture or a file says so', () => {
    const shown = (mimetype: string) =>
      messageOf(parsed({ subtype: 'file_share', text: '', files: [{ id: 'F1', mimetype }] })).content
    expect(shown('image/png')).toEqual({ kind: 'unreadable', what: 'picture' })
    expect(shown('audio/mp4')).toEqual({ kind: 'unreadable', what: 'voice' })
    expect(shown('video/mp4')).toEqual({ kind: 'unreadable', what: 'video' })
    expect(shown('application/pdf')).toEqual({ kind: 'unreadable', what: 'file' })
  })

  it('of a kind we do not know is passed over', () => {
    for (const body of [{ type: 'app_rate_limited', team_id: TEAM }, { type: 'event_callback_2' }]) {
      expect(parseEvent(Buffer.from(JSON.stringify(body)))).toEqual({ kind: 'ignored' })
    }
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no type', '{}'],
    ['a team that is none', JSON.stringify(pusher.event('x', {}, { team_id: '../T1' }))],
    ['a channel that is none', JSON.stringify(pusher.event('x', { channel: 'C1:D2' }))],
    ['a time that is none', JSON.stringify(pusher.event('x', { ts: 'now' }))],
  ])('with %s is refused without quoting it', (_name, body) => {
    expect(() => parseEvent(Buffer.from(body))).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('is cleaned and cut, never refused', () => {
    const texts = ['a\0b', '\ud800半', '卡'.repeat(40_000), `e${'\u0301'.repeat(50)}`, '&lt;'.repeat(9_000)]
    for (const text of texts) {
      const { content } = messageOf(parsed({ text }))
      if (content.kind !== 'text') throw new Error('not a text')
      expect(findTextFault(content.text)).toBeUndefined()
    }
  })

  it('whatever stands in it is a value or a refusal, never a crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (event, type) => {
        const body = Buffer.from(JSON.stringify({ type: 'event_callback', team_id: 'T1', event, x: type }))
        try {
          parseEvent(body)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the text of a merchant', () => {
  it.each([
    ['A &lt; B &amp;&amp; C &gt; D', 'A < B && C > D'],
    ['&amp;lt;', '&lt;'],
    [`<@${BOT}> 打印机不出票`, '打印机不出票'],
    ['<@U2|小王> 看看', '@小王 看看'],
    ['<@U2> 看看', '@U2 看看'],
    ['见 <#C1|售后>', '见 #售后'],
    ['<!here> 急', '@here 急'],
    ['<!subteam^S1|@组长>', '@组长'],
    ['<!date^1392734382^{date}|2014年>', '2014年'],
    ['<https://shop.example/a?b=1&amp;c=2>', 'https://shop.example/a?b=1&c=2'],
    ['<http://shop.example|shop.example>', 'shop.example'],
    ['<https://shop.example/x|看这里>', '看这里 https://shop.example/x'],
    ['<mailto:a@shop.example|a@shop.example>', 'a@shop.example'],
    ['卡号 <tel:4111111111111111|4111 1111 1111 1111>', '卡号 4111 1111 1111 1111'],
    ['<tel:13800138000>', '13800138000'],
    ['3 < 4', '3 < 4'],
    ['<>', '<>'],
  ])('%j was written as %j', (wire, written) => {
    expect(unescapeText(wire, [BOT])).toBe(written)
  })

  it('comes back from its wire form unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unescapeText(escapeText(text), [])).toBe(text)
      }),
    )
  })
})

describe('a long text', () => {
  it('is split at the ends of sentences and lines', () => {
    const parts = splitEscaped('第一句。第二句！\n第三句？第四句', 10)
    expect(parts).toEqual(['第一句。第二句！\n', '第三句？第四句'])
  })

  it('loses nothing, keeps to the limit and cuts no character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 40, max: 90 }),
        (text, limit) => {
          const parts = splitEscaped(text, limit)
          expect(parts.join('')).toBe(escapeText(text))
          for (const part of parts) {
            expect(part.length).toBeLessThanOrEqual(limit)
            expect(findEncodingFault(part)).toBeUndefined()
          }
        },
      ),
    )
  })
})

describe('a press of a button', () => {
  const posted = {
    ts: '1764000000.000001',
    channel: 'C1',
    fields: {
      thread_ts: '4.4',
      blocks: JSON.stringify([
        {
          type: 'actions',
          block_id: 'prompt:7',
          elements: [
            {
              type: 'button',
              action_id: 'choice:yes',
              value: 'yes',
              text: { type: 'plain_text', text: '能' },
            },
          ],
        },
      ]),
    },
  }
  const click = (changes = {}) => parseClick(Buffer.from(pusher.clickBody(posted, 'yes', changes)))

  it('tells the conversation, the choice and the line it belongs to', () => {
    expect(click()).toMatchObject({
      address: { channel: 'slack', merchantKey: `${TEAM}:C1:4.4` },
      choiceId: 'yes',
      label: '能',
      promptSeq: 7,
      messageId: '1764000000.000001',
    })
    expect(click()?.dedupeKey).toMatch(/^slack:T123ABC456:U123:1764000000\.000001:1764000001\.\d+$/)
  })

  it('takes the thread from the message where the container has none, and there is none in a direct talk', () => {
    const container = { type: 'message', message_ts: '5.5', channel_id: 'C1' }
    expect(click({ container, message: { thread_ts: '3.3' } })?.address.merchantKey).toBe(`${TEAM}:C1:3.3`)
    expect(click({ container, channel: { id: 'D1' } })?.address.merchantKey).toBe(`${TEAM}:D1`)
  })

  it('reads one whose block is not of ours, and a menu', () => {
    const actions = [
      { type: 'static_select', block_id: 'b1', action_ts: '6.6', selected_option: { value: 'no' } },
    ]
    expect(click({ actions })).toMatchObject({ choiceId: 'no', label: 'no' })
    expect(click({ actions })).not.toHaveProperty('promptSeq')
  })

  it.each([
    ['another act', { type: 'view_submission' }],
    ['a button without a value', { actions: [{ type: 'button', block_id: 'b', action_ts: '6.6' }] }],
  ])('is none when it is %s', (_name, changes) => {
    expect(click(changes)).toBeUndefined()
  })

  it.each([
    ['no payload', 'x=1'],
    ['no JSON', 'payload=%7B'],
    ['no type', 'payload=%7B%7D'],
    ['no team', `payload=${encodeURIComponent('{"type":"block_actions"}')}`],
  ])('with %s is refused', (_name, body) => {
    expect(() => parseClick(Buffer.from(body))).toThrow(expect.objectContaining({ code: 'invalid' }))
  })
})
