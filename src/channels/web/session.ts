import { createHmac, timingSafeEqual } from 'node:crypto'
import { conversationId } from '../../core/ids.ts'
import type { WebSession } from '../../app/web-channel.ts'

const TOKEN = /^([a-z0-9]{26})\.[A-Za-z0-9_-]{43}$/

/**
 * Makes the token of a session: the merchant's key and its HMAC under the server's secret. Pure.
 *
 * So a page view writes nothing, and a token survives restarts.
 */
export function sealToken(secret: string, merchantKey: string): string {
  return `${merchantKey}.${createHmac('sha256', secret).update(`web-session:${merchantKey}`).digest('base64url')}`
}

/** Reads a token made by `sealToken` under the same secret; `undefined` for any other text. Pure. */
export function openToken(secret: string, token: string): WebSession | undefined {
  const merchantKey = TOKEN.exec(token)?.[1]
  if (!merchantKey) return undefined
  // As text, not as decoded bytes: the last letter of base64url has spare bits, which would give twin tokens.
  const isGenuine = timingSafeEqual(Buffer.from(token), Buffer.from(sealToken(secret, merchantKey)))
  return isGenuine ? sessionOf(merchantKey) : undefined
}

/** The session of a merchant key, whose first conversation has that very id. Pure. */
export function sessionOf(merchantKey: string): WebSession {
  return { address: { channel: 'web', merchantKey }, firstConversationId: conversationId(merchantKey) }
}
