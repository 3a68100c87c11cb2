import { cursorOf } from './talk.ts'
import type { Api } from './api.ts'
import type { Session } from './session.ts'
import type { TalkStore } from './talk-store.ts'

/** What the panel tells the server besides messages. All of it may fail without harm. */
export type Signs = {
  /** The merchant is writing. Told to staff only, and every few seconds at most. */
  typing(): void
  /** What is on the screen has been seen. */
  read(): void
  /** True once the score is kept. */
  rate(score: number): Promise<boolean>
}

type Deps = {
  readonly api: Api
  readonly session: Session
  readonly store: TalkStore
  readonly now: () => number
}

const TYPING_EVERY_MS = 4_000

export function createSigns({ api, session, store, now }: Deps): Signs {
  let typedAt = Number.NEGATIVE_INFINITY
  let toldSeq = 0

  async function tell(path: 'typing' | 'read' | 'rating', body: object): Promise<boolean> {
    const { token } = await session.get()
    return api.tell(token, path, body)
  }

  return {
    typing() {
      if (store.get().holder !== 'agent' || now() - typedAt < TYPING_EVERY_MS) return
      typedAt = now()
      void tell('typing', {})
    },
    read() {
      const talk = store.get()
      const known = Math.max(talk.readSeq ?? 0, toldSeq)
      const isNew = talk.lines.some(({ author, seq }) => author === 'agent' && seq > known)
      if (!isNew) return
      const seq = cursorOf(talk)
      const before = toldSeq
      toldSeq = seq
      void tell('read', { seq }).then((isTold) => {
        // The next look at the panel tries again.
        if (!isTold && toldSeq === seq) toldSeq = before
      })
    },
    rate: (score) => tell('rating', { score }),
  }
}
