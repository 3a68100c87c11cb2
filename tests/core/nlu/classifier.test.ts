import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import {
  type TrainingLine,
  classify,
  deserialize,
  serialize,
  train,
} from '../../../src/core/nlu/classifier.ts'
import { PERTURBATIONS } from '../../../src/core/nlu/report/perturbations.ts'
import { shippedContent } from '../../fixtures/content.ts'

const { classifier, intents } = shippedContent()
const fromCode = (code: number): string => String.fromCharCode(code)
const Line = z.object({ text: z.string(), intent: z.string() })
const heldOut = readFileSync(
  join(resolve(import.meta.dirname, '../../..'), 'tests/nlu/held-out.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => Line.parse(JSON.parse(line)))
const inScope = heldOut.filter(({ intent }) => intent !== '__oos__')
const outOfScope = heldOut.filter(({ intent }) => intent === '__oos__')

/** Share of lines whose top intent is right, each changed by `change`. */
function accuracy(lines: readonly TrainingLine[], change: (text: string) => string = (text) => text): number {
  const right = lines.filter(
    ({ text, intent }) => classify(classifier, change(text)).ranking[0]?.intent === intent,
  )
  return right.length / lines.length
}

const kinds = ['打印机没纸', '机器没信号', '充不进电', '想办台机器', '客人扣了钱', '卡读不出来']
const few: readonly TrainingLine[] = kinds.flatMap((kind, k) =>
  ['了', '啊', '怎么办', '又来了', '咋回事', '急', '在线等'].map((end) => ({
    text: kind + end,
    intent: `intent${k}`,
  })),
)

describe('training', () => {
  it('gives the same classifier for the same lines, byte for byte', () => {
    expect(serialize(train(few, []))).toEqual(serialize(train(few, [])))
  })

  it('survives being stored', () => {
    const trained = train(few, [{ id: 'slip', words: ['小票', '签购单'] }])
    const read = deserialize(serialize(trained))
    for (const text of ['打印机没纸咋整', '小票', '完全无关的一句话']) {
      expect(classify(read, text)).toEqual(classify(trained, text))
    }
  })

  it('refuses bytes that are no classifier', () => {
    expect(() => deserialize(new Uint8Array([1, 2, 3]))).toThrow()
    const bytes = serialize(train(few, []))
    expect(() => deserialize(bytes.slice(0, bytes.length - 40))).toThrow()
  })

  it('takes one intent, and none', () => {
    expect(classify(train([{ text: '你好', intent: 'greet' }], []), '你好').ranking[0]?.intent).toBe('greet')
    expect(classify(train([], []), '你好').ranking).toEqual([])
  })
})

describe('the shipped utterances, on messages written by others', () => {
  // The floors stand two points below what was measured when they were set; raise them with the utterances.
  it('find the intent of nine in ten', () => {
    expect(accuracy(inScope)).toBeGreaterThan(0.93)
  })

  it('offer or accept the right intent for nineteen in twenty', () => {
    const offered = inScope.filter(({ text, intent }) => {
      const { decision, ranking } = classify(classifier, text)
      if (decision === 'reject') return false
      const shown = decision === 'accept' ? 1 : 3
      return ranking.slice(0, shown).some((ranked) => ranked.intent === intent)
    })
    expect(offered.length / inScope.length).toBeGreaterThan(0.955)
  })

  it('seldom start a flow for what is none of ours', () => {
    const started = outOfScope.filter(({ text }) => classify(classifier, text).decision === 'accept')
    expect(started.length / outOfScope.length).toBeLessThan(0.05)
  })

  const clean = accuracy(inScope)
  it.each(PERTURBATIONS)('lose at most five points through $name', ({ change }) => {
    expect(clean - accuracy(inScope, change)).toBeLessThan(0.05)
  })
})

describe('what is no message', () => {
  it.each([
    '',
    ' ',
    '。',
    '😀',
    '12',
    '2024',
    '8888888',
    'asdkjh qwe',
    '龘靐齉',
    '失',
    '套',
    '冻',
    '……',
    '\ud800',
    '\u0000',
  ])('%j starts nothing', (text) => {
    expect(classify(classifier, text).decision).not.toBe('accept')
  })

  it.each([
    [
      'rare characters',
      fc.string({ unit: fc.integer({ min: 0x4e00, max: 0x9fa5 }).map(fromCode), minLength: 1, maxLength: 9 }),
    ],
    [
      'letters',
      fc.string({ unit: fc.integer({ min: 0x61, max: 0x7a }).map(fromCode), minLength: 4, maxLength: 12 }),
    ],
    ['digits', fc.integer({ min: 0, max: 999_999 }).map(String)],
    ['anything', fc.string({ unit: 'binary', maxLength: 12 })],
  ])('random %s start nothing', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const { decision, ranking } = classify(classifier, text)
        const intent = intents.get(ranking[0]?.intent ?? '')
        return decision !== 'accept' || intent?.action.kind === 'conversational'
      }),
      { numRuns: 500, seed: 20261126 },
    )
  })

  it('nor does a greeting start a flow', () => {
    const { ranking } = classify(classifier, '你好')
    expect(ranking[0]?.intent).toBe('greet')
  })

  it('a very long message is read in linear time and without harm', () => {
    const { ranking } = classify(classifier, '机器提示卡片故障。'.repeat(2000))
    expect(ranking[0]?.intent).toBe('card_fault')
  })
})

describe('a long story', () => {
  it('is understood by the clause that tells the problem', () => {
    const story =
      '我是新来的，老板今天不在，刚才中午人特别多，忙到现在才有空，打印出来的小票全是空白的，你们看看怎么弄'
    expect(classify(classifier, story).ranking[0]?.intent).toBe('printer_problem')
  })
})
