import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf } from '../../src/http/tickets-csv.ts'

describe('a cell of an exported table', () => {
  it.each([
    '=1+1',
    '+86',
    '-2',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =HYPERLINK("http://a.test")',
    '＝1+1',
    '＠x',
    '|cmd',
    '\u200b=1',
    '\ufeff=1',
    '00123456',
    '6222020000001234567',
  ])('%j is text to a spreadsheet', (text) => {
    expect(cellOf(text)).toBe(`"'${text.replaceAll('"', '""')}"`)
  })

  it.each(['', '卡片故障', '260.5', '12345678', 'A=B', '他说"好了"\n再见', '0.5'])(
    '%j stays as it is',
    (text) => {
      expect(cellOf(text)).toBe(`"${text.replaceAll('"', '""')}"`)
    },
  )

  it('is one cell whatever is in it, and never begins a formula', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('', ...'=+-@\t\r \n＝'),
        (text, mark) => {
          const cell = cellOf(mark + text)
          expect(cell.slice(1, -1).replaceAll('""', '')).not.toContain('"')
          expect(cell.slice(1).trimStart()).not.toMatch(/^[=+\-@＝＋－＠]/u)
        },
      ),
      { numRuns: 5_000, seed: 20261126 },
    )
  })

  it('keeps numbers of ours as they are', () => {
    expect(cellOf(-5)).toBe('"-5"')
    expect(cellOf(undefined)).toBe('""')
  })
})
