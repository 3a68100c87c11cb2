import { describe, expect, it } from 'vitest'
import { afterSending, mayBotPush, quotaLeft, usedUp, withGrant } from '../../src/core/quota.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 10, 25, 1)
const written = withGrant([], 'message', START)

describe('a quota', () => {
  it('is five messages for two days after one of the merchant', () => {
    expect(quotaLeft(written, START)).toEqual({ remaining: 5, windowEndsAt: START + 48 * HOUR })
    expect(quotaLeft(written, START + 48 * HOUR)).toEqual({ remaining: 0, windowEndsAt: null })
  })

  it('is three for a minute after a follow or a menu click', () => {
    const followed = withGrant([], 'moment', START)
    expect(quotaLeft(followed, START + 59_999)).toEqual({ remaining: 3, windowEndsAt: START + 60_000 })
    expect(quotaLeft(followed, START + 60_000).remaining).toBe(0)
  })

  it('begins anew with each message, and a menu click takes nothing away', () => {
    const used = afterSending(written, 4, START)
    expect(quotaLeft(withGrant(used, 'message', START + HOUR), START + HOUR).remaining).toBe(5)
    const clicked = withGrant(used, 'moment', START + HOUR)
    expect(quotaLeft(clicked, START + HOUR).remaining).toBe(4)
    expect(quotaLeft(clicked, START + HOUR + 60_000)).toEqual({
      remaining: 1,
      windowEndsAt: START + 48 * HOUR,
    })
  })

  it('is spent from what ends first, and never below nothing', () => {
    const both = withGrant(written, 'moment', START)
    expect(quotaLeft(afterSending(both, 3, START), START + 60_000).remaining).toBe(5)
    expect(quotaLeft(afterSending(both, 99, START), START).remaining).toBe(0)
    expect(quotaLeft(usedUp(both), START)).toEqual({ remaining: 0, windowEndsAt: START + 48 * HOUR })
  })

  it('leaves the last two messages to the staff', () => {
    const left = [0, 1, 2, 3].map((count) => mayBotPush(afterSending(written, count, START), START))
    expect(left).toEqual([true, true, true, false])
    expect(mayBotPush(written, START + 48 * HOUR)).toBe(false)
    expect(mayBotPush(undefined, START)).toBe(true)
  })
})
