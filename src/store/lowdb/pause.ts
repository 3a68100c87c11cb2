/** Lets timers, signals and connections have their turn during long work. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
