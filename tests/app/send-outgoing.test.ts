import { describe, expect, it } from 'vitest'
import type { SendOutcome } from '../../src/core/outbox.ts'
import type { MerchantAddress, TurnDecision } from '../../src/app/ports.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { AppError } from '../../src/core/errors.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { OutboxSender } from '../../src/app/send-outgoing.ts'
import { afterLines, pushed, setUpSender } from '../fixtures/push-talk.ts'

const noodles = pushed(1)
const tea = pushed(2)

/** A provider that answers only when the test says so. */
function slowProvider() {
  const waiting: ((outcome: SendOutcome) => void)[] = []
  return {
    answer: () => new Promise<SendOutcome>((resolve) => waiting.push(resolve)),
    release(outcome: SendOutcome = { kind: 'sent' }) {
      waiting.shift()?.(outcome)
    },
    get waiting() {
      return waiting.length
    },
  }
}

/** Lets promises that are settled already run on. */
const turnsOfTheLoop = async (): Promise<void> => {
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve))
}

describe('sending', () => {
  it('lets the lines of a conversation go in order, each marked on disk before and after', async () => {
    const seen: (readonly string[])[] = []
    const desk = setUpSender(async () => {
      seen.push(await desk.states(noodles))
      return { kind: 'sent', providerMessageId: `p-${seen.length}` }
    })
    await desk.say(noodles, 1, 'bot', 'merchant', 'bot')
    await desk.settle()
    expect(desk.sent.map(({ text }) => text)).toEqual(['第1句', '第3句'])
    expect(seen).toEqual([
      ['1 sending', '3 queued'],
      ['1 sent', '3 sending'],
    ])
    expect(await desk.states(noodles)).toEqual(['1 sent', '3 sent'])
    expect((await desk.outbox(noodles)).map((entry) => entry.providerMessageId)).toEqual(['p-1', 'p-2'])
    await desk.settle()
    expect(desk.sent).toHaveLength(2)
  })

  it('tells whoever watches of each change', async () => {
    const desk = setUpSender()
    const told: MerchantAddress[] = []
    await desk.say(noodles, 1, 'bot')
    desk.bus.subscribeAll(({ address }) => told.push(address))
    await desk.settle()
    expect(told).toEqual([noodles, noodles])
  })

  it('tries again after the wait, then goes on with the rest of the lane', async () => {
    let isDown = true
    const desk = setUpSender(() => (isDown ? { kind: 'retry', reason: 'busy' } : { kind: 'sent' }))
    await desk.say(noodles, 1, 'agent', 'agent')
    await desk.settle()
    expect(await desk.states(noodles)).toEqual(['1 queued busy', '2 queued'])
    isDown = false
    desk.clock.advance(999)
    await desk.settle()
    expect(desk.sent).toHaveLength(1)
    desk.clock.advance(2)
    await desk.settle()
    expect(desk.sent.map(({ seq }) => seq)).toEqual([1, 1, 2])
    expect(await desk.states(noodles)).toEqual(['1 sent', '2 sent'])
  })

  it('holds parked lines until the merchant writes', async () => {
    let isFull = true
    const desk = setUpSender(() => (isFull ? { kind: 'parked', reason: 'quota' } : { kind: 'sent' }))
    await desk.say(noodles, 1, 'agent')
    await desk.settle()
    expect(await desk.states(noodles)).toEqual(['1 parked quota'])
    isFull = false
    desk.clock.advance(60_000)
    await desk.settle()
    expect(desk.sent).toHaveLength(1)
    await desk.say(noodles, 1, 'merchant', 'bot')
    await desk.settle()
    expect(desk.sent.map(({ seq }) => seq)).toEqual([1, 1, 3])
  })

  it('marks what came too late and does not send it', async () => {
    const desk = setUpSender()
    await desk.say(noodles, 1, 'bot', 'agent')
    desk.clock.advance(15 * 60_000)
    await desk.settle()
    expect(await desk.states(noodles)).toEqual(['1 expired too_late', '2 sent'])
  })

  it('keeps to the pace a channel sets', async () => {
    let free = 0
    const desk = setUpSender(
      () => {
        free = desk.clock.now() + 1_000
        return { kind: 'sent' }
      },
      { notBefore: () => free },
    )
    await desk.say(noodles, 1, 'agent', 'agent')
    await desk.settle()
    await desk.settle()
    expect(desk.sent).toHaveLength(1)
    expect(await desk.states(noodles)).toEqual(['1 sent', '2 queued'])
    desk.clock.advance(1_000)
    await desk.settle()
    expect(desk.sent).toHaveLength(2)
  })

  it('sends a line that lies in an older part of the transcript, and fails one that is gone', async () => {
    const desk = setUpSender()
    await desk.say(noodles, 1, 'agent', 'agent')
    const whole = await desk.store.findCurrent(noodles)
    await desk.store.turn(noodles, (current) =>
      current === undefined
        ? { result: 0 }
        : { conversation: { ...current, transcript: current.transcript.slice(1) }, result: 0 },
    )
    desk.store.readLines = async (_address, after) =>
      (whole?.transcript ?? []).filter(({ seq }) => seq === after + 1)
    await desk.settle()
    expect(desk.sent.map(({ text }) => text)).toEqual(['第1句', '第2句'])
    await desk.say(tea, 2, 'agent')
    await desk.store.turn(tea, (current) =>
      current === undefined ? { result: 0 } : { conversation: { ...current, transcript: [] }, result: 0 },
    )
    desk.store.readLines = async () => []
    await desk.settle()
    expect(await desk.states(tea)).toEqual(['1 failed line_missing'])
  })
})

