/**
 * What becomes of a message WeChat refused.
 *
 * `token`: once more with a new access token · `retry`: later, counted as a failed send · `wait`: after `waitMs`, not
 * counted · `next_day`: when the day's limit begins anew · `park`: until the merchant writes again · `give_up`: never.
 */
export type RefusalPolicy = {
  readonly action: 'token' | 'retry' | 'wait' | 'next_day' | 'park' | 'give_up'
  /** What staff and the log are told; a code, never a sentence. */
  readonly reason: string
  readonly waitMs?: number
  /** True when a human must look at the account or at our code. */
  readonly alerts?: true
  /** True when the account cannot send at all: nothing is tried for a while. */
  readonly stopsChannel?: true
}

const MINUTE_MS = 60_000
/** How long nothing is tried once WeChat says that this server or account may not send. */
export const CHANNEL_PAUSE_MS = 10 * MINUTE_MS

const token: RefusalPolicy = { action: 'token', reason: 'no_permission' }
const content: RefusalPolicy = { action: 'give_up', reason: 'bad_content', alerts: true }
const unreachable: RefusalPolicy = { action: 'give_up', reason: 'unreachable' }
const noSending: RefusalPolicy = {
  action: 'park',
  reason: 'no_push',
  alerts: true,
  stopsChannel: true,
}
const notAllowed: RefusalPolicy = {
  action: 'wait',
  reason: 'no_permission',
  waitMs: CHANNEL_PAUSE_MS,
  alerts: true,
  stopsChannel: true,
}

/** WeChat's errcodes, as far as they ask for something else than to give up. */
export const ERRCODES: ReadonlyMap<number, RefusalPolicy> = new Map([
  [-1, { action: 'retry', reason: 'busy' }],
  [40001, token],
  [40014, token],
  [41001, token],
  [42001, token],
  [45011, { action: 'wait', reason: 'rate', waitMs: MINUTE_MS }],
  [45009, { action: 'next_day', reason: 'daily', alerts: true }],
  [45015, { action: 'give_up', reason: 'window_closed' }],
  [45047, { action: 'park', reason: 'quota' }],
  [45002, content],
  [45008, content],
  [44004, content],
  [47001, content],
  [40008, content],
  [40003, unreachable],
  [43004, unreachable],
  [50005, unreachable],
  [43019, unreachable],
  [48002, unreachable],
  [50002, unreachable],
  [48001, noSending],
  [48004, noSending],
  [40200, noSending],
  [40007, { action: 'give_up', reason: 'picture_gone' }],
  [40164, notAllowed],
  [89503, notAllowed],
  [40013, notAllowed],
  [40125, notAllowed],
])

/** What to do about an errcode; one we do not know is given up, and somebody is told. Pure. */
export function policyOf(errcode: number): RefusalPolicy {
  return ERRCODES.get(errcode) ?? { action: 'give_up', reason: `errcode_${errcode}`, alerts: true }
}
