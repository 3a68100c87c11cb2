import { monitorEventLoopDelay } from 'node:perf_hooks'

const WINDOW_MS = 1_000
const RESOLUTION_MS = 10

/** Watches how late the event loop runs: the mean delay in ms over the last second or so. */
export function watchLag(): { lagMs: () => number; stop: () => void } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  let lag = 0
  const timer = setInterval(() => {
    // The histogram counts the sampling interval itself.
    lag = Math.max(0, delay.mean / 1e6 - RESOLUTION_MS)
    delay.reset()
  }, WINDOW_MS)
  timer.unref()
  return {
    lagMs: () => lag,
    stop: () => {
      clearInterval(timer)
      delay.disable()
    },
  }
}
