const LONGEST_MS = 30_000

/**
 * How long to wait after the `failures`-th failure in a row: 1, 2, 4 … 30 s, less up to a half by chance, so that
 * the shops cut off by one outage do not all come back in the same second. `chance` is in [0, 1).
 */
export function backoffMs(failures: number, chance: number): number {
  const full = Math.min(LONGEST_MS, 1_000 * 2 ** Math.max(0, failures - 1))
  return Math.round(full * (1 - chance / 2))
}

/** Reads `Retry-After` in its seconds or date form; undefined when it says nothing usable. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), 120_000)
}
