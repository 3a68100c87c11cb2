import type { SendOutcome } from '../../core/outbox.ts'
import { hasNeverLeft } from '../never-left.ts'

/** What Slack's refusals mean for a line (the names are Slack's). */
const REFUSALS: ReadonlyMap<string, 'busy' | 'stopped' | 'unreachable' | 'bad_content'> = new Map([
  ...named('busy', [
    'ratelimited',
    'internal_error',
    'fatal_error',
    'service_unavailable',
    'request_timeout',
    'team_added_to_org',
  ]),
  ...named('stopped', [
    'not_authed',
    'invalid_auth',
    'token_revoked',
    'token_expired',
    'account_inactive',
    'missing_scope',
    'no_permission',
    'org_login_required',
    'ekm_access_denied',
    'access_denied',
  ]),
  ...named('unreachable', [
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'user_not_found',
    'messages_tab_disabled',
    'restricted_action',
    'cannot_reply_to_message',
    'thread_not_found',
  ]),
  ...named('bad_content', [
    'msg_too_long',
    'msg_blocks_too_long',
    'invalid_blocks',
    'invalid_blocks_format',
    'no_text',
  ]),
])

/** What a failed call of the Web API says. `scope` tells how far a wait reaches. */
export type Failure = {
  readonly outcome: SendOutcome
  /** `workspace`: everything waits, not only this line. */
  readonly scope: 'line' | 'workspace'
  /** True when Slack refused the blocks, but might take the mere text. */
  readonly isContent: boolean
}

/** A broken token or a missing scope is not mended within seconds, and somebody has to be told. */
const STOPPED_MS = 60_000
const DEFAULT_LIMIT_MS = 30_000

/**
 * What an error of the Web API client means for the line that was being sent: only what surely did not reach Slack is
 * tried again. Pure.
 */
export function failureOf(error: unknown, now: number): Failure {
  const { code, data, statusCode, retryAfter, original } = fieldsOf(error)
  switch (code) {
    case 'slack_webapi_rate_limited_error': {
      const afterMs = typeof retryAfter === 'number' ? Math.max(1_000, retryAfter * 1_000) : DEFAULT_LIMIT_MS
      return { ...line({ kind: 'retry', afterMs, reason: 'rate' }), scope: 'workspace' }
    }
    case 'slack_webapi_platform_error':
      return refusal(fieldsOf(data).error, now)
    case 'slack_webapi_http_error':
      return typeof statusCode === 'number' && statusCode >= 500
        ? line({ kind: 'retry', reason: 'busy' })
        : line({ kind: 'failed', reason: `http_${String(statusCode)}` })
    case 'slack_webapi_request_error':
      return hasNeverLeft(original) ? line({ kind: 'retry', reason: 'network' }) : unanswered()
    default:
      return unanswered()
  }
}

function refusal(name: unknown, now: number): Failure {
  if (typeof name !== 'string' || !/^[a-z0-9_]{2,60}$/.test(name)) return unanswered()
  switch (REFUSALS.get(name)) {
    case 'busy':
      return line({ kind: 'retry', reason: 'busy' })
    case 'stopped':
      return {
        ...line({ kind: 'parked', until: now + STOPPED_MS, reason: 'no_permission' }),
        scope: 'workspace',
      }
    case 'unreachable':
      return line({ kind: 'failed', reason: 'unreachable' })
    case 'bad_content':
      return { ...line({ kind: 'failed', reason: 'bad_content' }), isContent: true }
    case undefined:
      return line({ kind: 'failed', reason: name })
  }
}

/** The request may have arrived. */
function unanswered(): Failure {
  return line({ kind: 'unknown', reason: 'no_answer' })
}

function line(outcome: SendOutcome): Failure {
  return { outcome, scope: 'line', isContent: false }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {}
  const names = ['code', 'data', 'statusCode', 'retryAfter', 'original', 'error']
  return Object.fromEntries(names.map((name) => [name, Reflect.get(value, name)]))
}

function named<Meaning extends string>(meaning: Meaning, names: readonly string[]): [string, Meaning][] {
  return names.map((name) => [name, meaning])
}
