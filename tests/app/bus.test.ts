import { describe, expect, it } from 'vitest'
import { createBus } from '../../src/app/bus.ts'
import type { BusEvent } from '../../src/app/ports.ts'

const noodles = { channel: 'web', merchantKey: 'noodles' } as const
const event: BusEvent = { address: noodles, lastSeq: 3 }

describe('the bus', () => {
  it('tells those who watch the merchant, each subscription once, until it ends', () => {
    const bus = createBus()
    const heard: string[] = []
    const listener = (): number => heard.push('one')
    const ends = [bus.subscribe(noodles, listener), bus.subscribe(noodles, listener)]
    bus.subscribe({ channel: 'slack', merchantKey: 'noodles' }, () => heard.push('slack'))
    bus.subscribe({ channel: 'web', merchantKey: 'tea' }, () => heard.push('tea'))
    bus.publish(event)
    expect(heard).toEqual(['one', 'one'])
    ends[0]?.()
    ends[0]?.()
    bus.publish(event)
    expect(heard).toEqual(['one', 'one', 'one'])
    ends[1]?.()
    bus.publish(event)
    expect(heard).toHaveLength(3)
  })

  it('goes on past a listener that throws, and tells of it', () => {
    const errors: unknown[] = []
    const bus = createBus((error) => errors.push(error))
    let heard = 0
    bus.subscribe(noodles, () => {
      throw new Error('oops')
    })
    bus.subscribe(noodles, () => {
      heard += 1
    })
    bus.publish(event)
    expect(heard).toBe(1)
    expect(errors).toEqual([new Error('oops')])
  })

  it('lets a listener end itself or begin another while it is told', () => {
    const bus = createBus()
    let heard = 0
    const end = bus.subscribe(noodles, () => {
      heard += 1
      end()
      bus.subscribe(noodles, () => {
        heard += 10
      })
    })
    bus.publish(event)
    expect(heard).toBe(1)
    bus.publish(event)
    expect(heard).toBe(11)
  })
})
