import { BotAdapter, type Activity, type ResourceResponse, type TurnContext } from 'botbuilder-core'
import type { Channel, PushChannel } from '../../app/channel-ports.ts'
import type { SendOutcome } from '../../core/outbox.ts'
import type { MerchantAddress } from '../../app/ports.ts'
import type { Conversation } from '../../core/conversation.ts'
import type { TranscriptLine } from '../../core/transcript.ts'

/** Lines on their way out and what went wrong with them. Travels in `turnState`, beside Botkit's own message. */
export type Delivery = {
  readonly address: MerchantAddress
  readonly lines: readonly TranscriptLine[]
  /** Present when the lines are pushed from the outbox, one at a time. */
  readonly conversation?: Conversation
  outcome?: SendOutcome
  error?: unknown
}

export const DELIVERY = Symbol('delivery')

/** Carries one of our channels as a Bot Framework adapter. */
export class ChannelAdapter extends BotAdapter {
  readonly channel: Channel

  constructor(channel: Channel) {
    super()
    this.channel = channel
  }

  /** Sends an inbound turn through the adapter's middleware to `logic`. */
  runTurn(context: TurnContext, logic: (context: TurnContext) => Promise<void>): Promise<void> {
    return this.runMiddleware(context, logic)
  }

  /** Hands the turn's delivery to the channel. Never rejects: a throw in here would never settle `bot.say`. */
  override async sendActivities(
    context: TurnContext,
    activities: Partial<Activity>[],
  ): Promise<ResourceResponse[]> {
    const delivery: Delivery | undefined = context.turnState.get(DELIVERY)
    try {
      if (delivery) await this.#handOver(delivery)
    } catch (error) {
      if (delivery) delivery.error = error
    }
    return activities.map(() => ({ id: String(delivery?.lines.at(-1)?.seq ?? '') }))
  }

  async #handOver(delivery: Delivery): Promise<void> {
    const { address, lines, conversation } = delivery
    const [line] = lines
    if (conversation === undefined) await this.channel.deliver(address, lines)
    else if (line !== undefined && isPushChannel(this.channel)) {
      delivery.outcome = await this.channel.send(conversation, line)
    }
  }

  /** Stored lines never change, so there is nothing to update at a channel. */
  override async updateActivity(): Promise<void> {}

  /** Stored lines are never taken back, so there is nothing to delete at a channel. */
  override async deleteActivity(): Promise<void> {}

  /** Lines go out through the hub, which spawns its own bot for an address. */
  override continueConversation(): Promise<void> {
    return Promise.reject(new Error('lines go out through the hub, not through continueConversation'))
  }
}

/** Says whether lines must be pushed to a channel. */
export function isPushChannel(channel: Channel): channel is PushChannel {
  return 'send' in channel
}

/** The address in Bot Framework's terms. */
export function referenceTo(address: MerchantAddress) {
  return {
    channelId: address.channel,
    conversation: { id: address.merchantKey, isGroup: false, conversationType: 'personal', name: '' },
    user: { id: address.merchantKey, name: '' },
    bot: { id: 'posdesk', name: 'posdesk' },
    serviceUrl: '',
  }
}
