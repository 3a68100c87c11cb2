import type { TranscriptLine } from '../core/transcript.ts'
import type { Conversation } from '../core/conversation.ts'
import type { InboundMessage, Received } from './channel-ports.ts'
import type { SendOutcome } from '../core/outbox.ts'
import type { MerchantAddress } from './ports.ts'

/** The way between channels and the use case: every inbound message and every line to deliver passes it. */
export interface MessageHub {
  /**
   * Runs the turn of one inbound message and then has its replies delivered. Turns of one merchant run in order.
   * A copy of a message still in work joins it. Rejects with `AppError`: `too_many` when too many messages of the
   * merchant wait, `unavailable` when the turn took longer than its deadline (the message may be stored: again
   * later with the same id).
   */
  receive(message: InboundMessage): Promise<Received>
  /** Delivers lines that are stored already. Never rejects: failures are told to the hub's `onError`. */
  announce(address: MerchantAddress, lines: readonly TranscriptLine[]): Promise<void>
  /**
   * Sends one line of the outbox through the merchant's channel. Never rejects: a channel that throws or does not
   * answer in time leaves `unknown`, one that is not running `retry`.
   */
  send(conversation: Conversation, line: TranscriptLine): Promise<SendOutcome>
  /** Waits for the turns and deliveries in work, then takes nothing more. */
  close(): Promise<void>
}
