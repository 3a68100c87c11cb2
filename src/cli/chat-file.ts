import type { Conversation } from '../core/conversation.ts'
import { openQuestion } from '../core/open-question.ts'

/** Writes a conversation in the form of tests/conversations/*.chat, with its end state as the last check. Pure. */
export function renderChatFile(conversation: Conversation): string {
  const lines = conversation.transcript.slice(1).flatMap((line) => {
    if (line.author !== 'merchant' && line.author !== 'bot') return []
    const author = line.author === 'merchant' ? 'merchant>' : 'bot>     '
    return line.text.split('\n').map((text) => `${author} ${text}`)
  })
  const { flow, step } = openQuestion(conversation)
  const ticket = conversation.tickets.at(-1)
  const checks = [
    `[step ${flow === null ? 'none' : `${flow}/${step ?? ''}`}]`,
    `[holder = ${conversation.holder}]`,
    ...(ticket === undefined ? [] : [`[ticket priority=${ticket.priority} reason=${ticket.reason}]`]),
  ]
  return `${lines.join('\n')}\n          ${checks.join(' ')}\n`
}
