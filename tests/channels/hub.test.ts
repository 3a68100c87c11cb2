import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { Channel, InboundMessage, PushChannel, Received } from '../../src/app/channel-ports.ts'
import type { SendOutcome } from '../../src/core/outbox.ts'
import type { MerchantAddress } from '../../src/app/ports.ts'
import { createHub, type HubOptions } from '../../src/channels/botkit/hub.ts'
import { emptyDialogue, type Conversation } from '../../src/core/conversation.ts'
import { AppError } from '../../src/core/errors.ts'
import { conversationId } from '../../src/core/ids.ts'
import type { TranscriptLine } from '../../src/core/transcript.ts'

const noodles: MerchantAddress = { channel: 'web', merchantKey: 'noodles' }
const tea: MerchantAddress = { channel: 'web', merchantKey: 'tea' }

const conversation: Conversation = {
  id: conversationId('talk'.padEnd(26, '0')),
  channel: 'web',
  merchantKey: 'noodles',
  createdAt: 0,
  updatedAt: 0,
  holder: 'bot',
  epoch: 0,
  dialogue: emptyDialogue(),
  firstSeq: 1,
  lastSeq: 2,
  processedSeq: 1,
  transcript: [],
  tickets: [],
  dedupe: [],
  conversations: 1,
}

const reply = (seq: number, text = `第${seq}句`): TranscriptLine => ({ seq, author: 'bot', text, at: 0 })

function said(address: MerchantAddress, n: number, text = `m-${n}`): InboundMessage {
  return { address, dedupeKey: `web:m-${n}`, content: { kind: 'text', text } }
}

function received(seq: number, replies: TranscriptLine[] = [reply(seq + 1)]): Received {
  return { seq, repeated: false, replies, conversation }
}

type Delivered = { readonly address: MerchantAddress; readonly lines: readonly TranscriptLine[] }

function setUp(options: Partial<HubOptions> = {}) {
  const delivered: Delivered[] = []
  const errors: { event: string; error: unknown }[] = []
  const web: Channel = {
    name: 'web',
    deliver: async (address, lines) => void delivered.push({ address, lines }),
  }
  const hub = createHub({
    receive: async () => received(1),
    channels: [web],
    deadlineMs: 10_000,
    onError: (event, error) => errors.push({ event, error }),
    ...options,
  })
  return { hub, delivered, errors }
}

function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}

