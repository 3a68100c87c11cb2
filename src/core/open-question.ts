import type { Asking } from './nlu/entities/extract.ts'
import type { Content } from './content.ts'
import type { Conversation } from './conversation.ts'
import { slotIds } from './turn/collect.ts'

/**
 * The open question of a conversation, as other programs see it (contract.md §3): `step` is `collect` while the
 * facts of a ticket are asked for outside any step. Pure.
 */
export function openQuestion(conversation: Conversation): {
  readonly flow: string | null
  readonly step: string | null
} {
  const { stack, prompt } = conversation.dialogue
  const frame = stack.at(-1)
  if (prompt?.kind === 'collect') return { flow: frame?.flow ?? null, step: 'collect' }
  return { flow: frame?.flow ?? null, step: frame?.step ?? null }
}

/** What the open question wants to know: it decides how bare numbers and names in the answer are read. Pure. */
export function askingOf(conversation: Conversation, content: Pick<Content, 'flows'>): Asking {
  const { stack, prompt } = conversation.dialogue
  if (prompt?.kind === 'collect') return { slots: slotIds(prompt.slots) }
  const frame = stack.at(-1)
  const step = frame === undefined ? undefined : content.flows.get(frame.flow)?.steps.get(frame.step)
  if (step === undefined) return { slots: [] }
  const slots = [...slotIds(step.collect), ...step.answers.flatMap((answer) => answer.gives)]
  return slots.includes('error_code') ? { slots, kind: 'code' } : { slots }
}
