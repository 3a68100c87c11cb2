import { emptyTalk } from './talk.ts'
import type { Talk } from './talk.ts'

/** The one place that holds the present talk. Listeners are told after every change. */
export type TalkStore = {
  get(): Talk
  update(change: (talk: Talk) => Talk): void
  subscribe(listener: () => void): void
}

export function createTalkStore(): TalkStore {
  let talk = emptyTalk()
  const listeners = new Set<() => void>()
  return {
    get: () => talk,
    update(change) {
      const next = change(talk)
      if (next === talk) return
      talk = next
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => void listeners.add(listener),
  }
}
