import type { Condition } from './condition.ts'
import type { Flow, Go, Target } from './flow.ts'
import { ASKED_BEFORE } from './facts.ts'
import { MAX_VISITS } from './walker.ts'

/** One way through a flow: the answers given, and the end it comes to (`R_…`, `E_…` or `flow@step`). */
export type Path = {
  readonly steps: readonly { readonly step: string; readonly answer: string }[]
  readonly end: string
}

/** What a walk assumes of a name: its value, or values it does not have. */
type Assumed = { readonly value?: string; readonly known?: boolean; readonly excluded: readonly string[] }
type Assumptions = ReadonlyMap<string, Assumed>

type Position = {
  readonly steps: readonly { readonly step: string; readonly answer: string }[]
  readonly assumed: Assumptions
  readonly visits: ReadonlyMap<string, number>
}

/** What a step that only collects facts, and a called flow that comes back, answer in a path. */
export const COLLECTED = 'given'
export const RETURNED = 'solved'

/**
 * Walks every path of a flow: every answer of every step, and both sides of every condition that the answers so
 * far leave open. A called flow counts as one step. Pure and lazy; each path ends, since a step asked more than
 * MAX_VISITS times takes the flow's way out, as the engine does.
 */
export function* paths(flow: Flow, flows: ReadonlyMap<string, Flow>): Generator<Path> {
  yield* new PathWalker(flow, flows).from({ steps: [], assumed: new Map(), visits: new Map() }, flow.begin)
}

/** Names the place another flow is entered at, `flow@step`. Pure. */
export function entryName(
  target: Extract<Target, { kind: 'flow' }>,
  flows: ReadonlyMap<string, Flow>,
): string {
  if (target.step !== undefined) return `${target.flow}@${target.step}`
  const begin = flows.get(target.flow)?.begin
  if (begin?.kind === 'step') return `${target.flow}@${begin.step}`
  if (begin?.kind === 'route') return `${target.flow}@${begin.route}`
  return target.flow
}

class PathWalker {
  readonly #flow: Flow
  readonly #flows: ReadonlyMap<string, Flow>

  constructor(flow: Flow, flows: ReadonlyMap<string, Flow>) {
    this.#flow = flow
    this.#flows = flows
  }

  *from(position: Position, target: Target): Generator<Path> {
    switch (target.kind) {
      case 'end':
        yield { steps: position.steps, end: target.end }
        return
      case 'route':
        yield* this.#fork(position, this.#flow.routes.get(target.route)?.go ?? [])
        return
      case 'flow':
        yield* this.#called(position, target)
        return
      case 'step':
        yield* this.#asked(position, target.step)
        return
    }
  }

  *#called(position: Position, target: Extract<Target, { kind: 'flow' }>): Generator<Path> {
    if (target.then === undefined) {
      yield { steps: position.steps, end: entryName(target, this.#flows) }
      return
    }
    const steps = [...position.steps, { step: target.flow, answer: RETURNED }]
    yield* this.from({ ...position, steps }, { kind: 'step', step: target.then })
  }

  *#asked(position: Position, id: string): Generator<Path> {
    const step = this.#flow.steps.get(id)
    const count = (position.visits.get(id) ?? 0) + 1
    if (step === undefined || count > MAX_VISITS) {
      yield { steps: position.steps, end: this.#flow.escalate }
      return
    }
    const visits = new Map(position.visits).set(id, count)
    if (step.collect.length > 0) {
      const steps = [...position.steps, { step: id, answer: COLLECTED }]
      yield* this.#fork({ ...position, steps, visits }, step.then)
      return
    }
    for (const answer of step.answers) {
      const assumed = new Map(position.assumed).set(id, { value: answer.id, excluded: [] })
      for (const [name, value] of Object.entries(answer.set)) {
        assumed.set(name.replace(/^note\./u, ''), { value, excluded: [] })
      }
      for (const slot of answer.gives) {
        const before = assumed.get(slot)
        if (before?.value === undefined) assumed.set(slot, { known: true, excluded: before?.excluded ?? [] })
      }
      const steps = [...position.steps, { step: id, answer: answer.id }]
      yield* this.#fork({ steps, assumed, visits }, answer.go)
    }
  }

  *#fork(position: Position, go: Go): Generator<Path> {
    let open: readonly Assumptions[] = [position.assumed]
    for (const branch of go) {
      const next: Assumptions[] = []
      for (const assumed of open) {
        if (branch.when === undefined) {
          yield* this.from({ ...position, assumed }, branch.target)
          continue
        }
        for (const outcome of this.#decide(branch.when, withAskedBefore(position, assumed))) {
          if (outcome.holds) yield* this.from({ ...position, assumed: outcome.assumed }, branch.target)
          else next.push(outcome.assumed)
        }
      }
      open = next
    }
  }

  /** Both outcomes of a condition, each with what it assumes; one when the walk already settles it. */
  #decide(condition: Condition, assumed: Assumptions): readonly { holds: boolean; assumed: Assumptions }[] {
    switch (condition.kind) {
      case 'is':
        return this.#decideIs(condition.name, condition.value, assumed)
      case 'known':
        return this.#decideKnown(condition.name, assumed)
      case 'not':
        return this.#decide(condition.of, assumed).map((outcome) => ({ ...outcome, holds: !outcome.holds }))
      case 'and':
      case 'or': {
        const settling = condition.kind === 'or'
        return this.#decide(condition.left, assumed).flatMap((left) =>
          left.holds === settling ? [left] : this.#decide(condition.right, left.assumed),
        )
      }
    }
  }

  #decideIs(
    name: string,
    value: string,
    assumed: Assumptions,
  ): readonly { holds: boolean; assumed: Assumptions }[] {
    const now = assumed.get(name)
    if (now?.value !== undefined) return [{ holds: now.value === value, assumed }]
    if (now?.known === false || now?.excluded.includes(value) === true || this.#isUnanswered(name)) {
      return [{ holds: false, assumed }]
    }
    const excluded = [...(now?.excluded ?? []), value]
    return [
      { holds: true, assumed: new Map(assumed).set(name, { value, excluded: [] }) },
      { holds: false, assumed: new Map(assumed).set(name, { ...now, excluded }) },
    ]
  }

  #decideKnown(name: string, assumed: Assumptions): readonly { holds: boolean; assumed: Assumptions }[] {
    const now = assumed.get(name)
    if (now?.value !== undefined || now?.known === true) return [{ holds: true, assumed }]
    if (now?.known === false || this.#isUnanswered(name)) return [{ holds: false, assumed }]
    const excluded = now?.excluded ?? []
    return [
      { holds: true, assumed: new Map(assumed).set(name, { known: true, excluded }) },
      { holds: false, assumed: new Map(assumed).set(name, { known: false, excluded }) },
    ]
  }

  /** A step of this flow that the path has not come by has no answer. */
  #isUnanswered(name: string): boolean {
    return this.#flow.steps.has(name)
  }
}

function withAskedBefore(position: Position, assumed: Assumptions): Assumptions {
  const last = position.steps.at(-1)?.step ?? ''
  const before = (position.visits.get(last) ?? 0) > 1
  return new Map(assumed).set(
    ASKED_BEFORE,
    before ? { value: 'yes', excluded: [] } : { known: false, excluded: [] },
  )
}
