import type { Intent, IntentAction } from '../core/content.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import type { Finding } from '../core/flow/finding.ts'
import type { End } from '../core/flow/flow.ts'
import { FlowBuilder } from './build-flow.ts'
import type { Surroundings } from './surroundings.ts'
import type { FlowFile, IntentFile } from './schema.ts'

/** Intents use the same sentences and tickets as flows, outside any flow. */
const NO_FLOW: FlowFile = {
  flow: 'none',
  title: '-',
  source: [],
  begin: '',
  escalate: '',
  steps: {},
  ends: {},
}

/** Resolves the names of an intent file. Gives the intent, and what is wrong with it. */
export function buildIntent(
  file: IntentFile,
  around: Surroundings,
): { readonly intent: Intent; readonly findings: readonly Finding[] } {
  const builder = new FlowBuilder(NO_FLOW, around)
  const intent: Intent = {
    id: file.intent,
    title: file.title,
    action: actionOf(file, builder),
    set: builder.settings(file.set ?? {}, ['set']),
  }
  return { intent, findings: [...oneWay(file), ...knownStart(file, around), ...builder.findings] }
}

function actionOf(file: IntentFile, builder: FlowBuilder): IntentAction {
  if (file.starts !== undefined) {
    const [flow = '', step] = file.starts.split('@')
    return { kind: 'flow', flow, ...(step === undefined ? {} : { step }) }
  }
  if (file.answers !== undefined) return { kind: 'answer', text: file.answers }
  if (file.hands_over === undefined) return { kind: 'conversational' }
  const { say, ...ticket } = file.hands_over
  const end: End = {
    id: `E_${file.intent}`,
    say: builder.sentencesOf(say, ['hands_over', 'say']),
    ticket: builder.ticket(ticket, ['hands_over']),
    source: file.source ?? [],
  }
  return { kind: 'ticket', end }
}

function oneWay({ intent, kind, starts, answers, hands_over }: IntentFile): readonly Finding[] {
  const ways = [starts, answers, hands_over].filter((way) => way !== undefined)
  if (ways.length === (kind === 'conversational' ? 0 : 1)) return []
  const message =
    kind === 'conversational'
      ? `"${intent}" is conversational: the bot itself answers it, so it has no "starts", "answers" or "hands_over"`
      : `"${intent}" needs exactly one of "starts" (a flow), "answers" (one text) or "hands_over" (a ticket)`
  return [{ path: ['intent'], rule: 'intent-action', message }]
}

function knownStart({ starts }: IntentFile, around: Surroundings): readonly Finding[] {
  if (starts === undefined) return []
  const [flow = '', step] = starts.split('@')
  const places = around.flows.get(flow)
  if (places !== undefined && (step === undefined || places.has(step))) return []
  const close = didYouMean(places === undefined ? flow : (step ?? ''), [...(places ?? around.flows.keys())])
  const hint = close === undefined ? '' : `. Did you mean "${close}"?`
  return [{ path: ['starts'], rule: 'unknown-id', message: `"${starts}" does not exist${hint}` }]
}
