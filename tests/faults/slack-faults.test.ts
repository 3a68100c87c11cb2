import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBus } from '../../src/app/bus.ts'
import { OutboxSender } from '../../src/app/send-outgoing.ts'
import { createSlackChannel } from '../../src/channels/slack/slack-channel.ts'
import type { OutboxEntry } from '../../src/core/outbox.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { afterLines } from '../fixtures/push-talk.ts'
import { type ApiCall, type Behaviour, FakeSlack } from '../fixtures/slack/fake-slack.ts'
import { SIGNING_SECRET, TEAM } from '../fixtures/slack/slack-pusher.ts'
import { SteadyClock } from '../fixtures/steady.ts'

/** R16: `POSDESK_SLACK_SENDS=10000` for the full row. */
const SENDS = Number(process.env['POSDESK_SLACK_SENDS'] ?? 600)
const LINES_EACH = 3

const FAULTS: readonly Behaviour[] = [
  { kind: 'cut', accepted: true },
  { kind: 'cut', accepted: false },
  { kind: 'garbage' },
  { kind: 'status', status: 503 },
  { kind: 'limited', retryAfter: '2' },
  { kind: 'refused', error: 'internal_error' },
  { kind: 'refused', error: 'channel_not_found' },
  { kind: 'refused', error: 'invalid_blocks' },
]
/** After these nobody can know whether the line arrived. */
const AMBIGUOUS = ['cut', 'garbage']

let fake: FakeSlack
beforeAll(async () => {
  fake = await FakeSlack.start()
})
afterAll(() => fake.stop())

describe('sends to a Slack that fails in every way', () => {
  it(
    'arrive at most once, in order, and are unknown exactly where nobody can know',
    { timeout: 600_000 },
    async () => {
      const [store, clock, bus] = [new MemoryStore(), new SteadyClock(), createBus()]
      const slack = createSlackChannel({
        signingSecret: SIGNING_SECRET,
        botToken: 'xoxb-test',
        apiBase: fake.url,
        attachments: store.attachments,
        bus,
        clock,
        onError: () => undefined,
      })
      const sender = new OutboxSender({
        store,
        bus,
        clock,
        random: () => 0.5,
        send: (conversation, line) => slack.send(conversation, line),
        notBefore: (address) => slack.notBefore?.(address) ?? 0,
        onError: (error) => {
          throw error
        },
      })
      let seed = 11
      const ambiguous = new Set<string>()
      fake.decide = (call): Behaviour | undefined => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        const fault = seed % 1_000 < 400 ? FAULTS[(seed >> 4) % FAULTS.length] : undefined
        if (fault !== undefined && AMBIGUOUS.includes(fault.kind)) ambiguous.add(idOf(call))
        return fault
      }
      const shops = Math.ceil(SENDS / LINES_EACH)
      const addressOf = (n: number) => ({ channel: 'slack', merchantKey: `${TEAM}:C${n}` }) as const
      for (let n = 0; n < shops; n += 1) {
        await store.turn(addressOf(n), (current) => ({
          conversation: afterLines(current, addressOf(n), n, ['agent', 'agent', 'agent'], clock.now()),
          result: undefined,
        }))
      }
      // An hour of seconds is more than the longest way to give up.
      for (let second = 0; second < 3_700; second += 1) {
        await sender.look()
        await sender.idle()
        clock.advance(1_000)
        if ((await store.findOutgoing('slack', Number.MAX_SAFE_INTEGER, 1)).length === 0) break
      }
      const entries: (readonly [string, OutboxEntry])[] = []
      for (let n = 0; n < shops; n += 1) {
        const talk = await store.findCurrent(addressOf(n))
        for (const entry of talk?.outbox ?? []) entries.push([`${talk?.id}:${entry.seq}`, entry])
      }
      const taken = fake.posted.map(({ fields }) => idOf({ fields }))
      expect(entries).toHaveLength(shops * LINES_EACH)
      expect(new Set(taken).size).toBe(taken.length)
      expect(outOfOrder(taken)).toEqual([])
      const unknown = entries.filter(([, { state }]) => state === 'unknown').map(([id]) => id)
      expect(unknown.sort()).toEqual([...ambiguous].sort())
      expect(unknown.length).toBeGreaterThan(SENDS / 20)
      const sent = entries.filter(([, { state }]) => state === 'sent').map(([id]) => id)
      expect(taken).toEqual(expect.arrayContaining(sent))
      expect(entries.filter(([, { state }]) => !['sent', 'failed', 'unknown'].includes(state))).toEqual([])
    },
  )
})

function idOf({ fields }: Pick<ApiCall, 'fields'>): string {
  const { event_payload: payload } = JSON.parse(fields['metadata'] ?? '{}')
  return payload.outbox_id
}

/** Lines that were taken after a later one of their conversation. */
function outOfOrder(ids: readonly string[]): readonly string[] {
  const last = new Map<string, number>()
  return ids.filter((id) => {
    const [talk = '', seq] = id.split(':')
    const isLate = Number(seq) < (last.get(talk) ?? 0)
    last.set(talk, Number(seq))
    return isLate
  })
}
