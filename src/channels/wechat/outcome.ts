import type { SendOutcome } from '../../core/outbox.ts'
import type { ApiResult } from './api.ts'
import { policyOf, type RefusalPolicy } from './errcodes.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const SHANGHAI_OFFSET_MS = 8 * 60 * 60 * 1000
/** A token that was refused twice is asked about again after this. */
const TOKEN_REST_MS = 60_000

/** What became of one message to WeChat. Pure; `now` is epoch ms. */
export function outcomeOf(result: ApiResult, now: number): SendOutcome {
  switch (result.kind) {
    case 'answered':
      return { kind: 'sent' }
    case 'unsent':
      return { kind: 'retry', reason: result.reason }
    case 'unknown':
      return { kind: 'unknown', reason: result.reason }
    case 'bytes':
      return { kind: 'unknown', reason: 'strange_answer' }
    case 'refused':
      return refused(policyOf(result.errcode), now)
  }
}

function refused({ action, reason, waitMs }: RefusalPolicy, now: number): SendOutcome {
  switch (action) {
    case 'token':
      return { kind: 'retry', afterMs: TOKEN_REST_MS, reason }
    case 'retry':
      return { kind: 'retry', reason }
    case 'wait':
      return { kind: 'retry', reason, ...(waitMs === undefined ? {} : { afterMs: waitMs }) }
    case 'next_day':
      return { kind: 'parked', until: nextDayInShanghai(now), reason }
    case 'park':
      return { kind: 'parked', reason }
    case 'give_up':
      return { kind: 'failed', reason }
  }
}

/** WeChat counts its days in Chinese time. */
function nextDayInShanghai(now: number): number {
  return (Math.floor((now + SHANGHAI_OFFSET_MS) / DAY_MS) + 1) * DAY_MS - SHANGHAI_OFFSET_MS
}
