import { describe, expect, it } from 'vitest'

import { choiceNumber } from '../../../src/core/flow/choice-number.ts'

describe('a choice named by number or place', () => {
  it.each([
    ['1', 3, 0],
    ['２', 3, 1],
    ['3。', 3, 2],
    ['一', 2, 0],
    ['第二个', 3, 1],
    ['第三种吧', 3, 2],
    ['选2', 3, 1],
    ['前一种', 2, 0],
    ['后面那个', 2, 1],
    ['最后一个', 4, 3],
    ['中间那个', 3, 1],
    ['两', 3, 1],
  ])('%s of %i', (text, offered, expected) => {
    expect(choiceNumber(text, offered)).toBe(expected)
  })

  it.each([
    ['4', 3],
    ['0', 3],
    ['51', 3],
    ['1', 0],
    ['一直不行', 3],
    ['第二次还是不行', 3],
    ['2000元', 3],
    ['中间那个', 2],
  ])('%s of %i is none', (text, offered) => {
    expect(choiceNumber(text, offered)).toBeUndefined()
  })
})
