import { describe, expect, it } from 'vitest'
import type { FirstAnswer } from '../../src/app/ports.ts'
import { findWaiting } from '../../src/app/waiting.ts'
import { caseOf, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { shippedContent } from '../fixtures/content.ts'

const content = shippedContent()
const NOON = Date.parse('2026-11-27T12:00:00+08:00')
const HOUR = 3_600_000
const inQueue = { ...quietTalk(shop(1), talkId(1)), holder: 'queue' as const, tickets: [caseOf(1)] }

function look(answers: readonly FirstAnswer[], now = NOON) {
  return findWaiting({
    store: { queuePosition: async () => 3, recentAnswers: async (limit) => answers.slice(0, limit) },
    clock: { now: () => now },
    content: () => ({
      ...content,
      provider: { ...content.provider, staffHours: { workingDays: { from: 9 * 60, to: 18 * 60 } } },
    }),
  })
}
const took = (...minutes: number[]): FirstAnswer[] =>
  minutes.map((count, n) => ({ at: NOON - (n + 1) * HOUR, minutes: count }))

describe('what a waiting merchant is told', () => {
  it('is the place alone as long as there are few answers to judge by', async () => {
    expect(await look(took(4, 5, 6, 7))(inQueue)).toEqual({ position: 3 })
  })

  it('is the middle of recent waits besides, not their mean', async () => {
    expect(await look(took(4, 5, 6, 7, 300))(inQueue)).toEqual({ position: 3, minutes: 6 })
    expect(await look(took(0.1, 0.2, 0.2, 0.3, 0.4))(inQueue)).toEqual({ position: 3, minutes: 1 })
  })

  it('holds no estimate from last month, nor one while nobody is at the desk', async () => {
    const old = took(4, 5, 6, 7, 8).map((one) => ({ ...one, at: one.at - 30 * 24 * HOUR }))
    expect(await look(old)(inQueue)).toEqual({ position: 3 })
    expect(await look(took(4, 5, 6, 7, 8), NOON + 8 * HOUR)(inQueue)).toEqual({ position: 3 })
  })

  it('is nothing for who waits for nobody', async () => {
    expect(await look([])({ ...inQueue, holder: 'agent' })).toBeUndefined()
  })
})
