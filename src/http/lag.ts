import { monitorEventLoopDelay } from 'node:perf_hooks'

const WINDOW_MS = 1_000
const RESOLUTION_MS = 10

/** How late the event loop runs: the mean delay in ms over the last second or so. Zero until it is started. */
export function createLagWatch(): { start: () => void; lagMs: () => number; stop: () => void } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  let lag = 0
  let timer: NodeJS.Timeout | undefined
  return {
    start: () => {
      delay.enable()
      timer = setInterval(() => {
        // The histogram counts the sampling interval itself.
        lag = Math.max(0, delay.mean / 1e6 - RESOLUTION_MS)
        delay.reset()
      }, WINDOW_MS)
      timer.unref()
    },
    lagMs: () => lag,
    stop: () => {
      clearInterval(timer)
      delay.disable()
    },
  }
}
