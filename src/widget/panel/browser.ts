import type { Neighbours } from './shared-stream.ts'

/** A random id for a message. `randomUUID` is missing in older browsers and on pages without https. */
export function makeMessageId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte, index) => {
    const marked = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte
    return marked.toString(16).padStart(2, '0')
  })
  return [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6, 8), hex.slice(8, 10), hex.slice(10)]
    .map((part) => part.join(''))
    .join('-')
}

/** Tabs may live in processes of their own, which see what another one stored only a moment later. */
const SEEN_ELSEWHERE_MS = 250

/**
 * Runs `action` in one tab at a time where the browser can arrange that, else just runs it. The next tab begins when
 * what this one stored can be seen there.
 */
export async function exclusively<Result>(action: () => Promise<Result>): Promise<Result> {
  const locks = findLocks()
  if (locks === undefined) return action()
  return new Promise((resolve, reject) => {
    void locks.request('posdesk.session', async () => {
      await action().then(resolve, reject)
      await new Promise((seen) => setTimeout(seen, SEEN_ELSEWHERE_MS))
    })
  })
}

/** What lets tabs share one stream; undefined where the browser lacks any of it. */
export function findNeighbours(): Neighbours | undefined {
  const locks = findLocks()
  if (locks === undefined || typeof BroadcastChannel !== 'function') return undefined
  return {
    lock: (name, options, work) => locks.request(name, options, work),
    openChannel(name, onMessage) {
      const channel = new BroadcastChannel(name)
      channel.onmessage = ({ data }: MessageEvent<unknown>) => onMessage(data)
      return { post: (message) => channel.postMessage(message), close: () => channel.close() }
    },
  }
}

function findLocks(): LockManager | undefined {
  return 'locks' in navigator && window.isSecureContext ? navigator.locks : undefined
}
