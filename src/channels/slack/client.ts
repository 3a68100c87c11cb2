import { type Logger, LogLevel, WebClient } from '@slack/web-api'

const TIMEOUT_MS = 10_000
const LIMIT_SECONDS = 30

/**
 * Makes the client of Slack's Web API. It tries nothing again by itself: the outbox does. `apiBase` replaces scheme,
 * host and port only.
 */
export function createSlackClient(token: string, apiBase: string | undefined): WebClient {
  return new WebClient(token, {
    ...(apiBase === undefined ? {} : { slackApiUrl: `${new URL(apiBase).origin}/api/` }),
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout: TIMEOUT_MS,
    logger: SILENT,
    fetch: fetchWithLimit,
  })
}

/** Without a usable Retry-After the client takes a 429 for a failure that may have arrived. */
const fetchWithLimit: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  const hasWait = Number(response.headers.get('retry-after')) > 0
  if (response.status !== 429 || hasWait) return response
  await response.body?.cancel()
  return new Response('', { status: 429, headers: { 'Retry-After': String(LIMIT_SECONDS) } })
}

/** The client writes addresses and bodies into its log; ours has ids only. */
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}
