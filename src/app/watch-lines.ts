import type { TranscriptLine } from '../core/transcript.ts'
import type { Bus, MerchantAddress } from './ports.ts'
import { readLines, type LinesPage, type TalkSources, type TalkStatus } from './read-lines.ts'
import type { Typing, TypingSide } from './typing.ts'

export type WatchEvent =
  | { readonly kind: 'line'; readonly line: TranscriptLine }
  | { readonly kind: 'status'; readonly status: TalkStatus }
  /** An agent is writing. */
  | { readonly kind: 'typing' }
  | { readonly kind: 'heartbeat' }

type Sources = TalkSources & { readonly bus: Bus; readonly typing: Typing }
const PAGE = 100

/**
 * Reads a merchant's lines after `after`; when there are none yet, waits until one comes, the talk changes hands,
 * `waitMs` has passed or `signal` is aborted, and then gives what there is. Rejects as the store does.
 */
export async function waitForLines(
  sources: Omit<Sources, 'typing'>,
  address: MerchantAddress,
  wish: { after: number; limit: number; waitMs: number; signal: AbortSignal },
): Promise<LinesPage> {
  const news = new News(sources.bus, address, wish.signal)
  const endsAt = performance.now() + wish.waitMs
  try {
    const first = await readLines(sources, address, wish.after, wish.limit)
    let page = first
    while (page.lines.length === 0 && isSameStatus(page, first)) {
      const outcome = await news.wait(endsAt - performance.now())
      if (outcome === 'stopped') break
      page = await readLines(sources, address, wish.after, wish.limit)
      if (outcome === 'timeout') break
    }
    return page
  } finally {
    news.close()
  }
}

/**
 * Follows a merchant's lines after `after`: each exactly once and in order, with the status whenever it changed
 * and a heartbeat when nothing happened for `heartbeatMs`. Ends with a last status once `signal` is aborted.
 *
 * Lines are always read from the store by seq; the bus only says when to look. So nothing is lost or doubled
 * however long the reader takes, and a slow reader holds no lines in memory.
 */
export async function* watchLines(
  sources: Sources,
  address: MerchantAddress,
  after: number,
  { heartbeatMs, signal }: { heartbeatMs: number; signal: AbortSignal },
): AsyncGenerator<WatchEvent, void, undefined> {
  const news = new News(sources.bus, address, signal, sources.typing)
  let seen = after
  let told: TalkStatus | undefined
  try {
    for (;;) {
      const page = await readLines(sources, address, seen, PAGE)
      for (const line of page.lines) {
        yield { kind: 'line', line }
        seen = line.seq
      }
      if (page.lines.length === PAGE) continue
      const status = statusOf(page)
      const isLast = signal.aborted
      if (isLast || !told || !isSameStatus(status, told)) yield { kind: 'status', status }
      if (isLast) return
      told = status
      for (;;) {
        const sign = await news.wait(heartbeatMs)
        if (sign === 'typing') yield { kind: 'typing' }
        else if (sign === 'timeout') yield { kind: 'heartbeat' }
        else break
        // The queue moves by what happens to others, and agents come and go: there is no news of it here.
        if (sign === 'timeout' && (status.waiting ?? status.serving) !== undefined) break
      }
    }
  } finally {
    news.close()
  }
}

function statusOf({ lines, ...status }: LinesPage): TalkStatus {
  void lines
  return status
}

function isSameStatus(a: TalkStatus, b: TalkStatus): boolean {
  return (
    a.processedSeq === b.processedSeq &&
    a.holder === b.holder &&
    a.lastSeq === b.lastSeq &&
    a.waiting?.position === b.waiting?.position &&
    a.waiting?.minutes === b.waiting?.minutes &&
    a.serving?.name === b.serving?.name &&
    a.serving?.isHere === b.serving?.isHere &&
    a.readSeq === b.readSeq &&
    a.rateable === b.rateable
  )
}

type Outcome = 'news' | 'typing' | 'timeout' | 'stopped'

/** Remembers that something happened from the moment it is made, so that nothing falls between read and wait. */
class News {
  readonly #signal: AbortSignal
  readonly #unsubscribe: (() => void)[]
  readonly #onAbort = (): void => this.#wake?.('stopped')
  #hasNews = false
  #isTyping = false
  #wake: ((outcome: Outcome) => void) | undefined

  constructor(bus: Bus, address: MerchantAddress, signal: AbortSignal, typing?: Typing) {
    this.#signal = signal
    const onNews = (): void => {
      this.#hasNews = true
      this.#wake?.('news')
    }
    const onTyping = (by: TypingSide): void => {
      if (by !== 'agent') return
      this.#isTyping = true
      this.#wake?.('typing')
    }
    this.#unsubscribe = [bus.subscribe(address, onNews), typing?.subscribe(address, onTyping) ?? (() => {})]
    signal.addEventListener('abort', this.#onAbort)
  }

  /** Waits for news, at most `ms`; at once when there was some since the last wait. */
  async wait(ms: number): Promise<Outcome> {
    if (!this.#hasNews && !this.#isTyping && !this.#signal.aborted) {
      const outcome = await new Promise<Outcome>((resolve) => {
        const timer = setTimeout(() => resolve('timeout'), Math.max(0, ms))
        this.#wake = (reason) => {
          clearTimeout(timer)
          resolve(reason)
        }
      })
      this.#wake = undefined
      if (outcome === 'timeout') return outcome
    }
    if (this.#signal.aborted) return 'stopped'
    const outcome = this.#hasNews ? 'news' : 'typing'
    if (outcome === 'news') this.#hasNews = false
    else this.#isTyping = false
    return outcome
  }

  close(): void {
    for (const end of this.#unsubscribe) end()
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#wake?.('stopped')
  }
}