describe('a conversation that hangs or breaks', () => {
  it('keeps no other one waiting', async () => {
    const provider = slowProvider()
    const desk = setUpSender((_seq, { merchantKey }) =>
      merchantKey === 'shop-1' ? provider.answer() : { kind: 'sent' },
    )
    await desk.say(noodles, 1, 'agent', 'agent')
    await desk.say(tea, 2, 'agent')
    await desk.sender.look()
    await turnsOfTheLoop()
    expect(await desk.states(tea)).toEqual(['1 sent'])
    expect(await desk.states(noodles)).toEqual(['1 sending', '2 queued'])
    await desk.sender.look()
    await turnsOfTheLoop()
    expect(provider.waiting).toBe(1)
    provider.release()
    await turnsOfTheLoop()
    provider.release()
    await desk.sender.idle()
    expect(await desk.states(noodles)).toEqual(['1 sent', '2 sent'])
  })

  it('has one lane, however often it is looked at', async () => {
    const desk = setUpSender()
    await desk.say(noodles, 1, 'agent')
    const before = desk.store.turns
    await Promise.all([desk.sender.look(), desk.sender.look(), desk.sender.look()])
    await desk.sender.idle()
    // Claimed, recorded, and found empty.
    expect(desk.store.turns - before).toBe(3)
  })

  it('sends at most sixteen lines of a channel at once, and other channels beside them', async () => {
    const provider = slowProvider()
    const desk = setUpSender((_seq, { channel }) =>
      channel === 'slack' ? provider.answer() : { kind: 'sent' },
    )
    for (let n = 1; n <= 40; n += 1) await desk.say(pushed(n), n, 'agent')
    await desk.say(pushed(50, 'wechat'), 50, 'agent')
    await desk.sender.look()
    await turnsOfTheLoop()
    expect(provider.waiting).toBe(16)
    expect(await desk.states(pushed(50, 'wechat'))).toEqual(['1 sent'])
    // The others follow without another look from outside.
    for (let n = 0; n < 40; n += 1) {
      await turnsOfTheLoop()
      provider.release()
    }
    await desk.sender.idle()
    expect(desk.sent).toHaveLength(41)
    expect(await desk.store.findOutgoing('slack', 1e15, 99)).toEqual([])
  })

  it('is reported and left alone for a moment, while others are served', async () => {
    const desk = setUpSender()
    await desk.say(noodles, 1, 'agent')
    await desk.say(tea, 2, 'agent')
    desk.store.damaged = 'shop-1'
    for (let n = 0; n < 5; n += 1) await desk.settle()
    expect(desk.errors).toHaveLength(1)
    expect(await desk.states(tea)).toEqual(['1 sent'])
    desk.store.damaged = undefined
    desk.clock.advance(2_000)
    await desk.settle()
    expect(await desk.states(noodles)).toEqual(['1 sent'])
  })
})

