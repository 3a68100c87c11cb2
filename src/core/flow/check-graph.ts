import { comparisons, type Condition } from './condition.ts'
import type { Finding } from './finding.ts'
import type { Flow, Go, Step, Target } from './flow.ts'

/** Finds steps nothing leads to, steps that lead nowhere, and conditions that ask too early. Pure. */
export function checkGraph(flow: Flow, flows: ReadonlyMap<string, Flow>): readonly Finding[] {
  return [...unreachable(flow, flows), ...withoutEnd(flow), ...readTooEarly(flow)]
}

function unreachable(flow: Flow, flows: ReadonlyMap<string, Flow>): readonly Finding[] {
  const reached = new Set<string>()
  const visit = (target: Target): void => {
    const place = placeOf(flow, target)
    if (place === undefined || reached.has(place)) return
    reached.add(place)
    for (const next of targetsAt(flow, place)) visit(next)
  }
  visit(flow.begin)
  for (const place of enteredFromOutside(flow, flows)) visit(placeTarget(flow, place))
  visit({ kind: 'end', end: flow.escalate })
  for (const step of flow.steps.values()) if (step.opens !== null) visit({ kind: 'end', end: step.opens })
  const places: readonly [string, Iterable<string>][] = [
    ['steps', flow.steps.keys()],
    ['routes', flow.routes.keys()],
    ['ends', flow.ends.keys()],
  ]
  return places.flatMap(([section, ids]) =>
    [...ids]
      .filter((id) => !reached.has(id))
      .map((id) => ({
        path: [section, id],
        rule: 'unreachable',
        message: `nothing leads to "${id}": add an answer that goes there, or remove it`,
      })),
  )
}

/** Places that intents and other flows enter (`card_fault@CF3m`): listed by naming them. */
function enteredFromOutside(flow: Flow, flows: ReadonlyMap<string, Flow>): readonly string[] {
  const entered: string[] = []
  for (const other of flows.values()) {
    const gos = [
      ...[...other.steps.values()].flatMap((step) => [step.then, ...step.answers.map((answer) => answer.go)]),
      ...[...other.routes.values()].map((route) => route.go),
    ]
    for (const { target } of gos.flat()) {
      if (target.kind === 'flow' && target.flow === flow.id && target.step !== undefined)
        entered.push(target.step)
    }
  }
  return entered
}

function withoutEnd(flow: Flow): readonly Finding[] {
  const ends = new Set<string>(flow.ends.keys())
  let grown = true
  const leadsOut = (go: Target): boolean => {
    if (go.kind === 'flow') return go.then === undefined || ends.has(go.then)
    const place = placeOf(flow, go)
    return place !== undefined && ends.has(place)
  }
  while (grown) {
    grown = false
    for (const id of [...flow.steps.keys(), ...flow.routes.keys()]) {
      if (!ends.has(id) && targetsAt(flow, id).some(leadsOut)) {
        ends.add(id)
        grown = true
      }
    }
  }
  return [...flow.steps.keys()]
    .filter((id) => !ends.has(id))
    .map((id) => ({
      path: ['steps', id],
      rule: 'no-way-out',
      message: `from "${id}" no resolution and no human can be reached: every answer leads round in a circle`,
    }))
}

/** A condition over the answer of a step that always comes later can never hold. */
function readTooEarly(flow: Flow): readonly Finding[] {
  const findings: Finding[] = []
  const early = new Set([...flow.steps.values()].filter(canBeAnsweredUnasked).map(({ id }) => id))
  const look = (
    place: string,
    path: readonly (string | number)[],
    conditions: readonly Condition[],
  ): void => {
    for (const { name } of conditions.flatMap((condition) => comparisons(condition))) {
      if (!flow.steps.has(name) || early.has(name) || name === place || leadsTo(flow, name, place)) continue
      const message = `"${name}" is never answered before "${place}": this condition cannot hold`
      findings.push({ path, rule: 'read-too-early', message })
    }
  }
  const conditionsOf = (sentences: readonly { readonly when?: Condition }[]): readonly Condition[] =>
    sentences.flatMap(({ when }) => when ?? [])
  for (const step of flow.steps.values()) {
    look(step.id, ['steps', step.id, 'ask'], conditionsOf([...step.ask, ...step.whenSkipped]))
    look(step.id, ['steps', step.id, 'go'], conditionsOf(step.then))
    for (const answer of step.answers) {
      const path = ['steps', step.id, 'answers', answer.id]
      look(
        step.id,
        [...path, 'go'],
        conditionsOf([...answer.go, ...answer.say, ...answer.go.flatMap(({ say }) => say)]),
      )
    }
  }
  for (const route of flow.routes.values()) look(route.id, ['routes', route.id], conditionsOf(route.go))
  for (const end of flow.ends.values()) {
    look(end.id, ['ends', end.id], conditionsOf([...end.say, ...(end.ticket?.priority ?? [])]))
  }
  return findings
}

/** Words in any message may answer a step before its turn. */
function canBeAnsweredUnasked(step: Step): boolean {
  return step.answers.some(({ told, gives, set }) => told.length + gives.length + Object.keys(set).length > 0)
}

function leadsTo(flow: Flow, from: string, to: string): boolean {
  const reached = new Set<string>()
  const visit = (place: string): void => {
    for (const target of targetsAt(flow, place)) {
      const next = placeOf(flow, target)
      if (next === undefined || reached.has(next)) continue
      reached.add(next)
      visit(next)
    }
  }
  visit(from)
  return reached.has(to)
}

function placeOf(flow: Flow, target: Target): string | undefined {
  switch (target.kind) {
    case 'step':
      return flow.steps.has(target.step) ? target.step : undefined
    case 'route':
      return target.route
    case 'end':
      return target.end
    case 'flow':
      return target.then
  }
}

function placeTarget(flow: Flow, place: string): Target {
  if (flow.steps.has(place)) return { kind: 'step', step: place }
  return flow.routes.has(place) ? { kind: 'route', route: place } : { kind: 'end', end: place }
}

function targetsAt(flow: Flow, place: string): readonly Target[] {
  const step = flow.steps.get(place)
  const gos: readonly Go[] =
    step === undefined
      ? [flow.routes.get(place)?.go ?? []]
      : [step.then, ...step.answers.map((answer) => answer.go)]
  return gos.flat().map(({ target }) => target)
}
