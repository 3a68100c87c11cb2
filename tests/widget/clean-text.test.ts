import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText } from '../../src/widget/panel/clean-text.ts'

describe('text made acceptable to the server', () => {
  it('drops NUL and blank ends and turns old line ends into new ones', () => {
    expect(cleanText(' \0刷卡\r\n失败\r没反应\n ')).toBe('刷卡\n失败\n没反应')
  })

  it('keeps whole emoji and replaces half ones', () => {
    expect(cleanText('好😀')).toBe('好😀')
    expect(cleanText('a\uD83Db\uDE00c')).toBe('a\uFFFDb\uFFFDc')
  })

  it('leaves no half character in any text', () => {
    const units = fc.array(fc.constantFrom('a', '\uD83D', '\uDE00', '收'), { maxLength: 12 })
    fc.assert(
      fc.property(units, (parts) => {
        // encodeURIComponent throws on half characters.
        expect(() => encodeURIComponent(cleanText(parts.join('')))).not.toThrow()
      }),
      { seed: 7 },
    )
  })
})
