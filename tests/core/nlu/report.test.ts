import { describe, expect, it } from 'vitest'

import type { Prediction } from '../../../src/core/nlu/measure.ts'
import { confusions, goalsOf, intentScores } from '../../../src/core/nlu/report/confusions.ts'
import { calibrationCurve, riskCoverage, thresholdTable } from '../../../src/core/nlu/report/curves.ts'
import { nearDuplicates } from '../../../src/core/nlu/report/near-duplicates.ts'
import { PERTURBATIONS } from '../../../src/core/nlu/report/perturbations.ts'
import { withTypo } from '../../../src/core/nlu/typos.ts'

function said(
  intent: string,
  heard: string,
  confidence: number,
  decision: Prediction['decision'] = 'accept',
): Prediction {
  const others = ['a', 'b', 'c', 'd'].filter((other) => other !== heard)
  const ranking = [heard, ...others].map((id, at) => ({ intent: id, confidence: confidence / (at + 1) }))
  const predicted = decision === 'reject' ? 'out_of_scope' : heard
  return { text: `${intent}${heard}${confidence}`, intent, predicted, confidence, decision, ranking }
}

const predictions: readonly Prediction[] = [
  said('a', 'a', 0.95),
  said('a', 'b', 0.9),
  said('a', 'b', 0.5, 'clarify'),
  said('b', 'b', 0.85),
  said('b', 'b', 0.1, 'reject'),
  said('__oos__', 'a', 0.9),
  said('out_of_scope', 'a', 0.05, 'reject'),
]

describe('the goals', () => {
  it('count first guesses, what is accepted or offered, and flows started for nothing', () => {
    expect(goalsOf(predictions)).toEqual({ topRight: 3 / 5, heard: 3 / 5, strangeStarted: 1 / 2 })
  })

  it('are unknown where nothing speaks about them', () => {
    expect(goalsOf([])).toEqual({ topRight: null, heard: null, strangeStarted: null })
  })
})

describe('scores and confusions', () => {
  it('put the weakest intent first and both names of out of scope together', () => {
    expect(intentScores(predictions).map(({ intent }) => intent)).toEqual(['a', 'b', 'out_of_scope'])
    const [weakest] = intentScores(predictions)
    expect(weakest).toMatchObject({ n: 3, recall: 1 / 3, precision: 1 / 2 })
  })

  it('name the most frequent first, each with its surest example first', () => {
    const [most] = confusions(predictions)
    expect(most).toMatchObject({ intent: 'a', predicted: 'b' })
    expect(most?.examples.map(({ confidence }) => confidence)).toEqual([0.9, 0.5])
  })
})

describe('the curves', () => {
  it('compare what was promised with what was kept', () => {
    const top = calibrationCurve(predictions).at(-1)
    expect(top).toMatchObject({ n: 3, kept: 1 / 3 })
    expect(top?.promised).toBeCloseTo((0.95 + 0.9 + 0.9) / 3)
  })

  it('show the risk of answering ever more, the surest first', () => {
    const points = riskCoverage(predictions)
    expect(points.at(0)?.risk).toBe(0)
    expect(points.at(-1)).toEqual({ coverage: 1, risk: 4 / 7 })
  })

  it('show what a threshold would start', () => {
    const row = thresholdTable(predictions).find(({ threshold }) => threshold === 0.9)
    expect(row).toEqual({ threshold: 0.9, started: 2 / 5, wrong: 1 / 5, strangeStarted: 1 / 2 })
  })
})

describe('near-duplicates', () => {
  it('are found in one intent and in two, whatever the courtesies', () => {
    const found = nearDuplicates([
      { text: '机器打印不出小票了怎么办', intent: 'printer_problem' },
      { text: '你好，机器打印不出小票了怎么办呀', intent: 'charged_no_slip' },
      { text: '想换结算卡', intent: 'merchant_info_change' },
    ])
    expect(found.map(({ first, second }) => [first.intent, second.intent])).toEqual([
      ['printer_problem', 'charged_no_slip'],
    ])
  })

  it('are not two sides of a difference', () => {
    const lines = ['插卡没反应', '挥卡没反应'].map((text) => ({ text, intent: text.slice(0, 2) }))
    expect(nearDuplicates(lines)).toEqual([])
  })
})

describe('typos', () => {
  const text = '机器没信号，刷卡读不出来'

  it('change one character, each turn another, always the same way', () => {
    const typed = [0, 1, 2, 3, 4, 5, 6, 7].map((turn) => withTypo(text, turn))
    expect(typed).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((turn) => withTypo(text, turn)))
    expect(new Set(typed).size).toBe(typed.length)
    expect(typed).not.toContain(text)
  })

  it('leave alone what holds no Chinese', () => {
    expect(withTypo('no signal', 0)).toBe('no signal')
    for (const { change } of PERTURBATIONS) expect(change('')).not.toContain('undefined')
  })
})
