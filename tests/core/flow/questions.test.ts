import { describe, expect, it } from 'vitest'

import { clausesOf, isQuestion } from '../../../src/core/flow/wording.ts'
import { shippedContent } from '../../fixtures/content.ts'

const { flows, matcher } = shippedContent()

const QUESTIONS = [
  '你们能快点吗',
  '什么时候能好',
  '能不能让他微信付',
  '能派人来吗',
  '多久能到账',
  '你们能上门修不',
  '可以先用别的吗',
  '行不行啊',
  '怎么才能退',
  '修好没',
  '是不是好了',
]
const REPORTS = [
  '还是不行',
  '没有',
  '还没有',
  '怎么还是不行啊',
  '查了没有',
  '里头翻来翻去没有',
  '好了',
  '也不',
  '能用了',
  '什么都没有',
  '就这么',
]

describe('a question', () => {
  it.each(QUESTIONS)('%s is one', (text) => {
    expect(clausesOf(text).some((clause) => isQuestion(clause))).toBe(true)
  })

  it.each(REPORTS)('%s is none', (text) => {
    expect(clausesOf(text).some((clause) => isQuestion(clause))).toBe(false)
  })

  const steps = [...flows.values()].flatMap((flow) =>
    [...flow.steps.values()].map((step) => ({ place: `${flow.id}@${step.id}`, step })),
  )
  it.each(QUESTIONS)('%s says neither that it works nor that it does not, at any step', (text) => {
    const taken = steps.flatMap(({ place, step }) => {
      const match = matcher.match(step, text)
      return match.kind === 'answer' && match.answer.means.some((means) => means === 'yes' || means === 'no')
        ? [`${place}: ${match.answer.id}`]
        : []
    })
    expect(taken).toEqual([])
  })
})
