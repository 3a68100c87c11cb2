import type { Contact } from '../core/contact.ts'
import type { ChannelName, Conversation } from '../core/conversation.ts'
import type { AttachmentId, ConversationId } from '../core/ids.ts'
import type { SendOutcome } from '../core/outbox.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type { Unreadable } from '../core/unreadable.ts'
import type { MerchantAddress } from './ports.ts'

/** One message from a merchant, as a channel's `parse` made it: not yet masked, never trusted. */
export type InboundMessage = {
  readonly address: MerchantAddress
  /** The channel's own key for this message: a copy of it gets the first answer again and no second turn. */
  readonly dedupeKey: string
  readonly content:
    /**
     * `text` may be empty when there are pictures: their ids are those `SavePicture` gave for this address.
     * `numbered` where choices are shown as numbers to type: the id of a tapped one, if the channel tells it.
     */
    | {
        readonly kind: 'text'
        readonly text: string
        readonly attachmentIds?: readonly AttachmentId[]
        readonly numbered?: { readonly menuId?: string }
      }
    | { readonly kind: 'choice'; readonly id: string; readonly promptSeq: number }
    /** Something that nobody here can read; `words` are what it says where they are asked for: a place's address. */
    | { readonly kind: 'unreadable'; readonly what: Unreadable; readonly words?: string }
  /** How to reach the merchant, on channels that are pushed to under another name than the merchant's key. */
  readonly contact?: Contact
  /** Id to give to the merchant's first conversation; a fresh one when absent. */
  readonly firstConversationId?: ConversationId
}

/** What became of an inbound message once it is stored durably and its turn is complete. */
export type Received = {
  /** Seq of the stored merchant line. */
  readonly seq: number
  /** True when this was a copy of a message taken before. */
  readonly repeated: boolean
  /** The bot and system lines this turn added (none for a copy). */
  readonly replies: readonly TranscriptLine[]
  /** State after the turn. */
  readonly conversation: Conversation
  /** Top intent and confidence of this message; absent for a choice or a copy. */
  readonly understood?: { readonly intent: string; readonly confidence: number }
}

/** The one use case of the inbound side: `app/receive-message.ts`. Rejects with `AppError`. */
export type ReceiveMessage = (message: InboundMessage) => Promise<Received>

/**
 * Our code for one place where merchants write. What it `deliver`s is already stored; for channels that pull
 * (web, terminal) stored means delivered and `deliver` only wakes the watchers.
 */
export interface Channel {
  readonly name: ChannelName
  deliver(address: MerchantAddress, lines: readonly TranscriptLine[]): Promise<void>
}

/**
 * A channel that must be pushed to. Its lines leave through the outbox only: `deliver` wakes whoever watches, `send`
 * sends one line to the provider and says what became of it.
 */
export interface PushChannel extends Channel {
  /**
   * Sends one stored line. Resolves with what is known for sure: `unknown` whenever the provider may have taken the
   * line, `retry` only when it surely did not. Must end by itself within 12 seconds; a throw counts as `unknown`.
   */
  send(conversation: Conversation, line: TranscriptLine): Promise<SendOutcome>
  /** When this merchant's next line may leave (epoch ms), where the provider sets a pace; absent: at once. */
  notBefore?(address: MerchantAddress): number
}