describe('an inbound message', () => {
  it('reaches the use case as it is and its result comes back as it is', async () => {
    const seen: InboundMessage[] = []
    const result = received(7)
    const { hub } = setUp({ receive: async (message) => (seen.push(message), result) })
    const message: InboundMessage = {
      address: noodles,
      dedupeKey: 'web:x',
      content: { kind: 'choice', id: 'CF1.yes', promptSeq: 3 },
      firstConversationId: conversationId('f'.repeat(26)),
    }
    expect(await hub.receive(message)).toBe(result)
    expect(seen).toEqual([message])
    expect(seen[0]).toBe(message)
  })

  it('has its replies delivered once, after it was stored', async () => {
    const order: string[] = []
    const { hub } = setUp({
      receive: async () => {
        order.push('stored')
        return received(1)
      },
      channels: [
        { name: 'web', deliver: async (_address, lines) => void order.push(`delivered ${lines.length}`) },
      ],
    })
    await hub.receive(said(noodles, 1))
    await hub.close()
    expect(order).toEqual(['stored', 'delivered 1'])
  })

  it('that is a copy has nothing delivered again', async () => {
    const { hub, delivered } = setUp({
      receive: async () => ({ ...received(1), repeated: true, replies: [] }),
    })
    await hub.receive(said(noodles, 1))
    await hub.close()
    expect(delivered).toEqual([])
  })

  it('without replies still wakes the watchers', async () => {
    const { hub, delivered } = setUp({ receive: async () => received(1, []) })
    await hub.receive(said(noodles, 1))
    await hub.close()
    expect(delivered).toEqual([{ address: noodles, lines: [] }])
  })

  it('cannot choose its way by what it says', async () => {
    const { hub } = setUp()
    for (const text of ['conversationUpdate', '{"type":"spawn"}', 'botkitEventType', '__proto__', '']) {
      expect((await hub.receive(said(noodles, 1, text))).seq).toBe(1)
    }
  })

  it.each([
    ['an expected refusal', new AppError('unavailable', 'the disk is full')],
    ['a bug', new TypeError('x is not a function')],
    ['a thrown text', 'oops'],
    ['a thrown nothing', undefined],
  ])('whose turn fails with %s rejects with it, and the next one is taken', async (_name, failure) => {
    let isFailing = true
    const { hub } = setUp({
      receive: async () => {
        if (isFailing) throw failure
        return received(1)
      },
    })
    const outcome = await hub.receive(said(noodles, 1)).catch((error: unknown) => error)
    if (failure === undefined) expect(outcome).toBeInstanceOf(AppError)
    else expect(outcome).toBe(failure)
    isFailing = false
    expect((await hub.receive(said(noodles, 1))).seq).toBe(1)
  })

  it('that fails before it becomes a promise rejects too', async () => {
    const { hub } = setUp({
      receive: () => {
        throw new AppError('internal', 'not even begun')
      },
    })
    await expect(hub.receive(said(noodles, 1))).rejects.toThrow('not even begun')
  })

  it('of a channel that is not running is refused', async () => {
    const { hub } = setUp()
    const stray: MerchantAddress = { channel: 'slack', merchantKey: 'x' }
    await expect(hub.receive(said(stray, 1))).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('messages of one merchant', () => {
  it('run one after another, those of others beside them', async () => {
    const gates = [gate(), gate()]
    const log: string[] = []
    const { hub } = setUp({
      receive: async ({ address, dedupeKey }) => {
        log.push(`begin ${address.merchantKey} ${dedupeKey}`)
        if (address === noodles) await gates[dedupeKey === 'web:m-1' ? 0 : 1]?.opened
        log.push(`end ${address.merchantKey} ${dedupeKey}`)
        return received(1)
      },
    })
    const first = hub.receive(said(noodles, 1))
    const second = hub.receive(said(noodles, 2))
    await hub.receive(said(tea, 1))
    expect(log).toEqual(['begin noodles web:m-1', 'begin tea web:m-1', 'end tea web:m-1'])
    gates[1]?.open()
    gates[0]?.open()
    await Promise.all([first, second])
    expect(log.slice(3)).toEqual(['end noodles web:m-1', 'begin noodles web:m-2', 'end noodles web:m-2'])
  })

  it('join a copy that is still in work', async () => {
    const { open, opened } = gate()
    let turns = 0
    const { hub, delivered } = setUp({
      receive: async () => {
        turns += 1
        await opened
        return received(5)
      },
    })
    const copies = Array.from({ length: 10 }, () => hub.receive(said(noodles, 1)))
    open()
    const results = await Promise.all(copies)
    await hub.close()
    expect(results.map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, () => 5))
    expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1)
    expect(turns).toBe(1)
    expect(delivered).toHaveLength(1)
  })

  it('are refused when fifty wait, while others are taken', async () => {
    const { open, opened } = gate()
    const { hub } = setUp({
      receive: async ({ address }) => {
        if (address === noodles) await opened
        return received(1)
      },
    })
    const waiting = Array.from({ length: 50 }, (_, n) => hub.receive(said(noodles, n)))
    await expect(hub.receive(said(noodles, 50))).rejects.toMatchObject({
      code: 'too_many',
      retryAfterMs: 2_000,
    })
    expect((await hub.receive(said(tea, 1))).seq).toBe(1)
    open()
    await Promise.all(waiting)
    expect((await hub.receive(said(noodles, 50))).seq).toBe(1)
  })
})

describe('a turn past its deadline', () => {
  it('is refused as unavailable, lets the next one in, and has its replies delivered when it ends after all', async () => {
    const { open, opened } = gate()
    const { hub, delivered } = setUp({
      deadlineMs: 20,
      receive: async ({ dedupeKey }) => {
        if (dedupeKey === 'web:m-1') await opened
        return received(1)
      },
    })
    await expect(hub.receive(said(noodles, 1))).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterMs: 2_000,
    })
    expect((await hub.receive(said(noodles, 2))).seq).toBe(1)
    await hub.announce(noodles, [])
    const before = delivered.length
    open()
    await opened
    // The late turn announces as soon as it has ended; deliveries run in order, so this one comes after it.
    await new Promise((resolve) => setImmediate(resolve))
    await hub.announce(noodles, [])
    expect(delivered.length - before).toBe(2)
  })
})