describe('a crash', () => {
  it('leaves what was being sent unknown: it is never sent again, and the lane goes on', async () => {
    const desk = setUpSender(() => new Promise(() => {}))
    await desk.say(noodles, 1, 'agent', 'agent')
    await desk.sender.look()
    await turnsOfTheLoop()
    expect(desk.sent.map(({ seq }) => seq)).toEqual([1])
    const again = desk.restarted()
    await again.look()
    await turnsOfTheLoop()
    expect(desk.sent.map(({ seq }) => seq)).toEqual([1, 2])
    expect(await desk.states(noodles)).toEqual(['1 unknown interrupted', '2 sending'])
  })
})

/** A store whose n-th turn from now on fails, before or after it was written. */
class FaultyStore extends MemoryStore {
  turnsUntilFault = Number.POSITIVE_INFINITY
  isWritten = false

  override async turn<Result>(
    address: MerchantAddress,
    decide: (current: Conversation | undefined) => TurnDecision<Result>,
  ): Promise<Result> {
    this.turnsUntilFault -= 1
    if (this.turnsUntilFault !== 0) return super.turn(address, decide)
    if (this.isWritten) await super.turn(address, decide)
    else decide(await this.findCurrent(address))
    throw new AppError('unavailable', 'the disk is full')
  }
}

describe('a disk that refuses', () => {
  it.each([
    [1, false],
    [1, true],
    [2, false],
    [2, true],
    [3, false],
    [3, true],
    [4, false],
    [4, true],
  ])('at write %i (reached the disk: %s) loses no line and doubles none', async (k, isWritten) => {
    const desk = setUpSender()
    const store = new FaultyStore()
    const sender = new OutboxSender({
      ...desk,
      store,
      random: () => 0.5,
      send: async (conversation, { seq, text }) => {
        desk.sent.push({ key: conversation.merchantKey, seq, text })
        return { kind: 'sent' }
      },
      onError: (error) => desk.errors.push(error),
    })
    await store.turn(noodles, (current) => ({
      conversation: afterLines(current, noodles, 1, ['agent', 'agent'], desk.clock.now()),
      result: 0,
    }))
    store.turnsUntilFault = k
    store.isWritten = isWritten
    for (let n = 0; n < 4; n += 1) {
      await sender.look()
      await sender.idle()
      desk.clock.advance(2_000)
    }
    expect(desk.errors).toHaveLength(1)
    expect(desk.sent.map(({ seq }) => seq)).toEqual([1, 2])
    expect((await store.findCurrent(noodles))?.outbox?.map(({ state }) => state)).toEqual(['sent', 'sent'])
  })
})

