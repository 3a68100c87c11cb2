import { describe, expect, it } from 'vitest'

import { holds, parseCondition, renderCondition } from '../../../src/core/flow/condition.ts'

const facts: Readonly<Record<string, string>> = { CF1: 'other_ok', error_code: '51', code_class: 'FUNDS' }

function says(source: string): boolean {
  const condition = parseCondition(source)
  if (typeof condition === 'string') throw new Error(condition)
  return holds(condition, (name) => facts[name])
}

describe('conditions', () => {
  it.each([
    ['CF1 is other_ok', true],
    ['CF1 is not other_ok', false],
    ['CF1 is all_fail or other_ok', true],
    ['CF1 is all_fail or no_card', false],
    ['CF5 is known', false],
    ['CF5 is unknown', true],
    ['error_code is known and code_class is FUNDS', true],
    ['error_code is known and code_class is SIGN', false],
    ['not CF1 is all_fail', true],
    ['code_class is SIGN or CF1 is other_ok', true],
    ['(code_class is SIGN or CF1 is other_ok) and error_code is 51', true],
    ['code_class is SIGN or CF1 is all_fail and error_code is 51', false],
    ['CF1 is not all_fail and not code_class is SIGN', true],
  ])('%s is %s', (source, expected) => {
    expect(says(source)).toBe(expected)
  })

  it.each([
    ['', 'too early'],
    ['CF1', '"is" is missing'],
    ['CF1 is', 'a value is missing'],
    ['CF1 equals yes', '"is" is missing'],
    ['(CF1 is yes', 'bracket is not closed'],
    ['CF1 is yes CF2 is no', '"CF2" was not expected'],
    ['= is yes', 'is not a name'],
  ])('says what is wrong with "%s"', (source, message) => {
    expect(parseCondition(source)).toContain(message)
  })

  it('can be written again as it was read', () => {
    for (const source of ['CF1 is other_ok and CF5 is known', 'not CF1 is yes']) {
      const condition = parseCondition(source)
      expect(typeof condition === 'string' ? '' : renderCondition(condition)).toBe(source)
    }
  })
})
