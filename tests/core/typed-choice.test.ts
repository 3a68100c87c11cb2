import { describe, expect, it } from 'vitest'
import { typedChoice } from '../../src/core/typed-choice.ts'

const CHOICES = [
  { id: 'yes', label: '能读' },
  { id: 'no', label: '读不了' },
  { id: 'none', label: '没有别的卡' },
]
const idOf = (text: string, menuId?: string) => typedChoice(CHOICES, { text, menuId })?.id

describe('a typed choice', () => {
  it.each([
    ['1', 'yes'],
    ['２', 'no'],
    ['二', 'no'],
    ['3。', 'none'],
    ['选2', 'no'],
    ['第一个', 'yes'],
    ['最后一个', 'none'],
    ['读不了', 'no'],
    [' 没有别的卡 ', 'none'],
    ['4', undefined],
    ['0', undefined],
    ['51', undefined],
    ['两台都读不了', undefined],
    ['读', undefined],
    ['', undefined],
  ])('%j', (text, id) => {
    expect(idOf(text)).toBe(id)
  })

  it('is first of all what was tapped, as long as it is offered', () => {
    expect(idOf('1', 'none')).toBe('none')
    expect(idOf('1', 'gone')).toBe('yes')
    expect(typedChoice([], { text: '1', menuId: 'yes' })).toBeUndefined()
  })
})
