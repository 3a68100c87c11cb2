import type { Contact } from '../core/contact.ts'
import type { Conversation } from '../core/conversation.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type { InboundMessage, PushChannel } from './channel-ports.ts'
import type { MerchantAddress } from './ports.ts'

/** What stands in the address of a request from WeChat; every value as it came. */
export type WechatQuery = {
  readonly signature?: string | undefined
  readonly msgSignature?: string | undefined
  readonly timestamp: string
  readonly nonce: string
  readonly encryptType?: string | undefined
}

/** What a merchant did. */
export type WechatContent =
  | InboundMessage['content']
  /** A picture that lies at WeChat for three days. */
  | { readonly kind: 'picture'; readonly mediaId: string }
  | { readonly kind: 'followed' }
  | { readonly kind: 'unfollowed' }
  /** Nothing that asks for anything of us. */
  | { readonly kind: 'ignored' }

/** One push of WeChat, opened and read. */
export type WechatPush = {
  readonly address: MerchantAddress
  /** The same for every copy of a push, and for no other. */
  readonly dedupeKey: string
  readonly contact: Contact
  readonly content: WechatContent
}

/** An opened request, and the body that answers it with a text. */
export type WechatRequest = { readonly push: WechatPush; renderAnswer(text: string): string }

/** The WeChat channel as the HTTP edge and the use cases need it. */
export interface WechatChannel extends PushChannel {
  /** Throws `forbidden` unless WeChat asks whether this address is ours. */
  checkAddress(query: WechatQuery): void
  /** Throws `forbidden` for what WeChat did not send just now, `invalid` for what cannot be read. */
  open(query: WechatQuery, body: string): WechatRequest
  /** Lines as one message, with the choices of the open question as numbers. Pure. */
  renderLines(conversation: Conversation, lines: readonly TranscriptLine[]): string
  /** How many of the lines, from the first, one message can hold. Pure. */
  countFitting(conversation: Conversation, lines: readonly TranscriptLine[]): number
  /** A picture that lies at WeChat; undefined when it could not be fetched. Never rejects. */
  fetchPicture(mediaId: string): Promise<Uint8Array | undefined>
  /** Shows the merchant that an answer is being written. Never rejects. */
  showTyping(contact: Contact): Promise<void>
}
