import { describe, expect, it } from 'vitest'
import { createBrowserStorage, createMemoryStorage } from '../../src/widget/panel/storage.ts'
import { createUnsent } from '../../src/widget/panel/unsent.ts'
import type { KeptMessage } from '../../src/widget/panel/wire.ts'

const message = (id: string, createdAt: number): KeptMessage => ({
  id,
  content: { kind: 'text', text: `第${id}条` },
  createdAt,
  afterSeq: 3,
  attempted: true,
  problem: undefined,
})

describe('the browser storage', () => {
  it('works for the page when the browser forbids it', () => {
    const storage = createBrowserStorage(() => {
      throw new Error('SecurityError')
    })
    storage.write('a', '1')
    expect(storage.read('a')).toBe('1')
    expect(storage.keys()).toEqual(['a'])
    storage.remove('a')
    expect(storage.read('a')).toBeUndefined()
  })
})

describe('unsent messages', () => {
  it('come back oldest first, each by its own key', () => {
    const unsent = createUnsent(createMemoryStorage())
    unsent.save(message('b', 2))
    unsent.save(message('a', 1))
    unsent.save({ ...message('b', 2), problem: '太长' })
    expect(unsent.load()).toEqual([message('a', 1), { ...message('b', 2), problem: '太长' }])
    unsent.remove('a')
    expect(unsent.load().map(({ id }) => id)).toEqual(['b'])
  })

  it('pass over what is not theirs or not readable', () => {
    const storage = createMemoryStorage()
    const unsent = createUnsent(storage)
    storage.write('posdesk.unsent.x', '{broken')
    storage.write('shop.cart', '{}')
    expect(unsent.load()).toEqual([])
    expect(unsent.idOf('posdesk.unsent.x')).toBe('x')
    expect(unsent.idOf('shop.cart')).toBeUndefined()
  })
})
