import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBus } from '../../src/app/bus.ts'
import { startOutboxLoop } from '../../src/worker/outbox-loop.ts'

const address = { channel: 'slack', merchantKey: 'noodles' } as const

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('the loop of the outbox', () => {
  it('looks at each beat, and at once when there is news', async () => {
    const bus = createBus()
    let looks = 0
    const stop = startOutboxLoop(
      async () => void (looks += 1),
      bus,
      () => {},
      250,
    )
    await vi.advanceTimersByTimeAsync(600)
    expect(looks).toBe(2)
    bus.publish({ address, lastSeq: 1 })
    await vi.advanceTimersByTimeAsync(0)
    expect(looks).toBe(3)
    await stop()
    bus.publish({ address, lastSeq: 2 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(looks).toBe(3)
  })

  it('never looks twice at once, and looks again for news that came meanwhile', async () => {
    const bus = createBus()
    let looks = 0
    let end = (): void => {}
    const look = (): Promise<void> => {
      looks += 1
      return new Promise((resolve) => (end = resolve))
    }
    const stop = startOutboxLoop(look, bus, () => {}, 250)
    for (let n = 0; n < 5; n += 1) bus.publish({ address, lastSeq: n })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(looks).toBe(1)
    end()
    await vi.advanceTimersByTimeAsync(0)
    expect(looks).toBe(2)
    let isStopped = false
    const stopped = stop().then(() => (isStopped = true))
    await vi.advanceTimersByTimeAsync(0)
    expect(isStopped).toBe(false)
    end()
    await stopped
  })

  it('reports a look that fails and goes on', async () => {
    const errors: unknown[] = []
    let looks = 0
    const stop = startOutboxLoop(
      async () => {
        looks += 1
        if (looks === 1) throw new Error('the disk is full')
      },
      createBus(),
      (error) => errors.push(error),
      250,
    )
    await vi.advanceTimersByTimeAsync(500)
    expect(looks).toBe(2)
    expect(errors).toHaveLength(1)
    await stop()
  })
})
