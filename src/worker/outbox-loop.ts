import type { Bus } from '../app/ports.ts'

/** Short, because a provider's pace is a line a second. Looking costs nothing where nothing is due. */
const BEAT_MS = 250

/**
 * Calls `look` at once when a conversation has news, and about four times a second for what comes due by itself; never
 * twice at once. A look that fails is reported, and the next one tries again. The returned function stops it and waits
 * for a look in work.
 */
export function startOutboxLoop(
  look: () => Promise<void>,
  bus: Bus,
  onError: (error: unknown) => void,
  beatMs = BEAT_MS,
): () => Promise<void> {
  let looking: Promise<void> | undefined
  let again = false
  const wake = (): void => {
    again = true
    looking ??= (async () => {
      while (again) {
        again = false
        await look().catch(onError)
      }
    })().finally(() => (looking = undefined))
  }
  const timer = setInterval(wake, beatMs)
  timer.unref()
  const unsubscribe = bus.subscribeAll(wake)
  return async () => {
    clearInterval(timer)
    unsubscribe()
    await looking
  }
}
