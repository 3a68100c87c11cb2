import { renderCondition } from './condition.ts'
import type { Flow, Go, Target } from './flow.ts'
import { entryName } from './paths.ts'

/** Renders a flow as Mermaid source: steps as boxes with their question, ends as stadiums, other flows as subroutines. Pure. */
export function draw(flow: Flow, flows: ReadonlyMap<string, Flow>): string {
  const drawing = new Drawing(flow, flows)
  return drawing.source()
}

class Drawing {
  readonly #flow: Flow
  readonly #flows: ReadonlyMap<string, Flow>
  readonly #others = new Set<string>()
  readonly #arrows: string[] = []

  constructor(flow: Flow, flows: ReadonlyMap<string, Flow>) {
    this.#flow = flow
    this.#flows = flows
  }

  source(): string {
    const { steps, routes, ends } = this.#flow
    this.#arrow('begin', '', this.#flow.begin)
    for (const step of steps.values()) {
      for (const answer of step.answers) this.#go(step.id, answer.label ?? answer.id, answer.go)
      this.#go(step.id, '', step.then)
    }
    for (const route of routes.values()) this.#go(route.id, '', route.go)
    const nodes = [
      `  begin(["${escaped(this.#flow.title)}"])`,
      ...[...steps.values()].map(
        (step) => `  ${step.id}["${step.id}<br/>${escaped(step.ask.map(({ text }) => text).join(''))}"]`,
      ),
      ...[...routes.keys()].map((id) => `  ${id}{"${id}"}`),
      ...[...ends.values()].map(
        (end) => `  ${end.id}(["${end.id}<br/>${escaped(end.say.map(({ text }) => text).join(''))}"])`,
      ),
      ...[...this.#others].map((name) => `  ${nodeOf(name)}[["${escaped(name)}"]]`),
    ]
    const ticketEnds = [...ends.values()].filter((end) => end.ticket !== null).map((end) => end.id)
    const styles = [
      '  classDef ticket fill:#fde8e8,stroke:#c53030',
      '  classDef solved fill:#e6f6ec,stroke:#2f855a',
      ...(ticketEnds.length > 0 ? [`  class ${ticketEnds.join(',')} ticket`] : []),
      ...solvedClass([...ends.values()].filter((end) => end.ticket === null).map((end) => end.id)),
    ]
    return ['flowchart TD', ...nodes, ...this.#arrows, ...styles].join('\n')
  }

  #go(from: string, label: string, go: Go): void {
    for (const branch of go) {
      const when = branch.when === undefined ? '' : renderCondition(branch.when)
      this.#arrow(from, [label, when].filter((part) => part !== '').join(' · '), branch.target)
    }
  }

  #arrow(from: string, label: string, target: Target): void {
    const to = this.#nodeOf(target)
    this.#arrows.push(label === '' ? `  ${from} --> ${to}` : `  ${from} -- "${escaped(label)}" --> ${to}`)
    if (target.kind === 'flow' && target.then !== undefined)
      this.#arrows.push(`  ${to} -. "↻" .-> ${target.then}`)
  }

  #nodeOf(target: Target): string {
    switch (target.kind) {
      case 'step':
        return target.step
      case 'route':
        return target.route
      case 'end':
        return target.end
      case 'flow': {
        const name = entryName(target, this.#flows)
        this.#others.add(name)
        return nodeOf(name)
      }
    }
  }
}

function solvedClass(ids: readonly string[]): readonly string[] {
  return ids.length > 0 ? [`  class ${ids.join(',')} solved`] : []
}

function nodeOf(name: string): string {
  return `flow_${name.replaceAll('@', '_')}`
}

function escaped(text: string): string {
  return text.replaceAll('"', '#quot;').replaceAll('{', '#123;').replaceAll('}', '#125;')
}
