import type { z } from 'zod'
import type { ConversationId } from '../core/ids.ts'
import type { Channel, InboundMessage } from './channel-ports.ts'
import type { MerchantAddress } from './ports.ts'
import type { WatchEvent } from './watch-lines.ts'

/** A browser's right to read and write one merchant's talk. Nothing of it is stored. */
export type WebSession = { readonly address: MerchantAddress; readonly firstConversationId: ConversationId }

/** What a browser asks for to begin. */
export type SessionRequest = {
  readonly locale?: string | undefined
  readonly identityToken?: string | undefined
}

/** One message as a browser posts it. */
export type MessageRequest =
  | {
      readonly clientMsgId: string
      readonly text?: string | undefined
      readonly attachmentIds?: readonly string[] | undefined
    }
  | { readonly clientMsgId: string; readonly choice: { readonly id: string; readonly promptSeq: number } }

/** The web channel as the HTTP edge needs it: sessions, messages from requests, events to text. */
export interface WebChannel extends Channel {
  /** What may be posted, for validation and for the API description. */
  readonly bodies: {
    readonly session: z.ZodType<SessionRequest>
    readonly message: z.ZodType<MessageRequest>
  }
  /** Starts a session. Throws `invalid`, or `unauthorized` for an identity nobody vouches for. */
  startSession(request: SessionRequest): { readonly token: string; readonly session: WebSession }
  /** The session of a token made here; `undefined` for any other text. */
  findSession(token: string): WebSession | undefined
  /** Makes the inbound message of a request. Pure. */
  parseMessage(session: WebSession, request: MessageRequest): InboundMessage
  /** What a stream begins with. */
  readonly streamOpening: string
  /** The wire form of an event on a stream. Pure. */
  renderEvent(event: WatchEvent): string
}
