import { backoffMs } from './backoff.ts'
import { createEventParser, linesOf } from './event-stream.ts'
import { createNap } from './nap.ts'
import { createPages } from './pages.ts'
import { parseNews } from './news.ts'
import { cursorOf, withLines, withStatus } from './talk.ts'
import { parseJson, parseStatus } from './wire.ts'
import type { Api, Failure } from './api.ts'
import type { SessionGrant } from './wire.ts'
import type { Connection, News } from './news.ts'
import type { Place, SharedStream } from './shared-stream.ts'
import type { Session } from './session.ts'
import type { StreamEvent } from './event-stream.ts'
import type { TalkStore } from './talk-store.ts'

export type Receiver = {
  start(): void
  stop(): void
  /** Connects anew at once: the network came back. */
  reconnect(): void
  /** Begins anew for another session. */
  restart(): void
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
  readonly shared: SharedStream
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

/**
 * Keeps the talk up to date, for as long as it runs. The tab that leads reads the stream, or polls where streams do not
 * get through; the others hear from it, and read for themselves what they have missed.
 */
export function createReceiver(deps: Deps): Receiver {
  const { api, session, store, shared, random, now, onTyping } = deps
  const pages = createPages({ api, session, store })
  const nap = createNap()
  let running: AbortController | undefined
  let place: Place | undefined
  let round = new AbortController()
  let connection: Connection = 'starting'
  let failures = 0
  let lastStreamFailureAt = Number.NEGATIVE_INFINITY
  let pollUntil = Number.NEGATIVE_INFINITY
  let heardAt = Number.NEGATIVE_INFINITY
  let askedSeq = 0

  function onConnection(next: Connection): void {
    const isNew = next !== connection
    connection = next
    deps.onConnection(next)
    if (isNew) tell(beat())
  }

  function beat(): News {
    return { kind: 'beat', connection, seq: cursorOf(store.get()) }
  }

  function tell(news: News): void {
    place?.tell(news)
  }

  async function run(mine: AbortController): Promise<void> {
    const { token } = await session.get()
    if (mine.signal.aborted) return
    const own = shared.join(token, { onNews, beat })
    place = own
    await repeat(mine.signal, pages.loadNewest, () => store.get().loaded)
    if (mine.signal.aborted) return
    await own.lead((signal) => repeat(signal, (grant, ends) => runRound(grant, ends)))
  }

  /** Acts again and again until `isDone` or the signal, after failures with growing waits. */
  async function repeat(
    signal: AbortSignal,
    act: (grant: SessionGrant, ends: AbortSignal) => Promise<Round>,
    isDone = () => false,
  ): Promise<void> {
    signal.addEventListener('abort', endRound)
    while (!signal.aborted && !isDone()) {
      const grant = await session.get()
      if (signal.aborted) return
      const mine = new AbortController()
      round = mine
      const outcome = await act(grant, mine.signal)
      if (signal.aborted) return
      if (!mine.signal.aborted) await recover(grant, outcome)
    }
    signal.removeEventListener('abort', endRound)
  }

  async function recover(grant: SessionGrant, outcome: Round): Promise<void> {
    if (outcome.kind === 'ok') return
    failures += 1
    if (failures > 1) onConnection('broken')
    if (outcome.kind === 'unauthorized') await session.renew(grant.token)
    if (outcome.kind === 'unauthorized' && failures === 1) return
    await nap.sleep(outcome.kind === 'later' ? outcome.afterMs : backoffMs(failures, random()))
  }

  function endRound(): void {
    round.abort()
    nap.wake()
  }

  function runRound(grant: SessionGrant, signal: AbortSignal): Promise<Round> {
    return now() < pollUntil ? poll(grant, signal) : follow(grant, signal)
  }

  function onNews(message: unknown): void {
    const news = parseNews(message)
    if (news?.kind === 'beat') onConnection(news.connection)
    const isBehind = news?.kind === 'beat' && news.seq > cursorOf(store.get())
    if (isBehind || news?.kind === 'look') void pages.sync()
    if (news?.kind === 'events') takeEvents(news.events)
  }

  /** Lines that do not follow on those known are read anew, with what was missed before them. */
  function takeEvents(events: readonly StreamEvent[]): void {
    const lines = linesOf(events)
    const first = lines[0]
    const isGap = first !== undefined && first.seq > cursorOf(store.get()) + 1
    if (isGap || !store.get().loaded) void pages.sync()
    else store.update((talk) => withLines(talk, lines))
    takeSigns(events)
  }

  function takeSigns(events: readonly StreamEvent[]): void {
    for (const { event, data } of events) {
      if (event === 'typing') onTyping()
      if (event === 'status') store.update((talk) => withStatus(talk, parseStatus(parseJson(data))))
    }
  }

  /** The answer to a message of this tab is there as soon as the message is: no need to wait for the leader. */
  function askForOwn(): void {
    const stored = Math.max(0, ...store.get().outgoing.map(({ seq }) => seq ?? 0))
    if (place === undefined || place.isLeading() || stored <= askedSeq) return
    askedSeq = stored
    void pages.sync()
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
    const before = store.get()
    pages.take(grant, answer.value)
    if (store.get() !== before) tell({ kind: 'look' })
    // A server that answers an empty wait at once must not be asked in a tight loop.
    if (answer.value.lines.length === 0 && now() - startedAt < POLL_GAP_MS) await nap.sleep(POLL_GAP_MS)
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
        status = setTimeout(() => void pages.sync(), STATUS_WITHIN_MS)
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
      if (events.length === 0) continue
      store.update((talk) => withLines(talk, linesOf(events)))
      takeSigns(events)
      if (events.some(({ event }) => event === 'status')) onStatus()
      tell({ kind: 'events', events })
    }
  }

  function noteStreamFailure(startedAt: number, hasSpoken: boolean): void {
    const isHeldBack = !hasSpoken && now() - startedAt >= FIRST_BYTE_MS
    const isRepeated = now() - lastStreamFailureAt < STREAM_FAILURES_WITHIN_MS
    lastStreamFailureAt = now()
    if (isRepeated || isHeldBack) pollUntil = now() + POLL_FOR_MS
  }

  function start(): void {
    if (running !== undefined) return
    running = new AbortController()
    void run(running)
  }

  function stop(): void {
    running?.abort()
    running = undefined
    place?.leave()
    place = undefined
  }

  function reconnect(): void {
    // Another network may carry the stream that the last one did not.
    pollUntil = Number.NEGATIVE_INFINITY
    if (running === undefined) start()
    else endRound()
  }

  function refresh(): void {
    const reads = place === undefined || place.isLeading() || !store.get().loaded
    if (running !== undefined && reads) {
      if (now() - heardAt > FIRST_BYTE_MS) reconnect()
      return
    }
    start()
    place?.hurry()
    void pages.sync()
  }

  store.subscribe(askForOwn)
  return {
    start,
    stop,
    reconnect,
    restart() {
      stop()
      askedSeq = 0
      start()
    },
    refresh,
    sync: pages.sync,
    loadOlder: pages.loadOlder,
  }
}
