import type { TranscriptLine } from '../core/transcript.ts'
import type { Bus, MerchantAddress } from './ports.ts'
import { readLines, type LinesPage, type TalkSources, type TalkStatus } from './read-lines.ts'

export type WatchEvent =
  | { readonly kind: 'line'; readonly line: TranscriptLine }
  | { readonly kind: 'status'; readonly status: TalkStatus }
  | { readonly kind: 'heartbeat' }

type Sources = TalkSources & { readonly bus: Bus }
const PAGE = 100

/**
 * Reads a merchant's lines after `after`; when there are none yet, waits until one comes, the talk changes hands,
 * `waitMs` has passed or `signal` is aborted, and then gives what there is. Rejects as the store does.
 */
export async function waitForLines(
  sources: Sources,
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
  const news = new News(sources.bus, address, signal)
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
      while ((await news.wait(heartbeatMs)) === 'timeout') {
        yield { kind: 'heartbeat' }
        // The queue moves by what happens to others, of which there is no news here.
        if (status.waiting !== undefined) break
      }
    }
  } finally {
    news.close()
  }
}

function statusOf({ lastSeq, processedSeq, holder, waiting }: LinesPage): TalkStatus {
  return { lastSeq, processedSeq, holder, ...(waiting === undefined ? {} : { waiting }) }
}

function isSameStatus(a: TalkStatus, b: TalkStatus): boolean {
  return (
    a.processedSeq === b.processedSeq &&
    a.holder === b.holder &&
    a.lastSeq === b.lastSeq &&
    a.waiting?.position === b.waiting?.position &&
    a.waiting?.minutes === b.waiting?.minutes
  )
}

/** Remembers that something happened from the moment it is made, so that nothing falls between read and wait. */
class News {
  readonly #signal: AbortSignal
  readonly #unsubscribe: () => void
  readonly #onAbort = (): void => this.#wake?.('stopped')
  #hasNews = false
  #wake: ((outcome: 'news' | 'stopped') => void) | undefined

  constructor(bus: Bus, address: MerchantAddress, signal: AbortSignal) {
    this.#signal = signal
    this.#unsubscribe = bus.subscribe(address, () => {
      this.#hasNews = true
      this.#wake?.('news')
    })
    signal.addEventListener('abort', this.#onAbort)
  }

  /** Waits for news, at most `ms`; at once when there was some since the last wait. */
  async wait(ms: number): Promise<'news' | 'timeout' | 'stopped'> {
    if (!this.#hasNews && !this.#signal.aborted) {
      const outcome = await new Promise<'news' | 'timeout' | 'stopped'>((resolve) => {
        const timer = setTimeout(() => resolve('timeout'), Math.max(0, ms))
        this.#wake = (reason) => {
          clearTimeout(timer)
          resolve(reason)
        }
      })
      this.#wake = undefined
      if (outcome === 'timeout') return outcome
    }
    this.#hasNews = false
    return this.#signal.aborted ? 'stopped' : 'news'
  }

  close(): void {
    this.#unsubscribe()
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#wake?.('stopped')
  }
}
