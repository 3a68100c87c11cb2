import type { Intent, Interrupt } from '../content.ts'
import { renderCondition } from './condition.ts'
import type { Answer, Flow, GeneralAnswer, Go, Target } from './flow.ts'
import { entryName } from './paths.ts'

/** A box of a drawing. `ticket` and `solved` are ends, `flow` is another flow, `entry` is how merchants get in. */
export type DrawnNode = {
  readonly id: string
  readonly kind: 'entry' | 'step' | 'route' | 'solved' | 'ticket' | 'flow'
  readonly name: string
  readonly text: string
}

export type DrawnArrow = {
  readonly from: string
  readonly to: string
  readonly label: string
  /** The way back from a called flow. */
  readonly back?: boolean
}

export type Drawing = { readonly nodes: readonly DrawnNode[]; readonly arrows: readonly DrawnArrow[] }

/** Draws a flow: steps with their questions, answers as arrows, ends, and the flows it leads to. Pure. */
export function drawFlow(flow: Flow, flows: ReadonlyMap<string, Flow>): Drawing {
  const others = new Set<string>()
  const arrows: DrawnArrow[] = []
  const nodeOf = (target: Target): string => {
    switch (target.kind) {
      case 'step':
        return target.step
      case 'route':
        return target.route
      case 'end':
        return target.end
      case 'flow': {
        const name = entryName(target, flows)
        others.add(name)
        return idOf(name)
      }
    }
  }
  const lead = (from: string, label: string, target: Target): void => {
    const to = nodeOf(target)
    arrows.push({ from, to, label })
    if (target.kind === 'flow' && target.then !== undefined)
      arrows.push({ from: to, to: target.then, label: '↻', back: true })
  }
  const fork = (from: string, label: string, go: Go): void => {
    for (const { when, target } of go) {
      const condition = when === undefined ? '' : renderCondition(when)
      lead(from, [label, condition].filter((part) => part !== '').join(' · '), target)
    }
  }
  lead('begin', '', flow.begin)
  for (const step of flow.steps.values()) {
    for (const answer of step.answers) fork(step.id, labelOf(answer), answer.go)
    fork(step.id, '', step.then)
  }
  for (const route of flow.routes.values()) fork(route.id, '', route.go)
  const joined = (sentences: readonly { readonly text: string }[]): string =>
    sentences.map(({ text }) => text).join('')
  return {
    nodes: [
      { id: 'begin', kind: 'entry', name: '', text: flow.title },
      ...[...flow.steps.values()].map(({ id, ask }): DrawnNode => ({
        id,
        kind: 'step',
        name: id,
        text: joined(ask),
      })),
      ...[...flow.routes.keys()].map((id): DrawnNode => ({ id, kind: 'route', name: '', text: id })),
      ...[...flow.ends.values()].map(({ id, say, ticket }): DrawnNode => ({
        id,
        kind: ticket === null ? 'solved' : 'ticket',
        name: id,
        text: joined(say),
      })),
      ...[...others].map((name): DrawnNode => ({ id: idOf(name), kind: 'flow', name: '', text: name })),
    ],
    arrows,
  }
}

/** Draws how all flows hang together: what starts each, which lead to which, and where interrupts go. Pure. */
export function drawMap(content: {
  readonly flows: ReadonlyMap<string, Flow>
  readonly intents: ReadonlyMap<string, Intent>
  readonly interrupts: readonly Interrupt[]
}): Drawing {
  const { flows, intents, interrupts } = content
  const arrows = new Map<string, DrawnArrow>()
  const add = (arrow: DrawnArrow): void => void arrows.set(`${arrow.from} ${arrow.to}`, arrow)
  const startedBy = (flow: string): readonly string[] =>
    [...intents.values()]
      .filter(({ action }) => action.kind === 'flow' && action.flow === flow)
      .map(({ title }) => title)
  for (const { intent, place } of interrupts) {
    const action = intents.get(intent)?.action
    const flow = place?.flow ?? (action?.kind === 'flow' ? action.flow : undefined)
    if (flow !== undefined) add({ from: 'interrupts', to: idOf(flow), label: '' })
  }
  for (const flow of flows.values()) {
    const gos = [
      [{ target: flow.begin }],
      ...[...flow.steps.values()].flatMap((step) => [step.then, ...step.answers.map(({ go }) => go)]),
      ...[...flow.routes.values()].map(({ go }) => go),
    ]
    for (const { target } of gos.flat()) {
      if (target.kind !== 'flow' || target.flow === flow.id) continue
      add({ from: idOf(flow.id), to: idOf(target.flow), label: target.then === undefined ? '' : '↻' })
    }
  }
  return {
    nodes: [
      { id: 'interrupts', kind: 'ticket', name: '', text: '随时打断：扣款、危险、盗刷、自毁' },
      ...[...flows.values()].map(({ id, title }): DrawnNode => {
        const starts = startedBy(id)
        return { id: idOf(id), kind: 'step', name: id, text: starts.length === 0 ? title : starts.join('、') }
      }),
    ],
    arrows: [...arrows.values()],
  }
}

/** Renders a drawing as Mermaid source: steps as boxes, ends and entries as stadiums, other flows as subroutines. Pure. */
export function toMermaid({ nodes, arrows }: Drawing): string {
  const ofKind = (kind: DrawnNode['kind']): readonly string[] =>
    nodes.filter((node) => node.kind === kind).map(({ id }) => id)
  const classed = (name: 'ticket' | 'solved'): readonly string[] =>
    ofKind(name).length > 0 ? [`  class ${ofKind(name).join(',')} ${name}`] : []
  return [
    'flowchart TD',
    ...nodes.map((node) => `  ${node.id}${shapeOf(node)}`),
    ...arrows.map(({ from, to, label, back }) => {
      if (back === true) return `  ${from} -. "${label}" .-> ${to}`
      return label === '' ? `  ${from} --> ${to}` : `  ${from} -- "${escaped(label)}" --> ${to}`
    }),
    '  classDef ticket fill:#fde8e8,stroke:#c53030',
    '  classDef solved fill:#e6f6ec,stroke:#2f855a',
    ...classed('ticket'),
    ...classed('solved'),
  ].join('\n')
}

function shapeOf({ kind, name, text }: DrawnNode): string {
  const label = `"${[name, text]
    .filter((part) => part !== '')
    .map(escaped)
    .join('<br/>')}"`
  switch (kind) {
    case 'step':
      return `[${label}]`
    case 'route':
      return `{${label}}`
    case 'flow':
      return `[[${label}]]`
    case 'entry':
    case 'solved':
    case 'ticket':
      return `([${label}])`
  }
}

function idOf(name: string): string {
  return `flow_${name.replaceAll('@', '_')}`
}

const UNLABELLED: Readonly<Record<GeneralAnswer, string>> = {
  yes: '是',
  no: '否',
  unsure: '不清楚',
  cannot: '做不了',
  anything: '任何回答',
}

/** What the button says, else what kind of answer it is. */
function labelOf({ id, label, means }: Answer): string {
  const [general] = means
  return label ?? (general === undefined ? id : UNLABELLED[general])
}

function escaped(text: string): string {
  return text.replaceAll('"', '#quot;').replaceAll('{', '#123;').replaceAll('}', '#125;')
}
