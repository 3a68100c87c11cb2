import type { Clock } from '../app/ports.ts'

const SWEEP_ABOVE = 10_000

/** Makes a check that says yes once in `ms` for each key. A clock set back says yes at once. */
export function onceIn(ms: number, clock: Clock): (key: string) => boolean {
  const last = new Map<string, number>()
  return (key) => {
    const now = clock.now()
    const since = now - (last.get(key) ?? Number.NEGATIVE_INFINITY)
    if (since >= 0 && since < ms) return false
    last.set(key, now)
    if (last.size > SWEEP_ABOVE) {
      for (const [other, at] of last) if (now - at >= ms || at > now) last.delete(other)
    }
    return true
  }
}
