import { PAGE_SIZE } from './api.ts'
import { backoffMs } from './backoff.ts'
import { createEventParser } from './event-stream.ts'
import { cursorOf, withLines, withStatus } from './talk.ts'
import { parseJson, parseLine, parseStatus } from './wire.ts'
import type { Answer, Api, Failure } from './api.ts'
import type { Page, SessionGrant } from './wire.ts'
import type { Session } from './session.ts'
import type { TalkStore } from './talk-store.ts'

/** `live`: lines arrive as they are written. `broken`: more than one try in a row has failed. */
export type Connection = 'starting' | 'live' | 'broken'

export type Receiver = {
  start(): void
  stop(): void
  /** Connects anew at once: the network came back, or the session changed. */
  reconnect(): void
  /** The page is looked at again: connects anew if it was stopped, or has heard nothing for a while. */
  refresh(): void
  /** Asks once for what is new, beside the stream. */
  sync(): Promise<void>
  /** Reads the page of lines before the oldest one shown. False when that failed. */
  loadOlder(): Promise<boolean>
}

type Deps = {
  readonly api: Api
  readonly session: Session
  readonly store: TalkStore
  readonly random: () => number
  readonly now: () => number
  readonly onConnection: (connection: Connection) => void
  /** The other side is writing. */
  readonly onTyping: () => void
}

/** The server's heartbeat comes every 15 s. */
const SILENCE_MS = 40_000
/** A stream without a first byte for this long is being held back by a proxy. */
const FIRST_BYTE_MS = 20_000
/** How long a stream may leave the state of the turns unsaid before it is asked for. */
const STATUS_WITHIN_MS = 3_000
const STREAM_FAILURES_WITHIN_MS = 10_000
/** How long to poll before the stream gets another chance. */
const POLL_FOR_MS = 60_000
const POLL_WAIT_SECONDS = 25
const POLL_GAP_MS = 1_000

type Round = { readonly kind: 'ok' } | Failure

