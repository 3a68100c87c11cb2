import { describe, expect, it } from 'vitest'
import { backoffMs, retryAfterMs } from '../../src/widget/panel/backoff.ts'

describe('waiting before the next try', () => {
  it('doubles from one second to thirty', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 60].map((failures) => backoffMs(failures, 0))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ])
  })

  it('spreads the tries over the second half of the wait', () => {
    expect(backoffMs(3, 0.5)).toBe(3_000)
    expect(backoffMs(3, 0.999)).toBeGreaterThanOrEqual(2_000)
  })

  it('reads Retry-After as seconds and as a date, and nothing absurd from it', () => {
    const now = Date.UTC(2026, 10, 25)
    expect(retryAfterMs('3', now)).toBe(3_000)
    expect(retryAfterMs('Wed, 25 Nov 2026 00:00:10 GMT', now)).toBe(10_000)
    expect(retryAfterMs('86400', now)).toBe(120_000)
    expect(retryAfterMs('-5', now)).toBe(0)
    expect(retryAfterMs('soon', now)).toBeUndefined()
    expect(retryAfterMs(null, now)).toBeUndefined()
  })
})
