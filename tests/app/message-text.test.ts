import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findTextFault } from '../../src/app/message-text.ts'

describe('findTextFault', () => {
  it.each([
    ['一句话', undefined],
    ['e\u0301', undefined],
    [`e${'\u0301'.repeat(8)}`, undefined],
    ['卡'.repeat(4000), undefined],
    ['e\u0301'.repeat(4000), undefined],
    ['\u{1F600}'.repeat(4000), undefined],
    ['a\nb\tc\r\nd', undefined],
    ['？', undefined],
    ['👍', undefined],
    ['', 'has nothing to read in it'],
    ['\u200b\u2060\ufeff \u3000', 'has nothing to read in it'],
    ['\u0301', 'has nothing to read in it'],
    ['a\0', 'contains a NUL character'],
    ['\udc00a', 'contains half a surrogate pair'],
    ['a\ud83d', 'contains half a surrogate pair'],
    ['a'.repeat(4001), 'is longer than 4000 characters'],
    ['e\u0301'.repeat(4001), 'is longer than 4000 characters'],
    ['\u{1F600}'.repeat(4097), 'is longer than 16384 bytes'],
    [`e${'\u0301'.repeat(9)}`, 'heaps more than 8 combining marks on one character'],
  ])('%#', (text, fault) => {
    expect(findTextFault(text)).toBe(fault)
  })

  it('judges any text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const fault = findTextFault(text)
        if (text.includes('\0') || !text.trim()) expect(fault).toBeDefined()
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})
