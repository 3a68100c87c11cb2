import type { Answer, Api, Failure } from '../../src/widget/panel/api.ts'
import type { Session } from '../../src/widget/panel/session.ts'
import type { Line, OutgoingContent, Page, SessionGrant } from '../../src/widget/panel/wire.ts'

export const UNREACHABLE: Failure = { kind: 'unreachable', answered: false }
export const BROKEN: Failure = { kind: 'unreachable', answered: true }
export const UNAUTHORIZED: Failure = { kind: 'unauthorized' }

export function grant(token: string): SessionGrant {
  return {
    token,
    conversationId: `of-${token}`,
    greeting: '您好',
    providerName: undefined,
    hotline: undefined,
  }
}

type Post = { readonly token: string; readonly id: string; readonly content: OutgoingContent }
type Stream = { push(text: string): void; end(): void; readonly after: number; readonly token: string }

/**
 * A server told in advance what to answer. Posts are stored once an id, whatever answer they then get; with nothing
 * scripted everything works.
 */
export class ScriptedApi implements Api {
  readonly posts: Post[] = []
  readonly stored: string[] = []
  readonly reads: { readonly after: number; readonly waitSeconds: number }[] = []
  readonly streams: Stream[] = []
  /** Answers to the next posts; `lost` stores the message and then gives no answer. */
  postScript: ('ok' | 'lost' | Failure)[] = []
  sessionScript: (SessionGrant | Failure)[] = []
  streamScript: ('ok' | Failure)[] = []
  readScript: ('ok' | Failure)[] = []
  /** What was told besides messages. */
  readonly told: string[] = []
  tellScript: boolean[] = []
  pictureScript: Answer<Blob>[] = []
  /** Pictures asked for, `token id`. */
  readonly looks: string[] = []
  lines: Line[] = []
  sessions = 0
  readonly locales: string[] = []
  /** Identity tokens that came with a session. */
  readonly identities: string[] = []

  async openSession(locale: string, identityToken?: string): Promise<Answer<SessionGrant>> {
    this.sessions += 1
    this.locales.push(locale)
    if (identityToken !== undefined) this.identities.push(identityToken)
    const next = this.sessionScript.shift() ?? grant(`token-${String(this.sessions)}`)
    return 'token' in next ? { kind: 'ok', value: next } : next
  }

  async postMessage(token: string, id: string, content: OutgoingContent): Promise<Answer<number>> {
    this.posts.push({ token, id, content })
    const next = this.postScript.shift() ?? 'ok'
    if (next !== 'ok' && next !== 'lost') return next
    if (!this.stored.includes(id)) this.stored.push(id)
    return next === 'lost' ? UNREACHABLE : { kind: 'ok', value: this.stored.indexOf(id) + 2 }
  }

  async readMessages(
    _token: string,
    query: { readonly after: number; readonly limit?: number; readonly waitSeconds?: number },
    signal?: AbortSignal,
  ): Promise<Answer<Page>> {
    const { after, limit = 100, waitSeconds = 0 } = query
    this.reads.push({ after, waitSeconds })
    const next = this.readScript.shift() ?? 'ok'
    if (next !== 'ok') return next
    const lines = this.lines.filter((line) => line.seq > after).slice(0, limit)
    if (lines.length === 0 && waitSeconds > 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitSeconds * 1_000)
        signal?.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve()
        })
      })
    const lastSeq = this.lines[this.lines.length - 1]?.seq ?? 0
    return { kind: 'ok', value: { lines, lastSeq, status: { processedSeq: lastSeq, holder: 'bot' } } }
  }

  async tell(_token: string, path: string, body: object): Promise<boolean> {
    this.told.push(`${path} ${JSON.stringify(body)}`)
    return this.tellScript.shift() ?? true
  }

  async readPicture(token: string, id: string): Promise<Answer<Blob>> {
    this.looks.push(`${token} ${id}`)
    return this.pictureScript.shift() ?? { kind: 'ok', value: new Blob([id]) }
  }

  async openStream(
    token: string,
    after: number,
    signal: AbortSignal,
  ): Promise<Answer<ReadableStream<Uint8Array>>> {
    const next = this.streamScript.shift() ?? 'ok'
    if (next !== 'ok') return next
    const encoder = new TextEncoder()
    const value = new ReadableStream<Uint8Array>({
      start: (controller) => {
        let isOpen = true
        const finish = (close: () => void) => {
          if (isOpen) close()
          isOpen = false
        }
        this.streams.push({
          after,
          token,
          push: (text) => controller.enqueue(encoder.encode(text)),
          end: () => finish(() => controller.close()),
        })
        signal.addEventListener('abort', () => finish(() => controller.error(new Error('aborted'))))
      },
    })
    return { kind: 'ok', value }
  }
}

/** A session that is simply there. `expire` makes its token one that is no longer present. */
export function fixedSession(): Session & { expire(): void } {
  let count = 1
  const present = () => grant(`token-${String(count)}`)
  return {
    get: () => Promise.resolve(present()),
    renew(refused) {
      if (refused === present().token) count += 1
      return Promise.resolve(present())
    },
    identify: () => Promise.resolve(true),
    follow: () => {},
    isPresent: (token) => token === present().token,
    nudge: () => {},
    expire: () => {
      count += 1
    },
  }
}
