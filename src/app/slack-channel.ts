import type { Conversation } from '../core/conversation.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type { InboundMessage, PushChannel } from './channel-ports.ts'
import type { SendOutcome } from '../core/outbox.ts'
import type { MerchantAddress } from './ports.ts'
import type { Notice } from './post-notices.ts'

/** What stands in the headers of a request from Slack; every value as it came. */
export type SlackSignature = {
  readonly timestamp: string | undefined
  readonly signature: string | undefined
}

/** One request to the events address, read. */
export type SlackEvent =
  /** Slack asks whether this address is ours: the text goes back. */
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** `pictures`: where Slack has those of the message. Without a word in it, it is `unreadable` unless they are fetched. */
  | { readonly kind: 'message'; readonly message: InboundMessage; readonly pictures: readonly string[] }
  /** Nothing that asks for anything of us: our own messages, edits, joins. */
  | { readonly kind: 'ignored' }

/** A merchant pressed a button. */
export type SlackClick = {
  readonly address: MerchantAddress
  readonly dedupeKey: string
  readonly choiceId: string
  readonly label: string
  /** Seq of the line that offered it, as far as the button itself tells. */
  readonly promptSeq?: number
  /** Slack's own id of the message with the button. */
  readonly messageId: string
}

/** The Slack channel as the HTTP edge and the use cases need it. */
export interface SlackChannel extends PushChannel {
  /** Throws `unauthorized` for a time outside the window, so that no body is read for nothing. */
  checkFreshness(signature: SlackSignature): void
  /** Throws `unauthorized` unless Slack signed these bytes just now. */
  verify(signature: SlackSignature, body: Uint8Array): void
  /** Reads a verified body. Throws `invalid` for what is not as Slack writes it. */
  parseEvent(body: Uint8Array): SlackEvent
  /** Reads a verified body; `undefined` for an act that is no press of a choice. Throws `invalid`. */
  parseClick(body: Uint8Array): SlackClick | undefined
  /** Fetches a picture of a message; undefined when it cannot be had in time. Never rejects. */
  fetchPicture(address: string): Promise<Uint8Array | undefined>
  /** Posts a notice into a channel of the staff. Resolves as `send` does. */
  postNotice(channel: string, notice: Notice): Promise<SendOutcome>
  /**
   * Takes the buttons of a line that was sent away and puts `note` in their place. Best effort, and never rejects: a
   * button that stays is answered when it is pressed.
   */
  closeChoices(conversation: Conversation, line: TranscriptLine, note: string | undefined): Promise<void>
}
