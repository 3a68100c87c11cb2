import { z } from 'zod'
import { hasNeverLeft } from '../never-left.ts'
import { readAtMost } from '../read-at-most.ts'

/**
 * What came of a call: an answer, or none. `unsent` when the request surely never reached WeChat, `unknown` when it
 * may have been carried out.
 */
export type CallResult =
  | { readonly kind: 'answered'; readonly data: Readonly<Record<string, unknown>>; readonly errcode: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'unsent' | 'unknown'; readonly reason: string }

export type CallOptions = {
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
  /** Largest answer that is read, in bytes. */
  readonly maxBytes: number
}

const GATEWAY_TIMEOUT = 504

const Answer = z.looseObject({ errcode: z.int().default(0) })

/** Calls WeChat once and reads the whole answer. Never rejects; ends with `signal` at the latest. */
export async function callOnce(
  url: URL,
  body: object | FormData | undefined,
  options: CallOptions,
): Promise<CallResult> {
  const { signal } = options
  const request = requestOf(body)
  try {
    const response = await options.fetch(url, { ...request, signal, redirect: 'error' })
    const bytes = await readAtMost(response, options.maxBytes)
    // A gateway that gave up waiting does not know what became of the request; the others did not pass it on.
    if (response.status === GATEWAY_TIMEOUT) return { kind: 'unknown', reason: 'timeout' }
    if (response.status >= 500 || response.status === 429) return { kind: 'unsent', reason: 'busy' }
    if (bytes === undefined) return { kind: 'unknown', reason: 'answer_too_large' }
    return readAnswer(response, bytes)
  } catch (error) {
    return {
      kind: hasNeverLeft(error) ? 'unsent' : 'unknown',
      reason: signal.aborted ? 'timeout' : 'network',
    }
  }
}

function requestOf(body: object | FormData | undefined): RequestInit {
  if (body === undefined) return {}
  if (body instanceof FormData) return { method: 'POST', body }
  return { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) }
}

const JSON_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' }

function readAnswer(response: Response, bytes: Uint8Array): CallResult {
  const type = response.headers.get('content-type') ?? ''
  if (/^(?:image|voice|video|audio)\//.test(type)) return { kind: 'bytes', bytes }
  const parsed = Answer.safeParse(jsonOf(bytes))
  // WeChat answers 200 whatever it says; anything else does not come from it.
  if (!parsed.success || response.status !== 200) return { kind: 'unknown', reason: 'strange_answer' }
  return { kind: 'answered', data: parsed.data, errcode: parsed.data.errcode }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
