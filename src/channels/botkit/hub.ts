import { TurnContext, type Storage } from 'botbuilder-core'
import { Botkit, type BotkitMessage, type BotWorker } from 'botkit'
import type { MessageHub } from '../../app/message-hub.ts'
import type { Channel, InboundMessage, Received, ReceiveMessage } from '../../app/channel-ports.ts'
import type { SendOutcome } from '../../core/outbox.ts'
import type { MerchantAddress } from '../../app/ports.ts'
import type { ChannelName, Conversation } from '../../core/conversation.ts'
import { AppError } from '../../core/errors.ts'
import type { TranscriptLine } from '../../core/transcript.ts'
import { ChannelAdapter, DELIVERY, isPushChannel, referenceTo, type Delivery } from './channel-adapter.ts'
import { KeyedQueue } from './keyed-queue.ts'

/** One inbound message and what became of it. Travels in `turnState`: nothing a client sent decides its way. */
type Turn = { readonly message: InboundMessage; received?: Received; error?: unknown }

type Next = (error?: unknown) => void

const TURN = Symbol('turn')
const MAX_WAITING_PER_MERCHANT = 50
const MAX_TURNS_AT_WORK = 2_000
const SEND_DEADLINE_MS = 15_000

/** Botkit keeps dialogue state of its own; ours lives in the conversation, so there is nothing to keep. */
const noStorage: Storage = {
  read: async () => ({}),
  write: async () => {},
  delete: async () => {},
}

export type HubOptions = {
  readonly receive: ReceiveMessage
  readonly channels: readonly Channel[]
  readonly deadlineMs: number
  /** After this a send of the outbox counts as unanswered; longer than any channel's own limit. */
  readonly sendDeadlineMs?: number
  /** Told of failed deliveries and of late turns; must not throw. */
  readonly onError: (event: string, error: unknown, address: MerchantAddress) => void
}

/**
 * Makes the hub: Botkit between the channels and the one use case. Inbound messages pass Botkit's ingest and
 * receive middleware to a single handler; outbound lines pass its send middleware to the channel's adapter.
 */
export function createHub(options: HubOptions): MessageHub {
  return new BotkitHub(options)
}

class BotkitHub implements MessageHub {
  readonly #options: HubOptions
  readonly #adapters: ReadonlyMap<ChannelName, ChannelAdapter>
  readonly #controller: Botkit
  readonly #turns = new KeyedQueue(MAX_WAITING_PER_MERCHANT)
  readonly #deliveries = new KeyedQueue(Number.POSITIVE_INFINITY)
  readonly #joinable = new Map<string, Promise<Received>>()
  readonly #pending = new Set<Promise<unknown>>()
  #turnsAtWork = 0
  #closed = false

