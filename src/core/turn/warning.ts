import type { Content } from '../content.ts'
import type { Conversation } from '../conversation.ts'
import { MASK_NOTICE } from '../privacy/mask.ts'
import type { Draft } from './draft.ts'

/**
 * The turn's words as the lines to send: the warning of a money flow at the head while the result is unknown
 * (domain guide SR2 and §8, 12), never twice and never on a resolution; the masking notice once in a chat.
 */
export function withWarning(draft: Draft): readonly string[] {
  const text = draft.says.join('\n')
  const notice =
    draft.input.hidden && !draft.dialogue.maskNoticeGiven && draft.conversation.holder !== 'agent'
  if (notice) draft.update({ maskNoticeGiven: true })
  // A resolution needs no warning, unless an unfinished money question resumes after it.
  const isOver = draft.resolved && draft.dialogue.stack.length === 0
  const warning = isOver ? null : openWarning(draft)
  const warned = text === '' || warning === null ? text : headed(text, warning)
  if (!notice) return text === '' ? [] : [warned]
  if (text === '') return [MASK_NOTICE]
  // The warning stays the first thing said; a question stays the last.
  return warning === null
    ? [`${MASK_NOTICE}\n${warned}`]
    : [`${warning}${MASK_NOTICE}\n${withoutHead(warned, warning)}`]
}

function openWarning({ warning, content, conversation: { holder }, dialogue }: Draft): string | null {
  if (isResultKnown({ holder, dialogue })) return null
  return warning ?? warningOf(content, { holder, dialogue })
}

type Standing = Pick<Conversation, 'holder' | 'dialogue'>

/** Facts are asked for while the bot keeps the case only after a resolution. */
function isResultKnown({ holder, dialogue }: Standing): boolean {
  return holder === 'bot' && dialogue.prompt?.kind === 'collect'
}

/** The warning that heads whatever is said to a merchant where the talk stands now; null when none does. Pure. */
export function warningOf(content: Pick<Content, 'flows' | 'replies'>, standing: Standing): string | null {
  if (isResultKnown(standing)) return null
  const { stack, prompt, moneyAtRisk } = standing.dialogue
  for (const frame of [...stack].reverse()) {
    const flow = content.flows.get(frame.flow)
    if (flow?.warning == null) continue
    return flow.steps.get(frame.step)?.warns === false && prompt?.kind === 'step' ? null : flow.warning
  }
  // A handed-over money case stays unknown until a human has looked.
  return standing.holder === 'queue' && moneyAtRisk ? content.replies.money_warning : null
}

function headed(text: string, warning: string): string {
  const core = warning.replace(/[，。].*$/u, '')
  // The first sentence may say it in its own words: never twice in one reply.
  const first = text.indexOf('。') + 1
  if (text.slice(0, first).includes(core))
    return text.slice(0, first) + text.slice(first).replaceAll(warning, '')
  return warning + text.replaceAll(warning, '')
}

function withoutHead(text: string, warning: string): string {
  return text.startsWith(warning) ? text.slice(warning.length) : text
}