describe('lines to deliver', () => {
  it('reach the channel whole, in order and with their address', async () => {
    const { hub, delivered } = setUp()
    const lines = [{ ...reply(2), choices: [{ id: 'yes', label: '能' }] }, reply(3)]
    await hub.announce(noodles, lines)
    await hub.announce(tea, [reply(9)])
    expect(delivered).toEqual([
      { address: noodles, lines },
      { address: tea, lines: [reply(9)] },
    ])
  })

  it('of one merchant go one delivery at a time', async () => {
    const { open, opened } = gate()
    const log: string[] = []
    const { hub } = setUp({
      channels: [
        {
          name: 'web',
          deliver: async (_address, lines) => {
            log.push(`begin ${lines[0]?.seq}`)
            if (lines[0]?.seq === 1) await opened
            log.push(`end ${lines[0]?.seq}`)
          },
        },
      ],
    })
    const both = Promise.all([hub.announce(noodles, [reply(1)]), hub.announce(noodles, [reply(2)])])
    open()
    await both
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2'])
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('vendor is down'))],
    [
      'throws',
      (): Promise<void> => {
        throw new Error('vendor is down')
      },
    ],
  ])('that a channel %s at are told and hold nobody up', async (_name, deliver) => {
    const { hub, errors } = setUp({ channels: [{ name: 'web', deliver }] })
    expect((await hub.receive(said(noodles, 1))).seq).toBe(1)
    await hub.announce(noodles, [reply(2)])
    await hub.close()
    expect(errors.map(({ event }) => event)).toEqual(['delivery.failed', 'delivery.failed'])
    expect(errors[0]?.error).toMatchObject({ message: 'vendor is down' })
  })

  it('that never arrive are given up after the deadline', async () => {
    const { hub, errors } = setUp({
      deadlineMs: 20,
      channels: [{ name: 'web', deliver: () => new Promise(() => {}) }],
    })
    await hub.announce(noodles, [reply(2)])
    expect(errors[0]?.error).toMatchObject({ code: 'unavailable' })
  })

  it('go through the channel they belong to', async () => {
    const log: string[] = []
    const channel = (name: 'web' | 'terminal'): Channel => ({
      name,
      deliver: async () => void log.push(name),
    })
    const { hub } = setUp({ channels: [channel('web'), channel('terminal')] })
    await hub.announce({ channel: 'terminal', merchantKey: 'noodles' }, [reply(1)])
    await hub.announce(noodles, [reply(1)])
    expect(log).toEqual(['terminal', 'web'])
  })
})

describe('a line of the outbox', () => {
  const slackTalk: Conversation = { ...conversation, channel: 'slack' }
  const pushing = (send: PushChannel['send'], options: Partial<HubOptions> = {}) => {
    const delivered: Delivered[] = []
    const slack: PushChannel = {
      name: 'slack',
      deliver: async (address, lines) => void delivered.push({ address, lines }),
      send,
    }
    return { ...setUp({ channels: [slack], ...options }), delivered }
  }

  it('is sent through its channel, which says what became of it', async () => {
    const sent: unknown[] = []
    const { hub, delivered } = pushing(async (talk, line) => {
      sent.push([talk, line])
      return { kind: 'sent', providerMessageId: 'p-1' }
    })
    const outcome = await hub.send(slackTalk, reply(2))
    expect(outcome).toEqual({ kind: 'sent', providerMessageId: 'p-1' })
    expect(sent).toEqual([[slackTalk, reply(2)]])
    expect(delivered).toEqual([])
  })

  it('is not sent by an announcement, which only wakes the watchers', async () => {
    let sends = 0
    const { hub, delivered } = pushing(async () => {
      sends += 1
      return { kind: 'sent' }
    })
    await hub.announce({ channel: 'slack', merchantKey: 'noodles' }, [reply(2)])
    expect(delivered).toHaveLength(1)
    expect(sends).toBe(0)
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('vendor is down'))],
    [
      'throws',
      (): Promise<SendOutcome> => {
        throw new Error('vendor is down')
      },
    ],
    ['never answers', () => new Promise<SendOutcome>(() => {})],
  ])('whose channel %s may have arrived', async (_name, send) => {
    const { hub, errors } = pushing(send, { sendDeadlineMs: 20 })
    expect(await hub.send(slackTalk, reply(2))).toEqual({ kind: 'unknown', reason: 'no_answer' })
    expect(errors.map(({ event }) => event)).toEqual(['delivery.failed'])
    await hub.close()
  })

  it('of a channel that is not running, or that is not pushed to, waits', async () => {
    const { hub } = setUp()
    const off = { kind: 'retry', reason: 'channel_off' }
    expect(await hub.send(slackTalk, reply(2))).toEqual(off)
    expect(await hub.send(conversation, reply(2))).toEqual(off)
  })
})

describe('closing', () => {
  it('waits for turns and deliveries in work and refuses new messages', async () => {
    const { open, opened } = gate()
    const { hub, delivered } = setUp({
      receive: async () => {
        await opened
        return received(1)
      },
    })
    const inWork = hub.receive(said(noodles, 1))
    const closing = hub.close()
    await expect(hub.receive(said(noodles, 2))).rejects.toMatchObject({ code: 'unavailable' })
    open()
    await closing
    expect((await inWork).seq).toBe(1)
    expect(delivered).toHaveLength(1)
  })
})

describe('ten thousand turns of as many merchants', () => {
  it('leave nothing behind', { timeout: 60_000 }, async () => {
    const { hub } = setUp({ channels: [{ name: 'web', deliver: async () => {} }] })
    const turns = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n += 1) {
        await hub.receive(said({ channel: 'web', merchantKey: `shop-${n}` }, n))
      }
    }
    await turns(0, 2_000)
    const before = heapAfterGarbage()
    await turns(2_000, 12_000)
    // One kept turn costs about 3 kB: this is room for noise, not for a leak.
    expect(heapAfterGarbage() - before).toBeLessThan(3e6)
    await hub.close()
  })
})

function heapAfterGarbage(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  return process.memoryUsage().heapUsed
}
