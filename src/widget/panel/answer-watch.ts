import { isAnswerDue } from './talk.ts'
import type { TalkStore } from './talk-store.ts'

/** The bot answers in a moment; what takes longer may have been lost on the way and is asked for. */
const OVERDUE_MS = 4_000

/** Calls `ask` whenever an answer has been due for a while, again and again until it is there. */
export function watchAnswers(store: TalkStore, ask: () => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  function check(): void {
    if (!isAnswerDue(store.get())) {
      clearTimeout(timer)
      timer = undefined
      return
    }
    timer ??= setTimeout(() => {
      timer = undefined
      void ask().then(check)
    }, OVERDUE_MS)
  }
  store.subscribe(check)
}
