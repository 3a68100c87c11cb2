import type { Content } from '../content.ts'
import type { Conversation, Dialogue } from '../conversation.ts'
import type { HandoverCard, Priority } from '../ticket.ts'

/**
 * Makes the hand-over card: everything learnt, so that a human can act at once and asks nothing again.
 * Pure. Texts in it are masked; only `contact_phone` among the slots is whole.
 */
export function handoverCard(
  content: Content,
  conversation: Conversation,
  dialogue: Dialogue,
  decided: { readonly flow: string | null; readonly priority: Priority; readonly priorityReason: string },
): HandoverCard {
  const open = dialogue.stack.at(-1)
  const code = dialogue.slots['error_code']
  const entry = code === undefined ? undefined : content.lexicon.codes.get(String(code))
  const next = nextUntriedStep(content, dialogue)
  return {
    intent: dialogue.intent ?? 'out_of_scope',
    confidence: dialogue.confidence,
    flow: decided.flow ?? open?.flow ?? null,
    path: dialogue.path.map(({ step, question, answer, said }) => ({ step, question, answer, said })),
    triedSteps: dialogue.triedSteps,
    ...(next === undefined ? {} : { nextUntriedStep: next }),
    slots: dialogue.slots,
    ...(entry === undefined
      ? {}
      : { responseCode: { code: entry.code, meaning: entry.meaning, class: entry.class } }),
    moneyAtRisk: dialogue.moneyAtRisk,
    mood: dialogue.mood,
    priority: decided.priority,
    priorityReason: decided.priorityReason,
    merchant: {
      id: conversation.merchantKey,
      channel: conversation.channel,
      ...(dialogue.slots['contact_name'] === undefined
        ? {}
        : { name: String(dialogue.slots['contact_name']) }),
      conversations: conversation.conversations,
    },
  }
}

/** The open question, unless it was answered: where a technician on the phone would go on. */
function nextUntriedStep(content: Content, dialogue: Dialogue): string | undefined {
  const frame = dialogue.stack.at(-1)
  if (frame === undefined) return undefined
  const step = content.flows.get(frame.flow)?.steps.get(frame.step)
  if (step === undefined || step.collect.length > 0) return undefined
  return dialogue.answers[`${frame.flow}/${frame.step}`] === undefined ? step.id : undefined
}
