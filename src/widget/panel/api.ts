import { retryAfterMs } from './backoff.ts'
import { parseGrant, parseJson, parsePage, parseProblemDetail, parseStored } from './wire.ts'
import type { OutgoingContent, Page, SessionGrant } from './wire.ts'

/** Why a call brought nothing. Expected outcomes, so values: every caller decides what to do with each. */
export type Failure =
  | { readonly kind: 'unauthorized' }
  /** 429 or 503: the same again after this long. */
  | { readonly kind: 'later'; readonly afterMs: number }
  /** Another 4xx: the same again would be refused again. */
  | { readonly kind: 'refused'; readonly detail?: string; readonly status?: number }
  /** No answer, or one that cannot be used. It may have been carried out all the same. */
  | { readonly kind: 'unreachable'; readonly answered: boolean }

export type Answer<Value> = { readonly kind: 'ok'; readonly value: Value } | Failure

export type Api = {
  openSession(locale: string, identityToken?: string): Promise<Answer<SessionGrant>>
  /** Safe to repeat with the same id: the server gives the first answer again. */
  postMessage(token: string, clientMsgId: string, content: OutgoingContent): Promise<Answer<number>>
  readMessages(
    token: string,
    query: { readonly after: number; readonly limit?: number; readonly waitSeconds?: number },
    signal?: AbortSignal,
  ): Promise<Answer<Page>>
  openStream(token: string, after: number, signal: AbortSignal): Promise<Answer<ReadableStream<Uint8Array>>>
  /** Small calls whose failure costs nothing: true when they got through. */
  tell(token: string, path: 'typing' | 'read' | 'rating', body: object): Promise<boolean>
  readPicture(token: string, id: string): Promise<Answer<Blob>>
}

export const PAGE_SIZE = 100
const ANSWER_WITHIN_MS = 20_000
const DEFAULT_LATER_MS = 2_000

/** The calls of `/widget/v1` under `base` (with a slash at its end). Nothing here throws. */
export function createApi(base: string, fetchCall: typeof fetch): Api {
  async function call(path: string, init: RequestInit, withinMs?: number): Promise<Response | undefined> {
    const controller = new AbortController()
    const abort = () => controller.abort()
    if (init.signal?.aborted === true) abort()
    init.signal?.addEventListener('abort', abort)
    const timer = withinMs === undefined ? undefined : setTimeout(abort, withinMs)
    try {
      const response = await fetchCall(base + path, {
        cache: 'no-store',
        credentials: 'omit',
        ...init,
        signal: controller.signal,
      })
      if (timer === undefined) return response
      // The body is part of the answer: a connection cut inside it is no answer.
      const body = await response.text()
      return new Response(response.status === 204 ? null : body, response)
    } catch {
      return undefined
    } finally {
      clearTimeout(timer)
      if (timer !== undefined) init.signal?.removeEventListener('abort', abort)
    }
  }

  async function ask<Value>(
    path: string,
    init: RequestInit,
    parse: (value: unknown) => Value | undefined,
    withinMs = ANSWER_WITHIN_MS,
  ): Promise<Answer<Value>> {
    const response = await call(path, init, withinMs)
    if (response === undefined) return { kind: 'unreachable', answered: false }
    const body = parseJson(await response.text())
    if (!response.ok) return toFailure(response, body)
    const value = parse(body)
    return value === undefined ? { kind: 'unreachable', answered: true } : { kind: 'ok', value }
  }

  return {
    openSession: (locale, identityToken) => ask('session', post({ locale, identityToken }), parseGrant),
    postMessage: (token, clientMsgId, content) =>
      ask('messages', post({ clientMsgId, ...toBody(content) }, token), parseStored),
    readMessages(token, { after, limit = PAGE_SIZE, waitSeconds = 0 }, signal) {
      const wait = waitSeconds > 0 ? `&wait=${String(waitSeconds)}` : ''
      const init = { headers: bearer(token), ...(signal === undefined ? {} : { signal }) }
      return ask(
        `messages?after=${String(after)}&limit=${String(limit)}${wait}`,
        init,
        parsePage,
        ANSWER_WITHIN_MS + waitSeconds * 1_000,
      )
    },
    async openStream(token, after, signal) {
      const headers = { ...bearer(token), Accept: 'text/event-stream', 'Last-Event-ID': String(after) }
      const response = await call('stream', { headers, signal })
      if (response === undefined) return { kind: 'unreachable', answered: false }
      if (!response.ok) return toFailure(response, undefined)
      return response.body === null
        ? { kind: 'unreachable', answered: true }
        : { kind: 'ok', value: response.body }
    },
    async tell(token, path, body) {
      const response = await call(path, post(body, token), ANSWER_WITHIN_MS)
      return response?.ok === true
    },
    async readPicture(token, id) {
      try {
        // Pictures never change: the browser's own cache may keep them.
        const init = { headers: bearer(token), cache: 'default', credentials: 'omit' } as const
        const response = await fetchCall(`${base}attachments/${id}`, init)
        if (!response.ok) return toFailure(response, undefined)
        return { kind: 'ok', value: await response.blob() }
      } catch {
        return { kind: 'unreachable', answered: false }
      }
    },
  }
}

function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` }
}

function post(body: unknown, token?: string): RequestInit {
  const type = { 'Content-Type': 'application/json' }
  const headers = token === undefined ? type : { ...type, ...bearer(token) }
  return { method: 'POST', headers, body: JSON.stringify(body) }
}

function toBody(content: OutgoingContent): object {
  if (content.kind === 'text' && content.pictures !== undefined) {
    return { text: content.text, attachmentIds: content.pictures.map(({ attachmentId }) => attachmentId) }
  }
  return content.kind === 'text'
    ? { text: content.text }
    : { choice: { id: content.id, promptSeq: content.promptSeq } }
}

export function toFailure(response: Pick<Response, 'status' | 'headers'>, body: unknown): Failure {
  const { status } = response
  if (status === 401) return { kind: 'unauthorized' }
  if (status === 429 || status === 503) {
    const afterMs = retryAfterMs(response.headers.get('Retry-After'), Date.now())
    return { kind: 'later', afterMs: Math.max(afterMs ?? DEFAULT_LATER_MS, 250) }
  }
  if (status < 400 || status >= 500 || status === 408) return { kind: 'unreachable', answered: true }
  const detail = parseProblemDetail(body)
  return detail === undefined ? { kind: 'refused', status } : { kind: 'refused', detail, status }
}
