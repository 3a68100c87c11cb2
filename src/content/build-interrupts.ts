import type { Finding } from '../core/flow/finding.ts'
import type { FlowPlace, Interrupt } from '../core/content.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import type { InterruptsFile } from './schema.ts'

/** What interruptions may lead to: the ids of intents, and flow id → ids of its steps, routes and ends. */
export type Leads = {
  readonly intents: ReadonlySet<string>
  readonly flows: ReadonlyMap<string, ReadonlySet<string>>
}

type Lead = { readonly intent: string; readonly starts?: string | undefined }

/**
 * Turns the file of interruptions into rules, in the order of their urgency. An intent or a place of a flow that
 * does not exist is a finding. Pure.
 */
export function interruptsOf(
  file: InterruptsFile,
  leads: Leads,
): { interrupts: readonly Interrupt[]; findings: readonly Finding[] } {
  const findings = file.interrupts.flatMap((rule, index) => [
    ...unknownIn(rule, ['interrupts', index], leads),
    ...(rule.instead ?? []).flatMap((other, at) =>
      unknownIn(other, ['interrupts', index, 'instead', at], leads),
    ),
  ])
  return { interrupts: file.interrupts.map(interruptOf), findings }
}

function unknownIn({ intent, starts }: Lead, path: Finding['path'], leads: Leads): readonly Finding[] {
  const findings: Finding[] = []
  if (!leads.intents.has(intent)) {
    findings.push(unknown([...path, 'intent'], `intent "${intent}"`, intent, leads.intents))
  }
  if (starts === undefined) return findings
  const { flow, step } = placeIn(starts)
  const places = leads.flows.get(flow)
  const at = [...path, 'starts']
  if (places === undefined) findings.push(unknown(at, `"${starts}"`, flow, leads.flows.keys()))
  else if (!places.has(step)) findings.push(unknown(at, `"${starts}"`, step, places))
  return findings
}

function unknown(path: Finding['path'], what: string, word: string, known: Iterable<string>): Finding {
  const close = didYouMean(word, [...known])
  const hint = close === undefined ? '' : `. Did you mean "${close}"?`
  return { path, rule: 'unknown-id', message: `${what} does not exist${hint}` }
}

function interruptOf(rule: InterruptsFile['interrupts'][number]): Interrupt {
  return {
    id: rule.id,
    intent: rule.intent,
    place: placeOf(rule),
    words: rule.words,
    unless: rule.unless ?? [],
    instead: (rule.instead ?? []).map((other) => ({
      words: other.words,
      intent: other.intent,
      place: placeOf(other),
    })),
    say: rule.say ?? null,
    priority: rule.priority,
    money: rule.money ?? false,
  }
}

function placeOf({ starts }: Lead): FlowPlace | null {
  return starts === undefined ? null : placeIn(starts)
}

function placeIn(starts: string): FlowPlace {
  const [flow = '', step = ''] = starts.split('@')
  return { flow, step }
}