  constructor(options: HubOptions) {
    this.#options = options
    const adapters = options.channels.map((channel) => new ChannelAdapter(channel))
    this.#adapters = new Map(adapters.map((adapter) => [adapter.channel.name, adapter]))
    this.#controller = new Botkit({
      adapter: adapters[0],
      storage: noStorage,
      disable_webserver: true,
      disable_console: true,
    })
    this.#controller.middleware.ingest.use(requireTurn)
    this.#controller.middleware.receive.use(requireOwnChannel)
    this.#controller.middleware.send.use(requireOwnDelivery)
    this.#controller.on('message', (_bot, message) => this.#handle(message))
  }

  async receive(message: InboundMessage): Promise<Received> {
    if (this.#closed) throw unavailable('the server is stopping')
    const key = keyOf(message.address)
    const copyKey = `${key}\n${message.dedupeKey}`
    const running = this.#joinable.get(copyKey)
    if (running) return { ...(await running), repeated: true, replies: [] }
    const work = this.#track(this.#turns.run(key, () => this.#runTurn(message)))
    this.#joinable.set(copyKey, work)
    try {
      return await work
    } finally {
      this.#joinable.delete(copyKey)
    }
  }

  announce(address: MerchantAddress, lines: readonly TranscriptLine[]): Promise<void> {
    const work = this.#deliveries.run(keyOf(address), () => this.#deliver(address, lines))
    return this.#track(
      work.catch((error: unknown) => this.#options.onError('delivery.failed', error, address)),
    )
  }

  send(conversation: Conversation, line: TranscriptLine): Promise<SendOutcome> {
    return this.#track(this.#send(conversation, line))
  }

  async close(): Promise<void> {
    this.#closed = true
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending)
    await this.#controller.shutdown()
  }

  /** Sends the message through Botkit and waits for its turn, at most until the deadline. */
  async #runTurn(message: InboundMessage): Promise<Received> {
    const adapter = this.#adapterOf(message.address)
    if (this.#turnsAtWork >= MAX_TURNS_AT_WORK) throw unavailable('too many turns are at work')
    const turn: Turn = { message }
    const context = new TurnContext(adapter, {
      ...TurnContext.applyConversationReference({ type: 'message' }, referenceTo(message.address), true),
      text: textOf(message.content),
    })
    context.turnState.set(TURN, turn)
    this.#turnsAtWork += 1
    const passed = adapter.runTurn(context, (inner) => this.#controller.handleTurn(inner))
    const settled = passed.finally(() => {
      this.#turnsAtWork -= 1
    })
    await beforeDeadline(settled, this.#options.deadlineMs, 'the turn')
    if (turn.error !== undefined) throw turn.error
    if (!turn.received)
      throw new AppError('internal', 'the message passed Botkit without reaching its handler')
    return turn.received
  }

  /** The one handler. Guarded whole: a throw in here would leave the turn unsettled and end the process. */
  async #handle(message: BotkitMessage): Promise<void> {
    const turn = turnOf(message)
    if (!turn) return
    try {
      const received = await this.#options.receive(turn.message)
      turn.received = received
      // From here and not after the deadline race: a late turn is stored too, and its replies are owed.
      if (!received.repeated) void this.announce(turn.message.address, received.replies)
    } catch (error) {
      turn.error = error ?? new AppError('internal', 'the turn failed without an error')
    }
  }

  async #deliver(address: MerchantAddress, lines: readonly TranscriptLine[]): Promise<void> {
    const adapter = this.#adapterOf(address)
    const deadlineMs = this.#options.deadlineMs
    if (lines.length === 0 || isPushChannel(adapter.channel)) {
      // Nothing is said here, so Botkit has no part in it; watchers still learn that something changed.
      await beforeDeadline(adapter.channel.deliver(address, lines), deadlineMs, 'the delivery')
      return
    }
    const delivery: Delivery = { address, lines }
    await beforeDeadline(this.#say(adapter, delivery), deadlineMs, 'the delivery')
    if (delivery.error !== undefined) throw delivery.error
  }

  async #send(conversation: Conversation, line: TranscriptLine): Promise<SendOutcome> {
    const { channel, merchantKey } = conversation
    const adapter = this.#adapters.get(channel)
    if (adapter === undefined || !isPushChannel(adapter.channel)) {
      return { kind: 'retry', reason: 'channel_off' }
    }
    const delivery: Delivery = { address: { channel, merchantKey }, lines: [line], conversation }
    const deadlineMs = this.#options.sendDeadlineMs ?? SEND_DEADLINE_MS
    try {
      await beforeDeadline(this.#say(adapter, delivery), deadlineMs, 'the send')
    } catch (error) {
      delivery.error ??= error
    }
    if (delivery.outcome !== undefined) return delivery.outcome
    const error = delivery.error ?? new AppError('internal', 'the line passed Botkit without being sent')
    this.#options.onError('delivery.failed', error, delivery.address)
    return { kind: 'unknown', reason: 'no_answer' }
  }

  /** Speaks through Botkit's send middleware and the channel's adapter. */
  async #say(adapter: ChannelAdapter, delivery: Delivery): Promise<void> {
    const bot: BotWorker = await this.#controller.spawn({}, adapter)
    await bot.changeContext(referenceTo(delivery.address))
    const context: TurnContext = bot.getConfig('context')
    context.turnState.set(DELIVERY, delivery)
    await bot.say({ text: delivery.lines.map((line) => line.text).join('\n') })
  }

  #adapterOf(address: MerchantAddress): ChannelAdapter {
    const adapter = this.#adapters.get(address.channel)
    if (!adapter) throw new AppError('internal', `no channel named ${address.channel} is running`)
    return adapter
  }

  #track<Result>(work: Promise<Result>): Promise<Result> {
    const settled = work.then(
      () => undefined,
      () => undefined,
    )
    this.#pending.add(settled)
    void settled.then(() => this.#pending.delete(settled))
    return work
  }
}

/** What Botkit's own middleware may see of a message. */
function textOf(content: InboundMessage['content']): string {
  switch (content.kind) {
    case 'text':
      return content.text
    case 'choice':
      return content.id
    case 'unreadable':
      return content.what
  }
}

/** Ingest: nothing enters that did not come through `receive`. */
function requireTurn(_bot: BotWorker, message: BotkitMessage, next: Next): void {
  next(turnOf(message) ? undefined : new AppError('internal', 'an activity came in without its message'))
}

/** Receive: what the handler will see must be the message of this merchant on this channel. */
function requireOwnChannel(_bot: BotWorker, message: BotkitMessage, next: Next): void {
  const address = turnOf(message)?.message.address
  const isOwn =
    message.incoming_message.channelId === address?.channel && message.channel === address?.merchantKey
  next(isOwn ? undefined : new AppError('internal', 'an activity came in under a foreign address'))
}

/** Send: lines leave only towards the merchant they were written for. */
function requireOwnDelivery(bot: BotWorker, _activity: unknown, next: Next): void {
  const context: TurnContext = bot.getConfig('context')
  const delivery: Delivery | undefined = context.turnState.get(DELIVERY)
  const isOwn =
    delivery !== undefined &&
    context.activity.channelId === delivery.address.channel &&
    context.activity.conversation.id === delivery.address.merchantKey
  next(isOwn ? undefined : new AppError('internal', 'lines were about to leave under a foreign address'))
}

function turnOf(message: BotkitMessage): Turn | undefined {
  const context: TurnContext | undefined = message.context
  return context?.turnState.get(TURN)
}

function keyOf(address: MerchantAddress): string {
  return `${address.channel}:${address.merchantKey}`
}

function unavailable(message: string): AppError {
  return new AppError('unavailable', message, { retryAfterMs: 2_000 })
}

async function beforeDeadline<Result>(
  work: Promise<Result>,
  deadlineMs: number,
  what: string,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable(`${what} took longer than ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
