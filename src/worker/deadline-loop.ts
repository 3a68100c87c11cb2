const BEAT_MS = 1_000

/**
 * Calls `work` about once a second, never twice at once. A beat that fails is reported and the next one tries again:
 * what is due stays due. The returned function stops it and waits for a beat in work.
 */
export function startDeadlineLoop(
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
  beatMs = BEAT_MS,
): () => Promise<void> {
  let beat: Promise<void> | undefined
  const timer = setInterval(() => {
    beat ??= work()
      .then(() => undefined, onError)
      .finally(() => (beat = undefined))
  }, beatMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await beat
  }
}
