import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/core/conversation.ts'
import {
  BOT_LINE_MS,
  countUnsent,
  DELIVERY_RULES,
  isPending,
  nextOutgoing,
  type SendOutcome,
  withOutbox,
} from '../../src/core/outbox.ts'
import {
  claimEntry,
  endGrace,
  expireEntries,
  giveUpEntries,
  nextToSend,
  queuedEntries,
  recordOutcome,
  retryEntry,
  settleInterrupted,
} from '../../src/core/outbox-lane.ts'
import { caseOf, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { afterLines, pushed } from '../fixtures/push-talk.ts'

const NOW = 1_764_000_000_000
const HOUR = 3_600_000

const states = ({ outbox = [] }: Conversation): readonly string[] =>
  outbox.map(({ seq, state }) => `${seq} ${state}`)

const talk = (...authors: Parameters<typeof afterLines>[3]): Conversation =>
  afterLines(undefined, pushed(1), 1, authors, NOW)

/** Claims a line and records what became of it. */
function sendOne(conversation: Conversation, seq: number, outcome: SendOutcome, now = NOW): Conversation {
  return recordOutcome(claimEntry(conversation, seq), seq, outcome, { now, random: 0.5 })
}

describe('what goes into the outbox', () => {
  it('is each new line that is not the merchant’s own, once', () => {
    const one = talk('bot', 'merchant', 'bot', 'system', 'agent')
    expect(states(one)).toEqual(['1 queued', '3 queued', '4 queued', '5 queued'])
    expect(withOutbox(one, one, NOW)).toEqual(one)
    expect(states(afterLines(one, pushed(1), 1, ['bot'], NOW))).toHaveLength(5)
  })

  it('is nothing on channels whose readers pull', () => {
    expect(afterLines(undefined, shop(1), 1, ['merchant', 'bot'], NOW).outbox).toBeUndefined()
  })

  it('lives fifteen minutes when the bot said it, and the channel’s window when a person or a ticket did', () => {
    const lives = (conversation: Conversation): readonly number[] =>
      (conversation.outbox ?? []).map(({ expiresAt }) => expiresAt - NOW)
    expect(lives(talk('merchant', 'bot', 'agent'))).toEqual([BOT_LINE_MS, HOUR])
    expect(lives(afterLines(undefined, pushed(1, 'wechat'), 1, ['agent'], NOW))).toEqual([48 * HOUR])
    const before = talk('merchant')
    const asked = { ...before, lastSeq: 2, transcript: [...before.transcript, line(2)] }
    expect(lives(withOutbox(before, { ...asked, epoch: before.epoch + 1 }, NOW))).toEqual([HOUR])
    expect(lives(withOutbox(before, { ...asked, tickets: [caseOf(1)] }, NOW))).toEqual([HOUR])
    expect(lives(withOutbox(before, asked, NOW))).toEqual([BOT_LINE_MS])
  })

  it('waits a moment in WeChat, where the request itself may carry the answer, but not for a line of staff', () => {
    const answered = afterLines(undefined, pushed(1, 'wechat'), 1, ['merchant', 'bot'], NOW)
    expect(nextOutgoing(answered)).toBe(NOW + 5_000)
    expect(nextOutgoing(endGrace(answered, 2, NOW))).toBe(NOW)
    expect(nextOutgoing(afterLines(answered, pushed(1, 'wechat'), 1, ['agent'], NOW))).toBe(NOW + 5_000)
    expect(nextOutgoing(afterLines(undefined, pushed(1, 'wechat'), 1, ['agent'], NOW))).toBe(NOW)
  })

  it('moves to the merchant’s next conversation while it is unsettled', () => {
    const old = sendOne(talk('bot', 'agent', 'agent'), 1, { kind: 'sent' })
    const parked = sendOne(old, 2, { kind: 'parked', reason: 'quota' })
    const fresh = quietTalk(pushed(1), talkId(2), parked)
    const next = afterLinesOf(parked, fresh, NOW + HOUR / 2)
    expect(states(next)).toEqual(['2 queued', '3 queued', '5 queued'])
    expect(next.outbox?.[0]?.nextAt).toBe(NOW + HOUR / 2)
  })

  it('keeps no settled entry longer than its line', () => {
    let long = talk('merchant')
    for (let n = 0; n < 300; n += 1) {
      long = afterLines(long, pushed(1), 1, ['bot'], NOW)
      long = sendOne(long, long.lastSeq, { kind: 'sent' })
      // The store moves older lines into closed parts.
      if (long.transcript.length > 200) long = { ...long, transcript: long.transcript.slice(-100) }
    }
    expect(long.outbox?.length).toBeLessThanOrEqual(201)
  })
})

describe('a lane', () => {
  it('lets one line go at a time, in order, past those that are settled', () => {
    const one = talk('bot', 'bot', 'bot')
    expect(nextToSend(one, NOW)?.seq).toBe(1)
    const sending = claimEntry(one, 1)
    expect(nextToSend(sending, NOW)).toBeUndefined()
    expect(nextOutgoing(sending)).toBe(NOW)
    for (const outcome of [
      { kind: 'sent' },
      { kind: 'failed', reason: 'gone' },
      { kind: 'unknown', reason: 'no_answer' },
      { kind: 'parked', reason: 'quota' },
    ] as const) {
      expect(nextToSend(sendOne(one, 1, outcome), NOW)?.seq).toBe(2)
    }
    expect(nextToSend(sendOne(one, 1, { kind: 'retry', reason: 'busy' }), NOW)).toBeUndefined()
  })

  it('waits longer after each failed send, with jitter, and gives up when tries or time are out', () => {
    const { backoffMs = [] } = DELIVERY_RULES.wechat ?? {}
    let one = afterLines(undefined, pushed(1, 'wechat'), 1, ['agent'], NOW)
    for (const step of [...backoffMs, backoffMs.at(-1) ?? 0]) {
      const [low, high] = [0, 0.999_999].map((random) =>
        recordOutcome(claimEntry(one, 1), 1, { kind: 'retry', reason: 'busy' }, { now: NOW, random }),
      )
      expect(nextOutgoing(low ?? one)).toBe(NOW + Math.round(step * 0.8))
      expect(nextOutgoing(high ?? one)).toBeCloseTo(NOW + step * 1.2, -3)
      one = sendOne(one, 1, { kind: 'retry', reason: 'busy' })
    }
    expect(one.outbox?.[0]).toMatchObject({ state: 'queued', attempts: 7 })
    one = sendOne(one, 1, { kind: 'retry', reason: 'busy' })
    expect(one.outbox?.[0]).toMatchObject({ state: 'failed', attempts: 8, reason: 'busy' })
    const slack = sendOne(talk('agent'), 1, { kind: 'retry', reason: 'busy' })
    expect(expireEntries(slack, NOW + HOUR - 1)).toBe(slack)
    expect(expireEntries(slack, NOW + HOUR).outbox?.[0]).toMatchObject({ state: 'expired', reason: 'busy' })
  })

  it('counts no try when the provider said when to come back', () => {
    const one = sendOne(talk('agent'), 1, { kind: 'retry', afterMs: 7_000, reason: 'rate' })
    expect(one.outbox?.[0]).toMatchObject({ attempts: 0, nextAt: NOW + 7_000 })
  })

  it('holds a parked line until its time, or until the merchant writes', () => {
    const until = sendOne(talk('agent', 'agent'), 1, { kind: 'parked', until: NOW + 60_000, reason: 'quota' })
    expect(nextToSend(until, NOW)?.seq).toBe(2)
    expect(nextToSend(until, NOW + 60_000)?.seq).toBe(1)
    const parked = sendOne(sendOne(talk('agent', 'agent'), 1, { kind: 'parked', reason: 'quota' }), 2, {
      kind: 'parked',
      reason: 'quota',
    })
    expect(nextToSend(parked, NOW + HOUR - 1)).toBeUndefined()
    expect(nextOutgoing(parked)).toBe(NOW + HOUR)
    const written = afterLines(parked, pushed(1), 1, ['merchant', 'bot'], NOW + 5)
    expect(states(written)).toEqual(['1 queued', '2 queued', '4 queued'])
    expect(nextToSend(written, NOW + 5)?.seq).toBe(1)
    expect(expireEntries(parked, NOW + HOUR).outbox?.[0]).toMatchObject({ state: 'expired', reason: 'quota' })
  })

  it('never sends again what was being sent when its sender went', () => {
    const sending = claimEntry(talk('bot', 'bot'), 1)
    expect(settleInterrupted(sending, () => true)).toBe(sending)
    const settled = settleInterrupted(sending, () => false)
    expect(states(settled)).toEqual(['1 unknown', '2 queued'])
    expect(nextToSend(settled, NOW)?.seq).toBe(2)
    expect(recordOutcome(settled, 1, { kind: 'sent' }, { now: NOW, random: 0 })).toBe(settled)
  })

  it('gives a request the queued lines only, and none while one is being sent', () => {
    const one = talk('bot', 'bot', 'bot')
    expect(queuedEntries(one, 2).map(({ seq }) => seq)).toEqual([1, 2])
    expect(queuedEntries(claimEntry(one, 1), 3)).toEqual([])
  })

  it('stops when the merchant has gone', () => {
    const one = sendOne(talk('bot', 'bot', 'bot'), 1, { kind: 'sent' })
    expect(states(giveUpEntries(one, 'unsubscribed'))).toEqual(['1 sent', '2 failed', '3 failed'])
  })
})

describe('staff who send a line once more', () => {
  it('give it all its tries and its whole time', () => {
    const later = NOW + 5 * HOUR
    for (const kind of ['failed', 'unknown', 'parked'] as const) {
      const stuck = sendOne(talk('agent'), 1, { kind, reason: 'x' })
      const again = retryEntry(stuck, 1, later).outbox?.[0]
      expect(again).toEqual({
        seq: 1,
        state: 'queued',
        attempts: 0,
        nextAt: later,
        createdAt: NOW,
        expiresAt: later + HOUR,
      })
    }
    expect(states(retryEntry(expireEntries(talk('bot'), later), 1, later))).toEqual(['1 queued'])
  })

  it('are refused for a line that arrived, is on its way, or never was', () => {
    const queued = talk('agent')
    for (const one of [queued, claimEntry(queued, 1), sendOne(queued, 1, { kind: 'sent' })]) {
      expect(() => retryEntry(one, 1, NOW)).toThrow(expect.objectContaining({ code: 'conflict' }))
    }
    expect(() => retryEntry(queued, 9, NOW)).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})

describe('whatever happens', () => {
  const outcome: fc.Arbitrary<SendOutcome> = fc.oneof(
    fc.constant({ kind: 'sent' } as const),
    fc.record({ kind: fc.constant('retry' as const), reason: fc.constant('busy') }),
    fc.record({ kind: fc.constant('retry' as const), afterMs: fc.nat(9_999), reason: fc.constant('rate') }),
    fc.record({ kind: fc.constantFrom('parked', 'failed', 'unknown'), reason: fc.constant('x') }),
  )
  const event = fc.oneof(
    fc.record({ kind: fc.constant('lines' as const), authors: authors() }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.nat(20 * 60_000) }),
    fc.record({ kind: fc.constant('send' as const), outcome }),
    fc.constant({ kind: 'crash' } as const),
  )

  it('each line leaves at most once unless it surely did not arrive, and every lane empties in the end', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let now = NOW
        let state = talk('merchant')
        const accepted = new Map<number, number>()
        for (const one of events) {
          if (one.kind === 'lines') state = afterLines(state, pushed(1), 1, one.authors, now)
          else if (one.kind === 'time') now += one.ms
          else {
            state = expireEntries(state, now)
            const next = nextToSend(state, now)
            if (next === undefined) continue
            state = claimEntry(state, next.seq)
            const mayHaveArrived =
              one.kind === 'crash' || one.outcome.kind === 'sent' || one.outcome.kind === 'unknown'
            if (mayHaveArrived) accepted.set(next.seq, (accepted.get(next.seq) ?? 0) + 1)
            state =
              one.kind === 'crash'
                ? settleInterrupted(state, () => false)
                : recordOutcome(state, next.seq, one.outcome, { now, random: 0.5 })
          }
        }
        expect([...accepted.values()].filter((count) => count > 1)).toEqual([])
        const seqs = (state.outbox ?? []).map(({ seq }) => seq)
        expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
        const ended = expireEntries(state, now + 3 * HOUR)
        expect(ended.outbox?.some(isPending) ?? false).toBe(false)
        expect(nextOutgoing(ended)).toBeUndefined()
        expect(countUnsent(ended)).toBe((ended.outbox ?? []).filter((entry) => entry.state !== 'sent').length)
      }),
    )
  })
})

function authors() {
  return fc.array(fc.constantFrom('merchant', 'bot', 'agent', 'system'), { minLength: 1, maxLength: 4 })
}

function line(seq: number) {
  return { seq, author: 'bot' as const, text: '好的', at: NOW }
}

/** The first lines of a conversation that follows another one. */
function afterLinesOf(before: Conversation, fresh: Conversation, now: number): Conversation {
  const lines = [
    { seq: fresh.lastSeq + 1, author: 'merchant' as const, text: '在吗', at: now },
    line(fresh.lastSeq + 2),
  ]
  return withOutbox(before, { ...fresh, lastSeq: fresh.lastSeq + 2, transcript: lines }, now)
}
