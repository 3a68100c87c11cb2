import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SlackSignature } from '../../app/slack-channel.ts'
import { AppError } from '../../core/errors.ts'

/** A request that is older or newer than this is taken for a replay. */
const WINDOW_SECONDS = 300
const TIMESTAMP = /^\d{1,12}$/
const SIGNATURE = /^v0=[0-9a-f]{64}$/

/**
 * Proves that Slack sent these bytes within the last five minutes. Pure but for its arguments. Throws `unauthorized`,
 * which says nothing of what was wrong.
 */
export function verifySlack(
  secret: string,
  { timestamp, signature }: SlackSignature,
  body: Uint8Array,
  now: number,
): void {
  checkFreshness(timestamp, now)
  if (signature === undefined || !SIGNATURE.test(signature)) throw unsigned()
  const wanted = Buffer.from(signSlack(secret, timestamp ?? '', body))
  const given = Buffer.from(signature)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw unsigned()
}

/** The signature of a body, version 0. Pure. */
export function signSlack(secret: string, timestamp: string, body: Uint8Array): string {
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body)
  return `v0=${hmac.digest('hex')}`
}

/** Throws `unauthorized` for a time that is none or lies outside the window: told apart before any body is read. */
export function checkFreshness(timestamp: string | undefined, now: number): void {
  if (timestamp === undefined || !TIMESTAMP.test(timestamp)) throw unsigned()
  if (Math.abs(Math.floor(now / 1000) - Number(timestamp)) > WINDOW_SECONDS) throw unsigned()
}

function unsigned(): AppError {
  return new AppError('unauthorized', 'the request does not carry a valid signature of Slack')
}
