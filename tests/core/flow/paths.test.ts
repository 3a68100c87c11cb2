import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { answerStep, enterFlow, leaveCollect } from '../../../src/core/flow/advance.ts'
import { ASKED_BEFORE, type FlowWorld } from '../../../src/core/flow/facts.ts'
import { comparisons } from '../../../src/core/flow/condition.ts'
import type { Flow } from '../../../src/core/flow/flow.ts'
import { COLLECTED, RETURNED, paths } from '../../../src/core/flow/paths.ts'
import { emptyDialogue } from '../../../src/core/conversation.ts'
import { shippedContent } from '../../fixtures/content.ts'

const { flows } = shippedContent()

describe.each([...flows.values()].map((flow) => ({ id: flow.id, flow })))('paths of $id', ({ flow }) => {
  const all = [...paths(flow, flows)]

  it('all end in a resolution, a ticket or another flow', () => {
    expect(all.length).toBeGreaterThan(0)
    for (const { end } of all) {
      const known = flow.ends.has(end) || flows.has(end.split('@')[0] ?? '')
      expect(known, `${flow.id} ends in "${end}"`).toBe(true)
    }
  })

  it('come by every step and every end', () => {
    const steps = new Set(all.flatMap((path) => path.steps.map(({ step }) => step)))
    const ends = new Set(all.map(({ end }) => end))
    const entered = new Set(placesEnteredFromOutside(flow))
    expect([...flow.steps.keys()].filter((id) => !steps.has(id) && !entered.has(id))).toEqual([])
    expect([...flow.ends.keys()].filter((id) => !ends.has(id) && !entered.has(id))).toEqual([])
  })

  it('hold every walk the engine takes', () => {
    const prefixes = new Set<string>()
    const whole = new Set<string>()
    for (const path of all) {
      const words = path.steps.map(({ step, answer }) => `${step}=${answer}`)
      words.forEach((_, index) => prefixes.add(words.slice(0, index + 1).join(' ')))
      whole.add(`${words.join(' ')} -> ${path.end}`)
    }
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1000)), (choices) => {
        const taken = walkWithEngine(flow, choices)
        if (taken.end === undefined) {
          if (taken.steps.length > 0) expect(prefixes).toContain(taken.steps.join(' '))
        } else {
          const walked = `${taken.steps.join(' ')} -> ${taken.end}`
          expect(whole.has(walked), walked).toBe(true)
        }
      }),
      { numRuns: 150, seed: 7 },
    )
  })
})

/** Places other flows or intents enter this flow at. */
function placesEnteredFromOutside(flow: Flow): readonly string[] {
  const targets = [...flows.values()].flatMap((other) =>
    [...other.steps.values()].flatMap((step) => [
      ...step.then,
      ...step.answers.flatMap((answer) => answer.go),
    ]),
  )
  return targets.flatMap(({ target }) =>
    target.kind === 'flow' && target.flow === flow.id && target.step !== undefined ? [target.step] : [],
  )
}

/**
 * Answers whatever the engine asks by chance, with chance facts for its conditions. A called flow counts as one step
 * when it comes back; a walk that ends inside it has no end here.
 */
function walkWithEngine(flow: Flow, choices: Iterator<number>): { steps: readonly string[]; end?: string } {
  const pick = (count: number): number => (choices.next().value ?? 0) % count
  const facts = new Map(
    factsComparedIn(flow).map(([name, values]) => [name, [...values, undefined][pick(values.length + 1)]]),
  )
  const world: FlowWorld = {
    flows,
    derived: (name) => facts.get(name),
    told: () => undefined,
    render: (text) => text,
  }
  const steps: string[] = []
  let walk = enterFlow(world, emptyDialogue(), flow.id)
  let depth = walk.dialogue.stack.length
  while (walk.rest.kind === 'asks') {
    const inside = walk.rest.flow
    const own = walk.dialogue.stack.length === 1
    if (own && inside !== flow) return { steps }
    if (own && depth > 1) steps.push(`${calledBy(flow, steps)}=${RETURNED}`)
    depth = walk.dialogue.stack.length
    const { step } = walk.rest
    if (step.collect.length > 0) {
      if (own) steps.push(`${step.id}=${COLLECTED}`)
      walk = leaveCollect(world, walk.dialogue)
      continue
    }
    const answer = step.answers[pick(step.answers.length)]
    if (answer === undefined) throw new Error(`${step.id} has no answers`)
    if (own) steps.push(`${step.id}=${answer.id}`)
    walk = answerStep(world, walk.dialogue, answer, 'said')
  }
  if (walk.rest.kind !== 'ended') throw new Error('the engine lost its way')
  if (depth > 1 && walk.dialogue.stack.length === 1) steps.push(`${calledBy(flow, steps)}=${RETURNED}`)
  return walk.rest.flow === flow && walk.dialogue.stack.length === 1
    ? { steps, end: walk.rest.end.id }
    : { steps }
}

function calledBy(flow: Flow, steps: readonly string[]): string {
  const [stepId = '', answerId = ''] = (steps.at(-1) ?? '').split('=')
  const go = flow.steps.get(stepId)?.answers.find(({ id }) => id === answerId)?.go ?? []
  const called = go.find(({ target }) => target.kind === 'flow' && target.then !== undefined)?.target
  return called?.kind === 'flow' ? called.flow : ''
}

/** Names of a flow's conditions that are no steps of it, each with the values it is compared with. */
function factsComparedIn(flow: Flow): readonly (readonly [string, readonly string[]])[] {
  const gos = [
    ...[...flow.steps.values()].flatMap((step) => [step.then, ...step.answers.map((answer) => answer.go)]),
    ...[...flow.routes.values()].map((route) => route.go),
  ].flat()
  const values = new Map<string, string[]>()
  for (const { when } of gos) {
    for (const { name, value } of when === undefined ? [] : comparisons(when)) {
      if (flow.steps.has(name) || name === ASKED_BEFORE) continue
      values.set(name, [...(values.get(name) ?? []), ...(value === undefined ? [] : [value])])
    }
  }
  return [...values].map(([name, list]) => [name, [...new Set(list), 'something']])
}