describe('an answer within the merchant’s own request', () => {
  const shop = pushed(3, 'wechat')

  it('takes the lines of the turn before the loop does, and records that they arrived', async () => {
    const desk = setUpSender()
    await desk.say(shop, 3, 'bot', 'merchant', 'bot')
    await desk.settle()
    expect(desk.sent).toEqual([])
    const answer = await desk.sender.takePassive(shop, 3)
    expect(answer?.lines.map(({ seq }) => seq)).toEqual([1, 3])
    expect(await desk.states(shop)).toEqual(['1 sending', '3 sending'])
    desk.clock.advance(60_000)
    await desk.settle()
    expect(await desk.sender.takePassive(shop, 3)).toBeUndefined()
    await answer?.sent()
    expect(await desk.states(shop)).toEqual(['1 sent', '3 sent'])
    expect(desk.sent).toEqual([])
  })

  it('has them pushed when the connection was closed before', async () => {
    const desk = setUpSender()
    await desk.say(shop, 3, 'merchant', 'bot')
    const answer = await desk.sender.takePassive(shop, 2)
    await answer?.requeue()
    await desk.settle()
    expect(desk.sent.map(({ seq }) => seq)).toEqual([2])
    expect(await desk.states(shop)).toEqual(['2 sent'])
  })

  it('leaves what it cannot hold to the push, at once and behind it', async () => {
    const desk = setUpSender()
    await desk.say(shop, 3, 'merchant', 'bot', 'bot', 'bot')
    const answer = await desk.sender.takePassive(shop, 4, () => 1)
    expect(answer?.lines.map(({ seq }) => seq)).toEqual([2])
    await desk.settle()
    expect(desk.sent).toEqual([])
    await answer?.sent()
    await desk.settle()
    expect(desk.sent.map(({ text }) => text)).toEqual(['第3句\n第4句'])
    expect(await desk.states(shop)).toEqual(['2 sent', '3 sent', '4 sent'])
  })

  it('is pushed after a moment when nobody takes it, and at once when it cannot be held', async () => {
    const desk = setUpSender()
    await desk.say(shop, 3, 'merchant', 'bot')
    desk.clock.advance(4_999)
    await desk.settle()
    expect(desk.sent).toEqual([])
    desk.clock.advance(1)
    await desk.settle()
    expect(desk.sent).toHaveLength(1)
    await desk.say(shop, 3, 'merchant', 'bot')
    expect(await desk.sender.takePassive(shop, 4, () => 0)).toBeUndefined()
    await desk.settle()
    expect(desk.sent).toHaveLength(2)
  })

  it('that a crash cut off is unknown', async () => {
    const desk = setUpSender()
    await desk.say(shop, 3, 'merchant', 'bot')
    await desk.sender.takePassive(shop, 2)
    const again = desk.restarted()
    await again.look()
    await again.idle()
    expect(await desk.states(shop)).toEqual(['2 unknown interrupted'])
    expect(desk.sent).toEqual([])
  })

  it('is none while a line is being sent, and none for somebody unknown', async () => {
    const provider = slowProvider()
    const desk = setUpSender(() => provider.answer())
    await desk.say(shop, 3, 'agent')
    await desk.sender.look()
    await turnsOfTheLoop()
    await desk.say(shop, 3, 'merchant', 'bot')
    expect(await desk.sender.takePassive(shop, 3)).toBeUndefined()
    expect(await desk.sender.takePassive(tea, 3)).toBeUndefined()
    provider.release()
    await turnsOfTheLoop()
    // What the request could not carry follows at once.
    expect(await desk.states(shop)).toEqual(['1 sent', '3 sending'])
    provider.release()
    await desk.sender.idle()
  })
})

describe('a merchant who has gone', () => {
  it('is sent nothing more', async () => {
    const desk = setUpSender()
    await desk.say(noodles, 1, 'agent', 'bot')
    await desk.sender.giveUp(noodles, 'unsubscribed')
    await desk.settle()
    expect(desk.sent).toEqual([])
    expect(await desk.states(noodles)).toEqual(['1 failed unsubscribed', '2 failed unsubscribed'])
  })
})

describe('stopping', () => {
  it('finishes the send in hand, writes its outcome, and claims nothing more', async () => {
    const provider = slowProvider()
    const desk = setUpSender(() => provider.answer())
    await desk.say(noodles, 1, 'agent', 'agent')
    await desk.sender.look()
    await turnsOfTheLoop()
    let isStopped = false
    const stopped = desk.sender.stop().then(() => {
      isStopped = true
    })
    await turnsOfTheLoop()
    expect(isStopped).toBe(false)
    provider.release()
    await stopped
    expect(await desk.states(noodles)).toEqual(['1 sent', '2 queued'])
    await desk.sender.look()
    expect(provider.waiting).toBe(0)
  })
})
