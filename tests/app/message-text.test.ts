import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanedText, findTextFault } from '../../src/app/message-text.ts'

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

describe('cleanedText', () => {
  it.each([
    ['一句话', '一句话'],
    ['a\0b', 'ab'],
    ['a\ud83d', 'a\ufffd'],
    ['\udc00a', '\ufffda'],
    ['卡'.repeat(5000), '卡'.repeat(4000)],
    ['\u{1F600}'.repeat(4097), '\u{1F600}'.repeat(4000)],
    [
      '\u{1F469}\u200d\u{1F469}\u200d\u{1F467}'.repeat(1000),
      '\u{1F469}\u200d\u{1F469}\u200d\u{1F467}'.repeat(910),
    ],
    [`e${'\u0301'.repeat(20)}x`, `e${'\u0301'.repeat(8)}x`],
    ['', undefined],
    ['\0 \u200b', undefined],
  ])('%#', (text, clean) => {
    expect(cleanedText(text)).toBe(clean)
  })

  it('makes of any text one that can be taken', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(60), (text, times) => {
        const clean = cleanedText(text.repeat(times))
        if (clean !== undefined) expect(findTextFault(clean)).toBeUndefined()
        if (findTextFault(text) === undefined) expect(cleanedText(text)).toBe(text)
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})
