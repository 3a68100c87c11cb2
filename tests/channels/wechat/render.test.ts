import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderLines, splitText } from '../../../src/channels/wechat/render.ts'
import { emptyDialogue } from '../../../src/core/conversation.ts'
import { RATING_CHOICES } from '../../../src/core/desk/change-hands.ts'
import type { Choice, TranscriptLine } from '../../../src/core/transcript.ts'
import { shippedContent } from '../../fixtures/content.ts'

const HINT = shippedContent().replies.choose_number
const line = (seq: number, text: string): TranscriptLine => ({ seq, author: 'bot', text, at: 0 })
const labels = (...texts: string[]): Choice[] => texts.map((label, index) => ({ id: `a${index}`, label }))
const offering = (seq: number, choices: readonly Choice[]) => ({
  dialogue: { ...emptyDialogue(), offered: { seq, choices } },
})

describe('lines as one message', () => {
  it('have the choices of the open question as numbers', () => {
    const open = offering(3, labels('能读', '读不了'))
    expect(renderLines(open, [line(2, '好的。'), line(3, '那张能读吗？')], HINT)).toBe(
      '好的。\n\n那张能读吗？\n\n1. 能读\n2. 读不了\n\n回复 1 / 2，也可以直接打字说。',
    )
  })

  it('have no numbers for a question that is not open any more', () => {
    const text = renderLines(offering(9, labels('能', '不能')), [line(3, '那张能读吗？')], HINT)
    expect(text).toBe('那张能读吗？')
  })

  it('do not list what the sentence names already', () => {
    const clarify = offering(3, labels('卡片故障', '都不是'))
    expect(renderLines(clarify, [line(3, '您是想问哪一个？1. 卡片故障；2. 都不是。')], HINT)).toBe(
      '您是想问哪一个？1. 卡片故障；2. 都不是。\n回复 1 / 2，也可以直接打字说。',
    )
    const options = '请回复数字选一个：1. 卡片故障；2. 都不是。也可以回复“人工”。'
    expect(renderLines(clarify, [line(3, options)], HINT)).toBe(options)
  })

  it('ask for a score without listing “1. 1分”', () => {
    expect(renderLines(offering(3, RATING_CHOICES), [line(3, '请打个分。')], HINT)).toBe(
      '请打个分。\n回复 1 / 2 / 3 / 4 / 5，也可以直接打字说。',
    )
  })

  it('name many numbers by the first and the last', () => {
    const many = offering(3, labels(...'甲乙丙丁戊己庚'))
    expect(renderLines(many, [line(3, '哪一个？')], HINT)).toContain('\n7. 庚\n\n回复 1–7，')
  })
})

describe('a long text', () => {
  it('is cut after sentences', () => {
    const parts = splitText('请先关机。'.repeat(300))
    expect(parts).toHaveLength(3)
    expect(parts.every((part) => part.endsWith('。') && Buffer.byteLength(part) <= 2_000)).toBe(true)
    expect(parts.join('')).toBe('请先关机。'.repeat(300))
  })

  it('without an end of a sentence is cut between characters', () => {
    const family = '\u{1F469}\u200d\u{1F469}\u200d\u{1F467}'
    const parts = splitText(family.repeat(200))
    expect(parts.join('')).toBe(family.repeat(200))
    expect(parts.every((part) => part.length % family.length === 0)).toBe(true)
  })

  it('keeps every character, well formed, in parts that fit, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.integer({ min: 8, max: 300 }),
        (text, most) => {
          const parts = splitText(text, most)
          const bare = (joined: string): string => joined.replace(/\s/gu, '')
          expect(bare(parts.join(''))).toBe(bare(text))
          for (const part of parts) {
            expect(Buffer.byteLength(part)).toBeLessThanOrEqual(most)
            expect(Buffer.from(part).toString()).toBe(part)
          }
        },
      ),
      { seed: 7 },
    )
  })
})
