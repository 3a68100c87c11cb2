/** What a browser offers to tabs of one origin that must agree: locks that pass on by themselves, and a channel. */
export type Neighbours = {
  /** As `navigator.locks.request`. */
  lock(
    name: string,
    options: { readonly steal?: boolean; readonly signal?: AbortSignal },
    work: () => Promise<void>,
  ): Promise<void>
  /** What is posted reaches every other tab that has opened the channel. */
  openChannel(name: string, onMessage: (message: unknown) => void): Channel
}
type Channel = { post(message: unknown): void; close(): void }

type Hooks = {
  /** The tab that leads has told something. */
  readonly onNews: (news: unknown) => void
  /** What is told again and again while this tab leads, so that the others know it is alive and where it stands. */
  readonly beat: () => unknown
}

/** A tab's place among those of one session. */
export type Place = {
  /** Does `work` whenever it is this tab's turn to lead, until the place is left. Work ends when its signal does. */
  lead(work: (signal: AbortSignal) => Promise<void>): Promise<void>
  isLeading(): boolean
  /** Tells the others, if this tab leads. */
  tell(news: unknown): void
  /** Takes the lead at once when the leader has missed its last beats. */
  hurry(): void
  leave(): void
}

/** Lets the tabs of one browser share one stream: one leads and reads it, the others hear from it. */
export type SharedStream = { join(token: string, hooks: Hooks): Place }

const BEAT_MS = 10_000
/** A leader unheard for so long is stopped or frozen: its lock is taken from it. */
const SILENCE_MS = 40_000
/** Long enough to have missed two beats. */
const DOUBT_MS = 2.5 * BEAT_MS
const HELLO = 'hello'

export function createSharedStream(neighbours: Neighbours | undefined, now: () => number): SharedStream {
  return {
    join: (token, hooks) =>
      neighbours === undefined ? stayAlone() : joinOthers(neighbours, nameOf(token), hooks, now),
  }
}

function joinOthers(neighbours: Neighbours, name: string, { onNews, beat }: Hooks, now: () => number): Place {
  let hasLeft = false
  let isLeading = false
  let steals = false
  let heardAt = now()
  let attempt = new AbortController()
  let silence: ReturnType<typeof setTimeout> | undefined
  let beats: ReturnType<typeof setInterval> | undefined
  const channel = neighbours.openChannel(name, hear)
  channel.post(HELLO)

  function hear(message: unknown): void {
    // A leader that was robbed may still have a word to say.
    if (isLeading) return message === HELLO ? tell(beat()) : undefined
    if (message === HELLO || hasLeft) return
    awaitNews()
    onNews(message)
  }

  function tell(news: unknown): void {
    if (isLeading) channel.post(news)
  }

  function awaitNews(): void {
    heardAt = now()
    clearTimeout(silence)
    silence = setTimeout(steal, SILENCE_MS)
  }

  function steal(): void {
    steals = true
    attempt.abort()
  }

  async function take(work: (signal: AbortSignal) => Promise<void>, { signal }: AbortController) {
    if (signal.aborted) return
    isLeading = true
    clearTimeout(silence)
    tell(beat())
    beats = setInterval(() => tell(beat()), BEAT_MS)
    await Promise.race([work(signal), untilAborted(signal)])
  }

  async function tryToLead(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const mine = new AbortController()
    attempt = mine
    const options = steals ? { steal: true } : { signal: mine.signal }
    steals = false
    awaitNews()
    try {
      await neighbours.lock(name, options, () => take(work, mine))
    } catch (error) {
      // Robbed, or no longer waiting. Anything else means that this browser has locks only by name.
      if (!isAbort(error)) await take(work, mine)
    } finally {
      isLeading = false
      mine.abort()
      clearInterval(beats)
      clearTimeout(silence)
    }
  }

  return {
    async lead(work) {
      while (!hasLeft) await tryToLead(work)
    },
    isLeading: () => isLeading,
    tell,
    hurry() {
      if (!isLeading && now() - heardAt > DOUBT_MS) steal()
    },
    leave() {
      hasLeft = true
      isLeading = false
      clearTimeout(silence)
      attempt.abort()
      channel.close()
    },
  }
}

/** Every tab keeps its own stream where tabs cannot agree. */
function stayAlone(): Place {
  const left = new AbortController()
  return {
    lead: (work) => (left.signal.aborted ? Promise.resolve() : work(left.signal)),
    isLeading: () => true,
    tell: () => {},
    hurry: () => {},
    leave: () => left.abort(),
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
}

/**
 * Names a session without naming its token (FNV-1a, 32 bits). The id of the conversation would not do: it is the one of
 * the moment the session was asked for, which differs from tab to tab.
 */
function nameOf(token: string): string {
  let hash = 0x811c9dc5
  for (const character of token) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return `posdesk.stream.${(hash >>> 0).toString(36)}`
}