/** Keeps the talk up to date: by stream while that works, by long-poll where it does not, for as long as it runs. */
export function createReceiver({ api, session, store, random, now, onConnection, onTyping }: Deps): Receiver {
  let running: AbortController | undefined
  let failures = 0
  let lastStreamFailureAt = Number.NEGATIVE_INFINITY
  let pollUntil = Number.NEGATIVE_INFINITY
  let heardAt = Number.NEGATIVE_INFINITY
  let wake = () => {}

  function takePage(grant: SessionGrant, page: Page): void {
    if (!session.isPresent(grant.token)) return
    store.update((talk) => withStatus(withLines({ ...talk, loaded: true }, page.lines), page.status))
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function run(mine: AbortController): Promise<void> {
    while (running === mine) {
      const grant = await session.get()
      if (mine.signal.aborted) return
      const round = await runRound(grant, mine.signal)
      if (mine.signal.aborted) return
      if (round.kind === 'ok') continue
      failures += 1
      if (failures > 1) onConnection('broken')
      if (round.kind === 'unauthorized') await session.renew(grant.token)
      if (round.kind === 'unauthorized' && failures === 1) continue
      await pause(round.kind === 'later' ? round.afterMs : backoffMs(failures, random()))
    }
  }

  async function runRound(grant: SessionGrant, signal: AbortSignal): Promise<Round> {
    if (!store.get().loaded) {
      const history = await loadHistory(grant, signal)
      if (history.kind !== 'ok') return history
    }
    return now() < pollUntil ? poll(grant, signal) : follow(grant, signal)
  }

  /** The newest page. A talk longer than that costs one more request; its beginning is read on demand. */
  async function loadHistory(grant: SessionGrant, signal: AbortSignal): Promise<Round> {
    const first = await api.readMessages(grant.token, { after: 0 }, signal)
    if (first.kind !== 'ok') return first
    const { lastSeq } = first.value
    const isAll = lastSeq <= (first.value.lines[first.value.lines.length - 1]?.seq ?? 0)
    const answer = isAll ? first : await api.readMessages(grant.token, { after: lastSeq - PAGE_SIZE }, signal)
    if (answer.kind === 'ok') takePage(grant, answer.value)
    return answer.kind === 'ok' ? { kind: 'ok' } : answer
  }

  async function poll(grant: SessionGrant, signal: AbortSignal): Promise<Round> {
    const startedAt = now()
    const after = cursorOf(store.get())
    const waitSeconds = failures > 0 ? 0 : POLL_WAIT_SECONDS
    const answer = await api.readMessages(grant.token, { after, waitSeconds }, signal)
    if (answer.kind !== 'ok') return answer
    failures = 0
    heardAt = now()
    onConnection('live')
    takePage(grant, answer.value)
    // A server that answers an empty wait at once must not be asked in a tight loop.
    if (answer.value.lines.length === 0 && now() - startedAt < POLL_GAP_MS) await pause(POLL_GAP_MS)
    return { kind: 'ok' }
  }

  async function follow(grant: SessionGrant, signal: AbortSignal): Promise<Round> {
    const controller = new AbortController()
    const abort = () => controller.abort()
    signal.addEventListener('abort', abort)
    let silence = setTimeout(abort, FIRST_BYTE_MS)
    let status: ReturnType<typeof setTimeout> | undefined
    const startedAt = now()
    let hasSpoken = false
    const onBytes = () => {
      hasSpoken = true
      failures = 0
      heardAt = now()
      onConnection('live')
      clearTimeout(silence)
      silence = setTimeout(abort, SILENCE_MS)
    }
    let round: Round = { kind: 'unreachable', answered: false }
    try {
      const answer = await api.openStream(grant.token, cursorOf(store.get()), controller.signal)
      if (answer.kind === 'ok') {
        status = setTimeout(() => void sync(), STATUS_WITHIN_MS)
        await readEvents(answer.value, grant, onBytes, () => clearTimeout(status))
      } else if (answer.kind === 'later' || answer.kind === 'unauthorized') {
        round = answer
      }
    } catch {
      // A cut stream: what came before the cut is stored, the rest is read again from the cursor.
    } finally {
      clearTimeout(silence)
      clearTimeout(status)
      signal.removeEventListener('abort', abort)
      abort()
    }
    if (!signal.aborted && round.kind !== 'unauthorized') noteStreamFailure(startedAt, hasSpoken)
    return round
  }

  async function readEvents(
    body: ReadableStream<Uint8Array>,
    grant: SessionGrant,
    onBytes: () => void,
    onStatus: () => void,
  ): Promise<void> {
    const reader = body.getReader()
    const decoder = new TextDecoder()
    const parse = createEventParser()
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      onBytes()
      const events = parse(decoder.decode(chunk.value, { stream: true }))
      if (!session.isPresent(grant.token)) return
      const lines = events.flatMap(({ event, data }) =>
        event === 'message' ? (parseLine(parseJson(data)) ?? []) : [],
      )
      store.update((talk) => withLines(talk, lines))
      for (const { event, data } of events) {
        if (event === 'typing') onTyping()
        if (event !== 'status') continue
        onStatus()
        store.update((talk) => withStatus(talk, parseStatus(parseJson(data))))
      }
    }
  }

  function noteStreamFailure(startedAt: number, hasSpoken: boolean): void {
    const isHeldBack = !hasSpoken && now() - startedAt >= FIRST_BYTE_MS
    const isRepeated = now() - lastStreamFailureAt < STREAM_FAILURES_WITHIN_MS
    lastStreamFailureAt = now()
    if (isRepeated || isHeldBack) pollUntil = now() + POLL_FOR_MS
  }

  async function sync(): Promise<void> {
    const grant = await session.get()
    if (!store.get().loaded) return
    const answer = await api.readMessages(grant.token, { after: cursorOf(store.get()) })
    if (answer.kind === 'ok') takePage(grant, answer.value)
  }

  async function loadOlder(): Promise<boolean> {
    const grant = await session.get()
    const oldest = store.get().lines[0]?.seq ?? 1
    const after = Math.max(0, oldest - 1 - PAGE_SIZE)
    const answer: Answer<Page> = await api.readMessages(grant.token, { after, limit: oldest - 1 - after })
    if (answer.kind === 'ok') takePage(grant, answer.value)
    return answer.kind === 'ok'
  }

  function start(): void {
    if (running !== undefined) return
    running = new AbortController()
    void run(running)
  }

  function stop(): void {
    running?.abort()
    running = undefined
    wake()
  }

  function reconnect(): void {
    // Another network may carry the stream that the last one did not.
    pollUntil = Number.NEGATIVE_INFINITY
    stop()
    start()
  }

  return {
    start,
    stop,
    reconnect,
    refresh() {
      if (running === undefined || now() - heardAt > FIRST_BYTE_MS) reconnect()
    },
    sync,
    loadOlder,
  }
}
