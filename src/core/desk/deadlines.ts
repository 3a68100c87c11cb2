import type { Content } from '../content.ts'
import type { Conversation, Deadline } from '../conversation.ts'
import type { Ticket } from '../ticket.ts'
import { nextProblem } from '../turn/problem.ts'
import { fillTemplate } from '../turn/template.ts'
import { warningOf } from '../turn/warning.ts'
import { backToQueue } from './change-hands.ts'
import { changed, withLine } from './open-case.ts'

type Settings = Pick<Content, 'provider'>
const MINUTE_MS = 60_000

/** The conversation with what is due next, worked out from where it stands. Called after every change. Pure. */
export function withDeadlines(conversation: Conversation, settings: Settings): Conversation {
  return { ...conversation, deadlines: deadlinesOf(conversation, settings) }
}

/** When the deadline loop must look at a conversation again, epoch ms; undefined when nothing is due. Pure. */
export function nextDeadline({ deadlines = [] }: Conversation): number | undefined {
  return deadlines.length === 0 ? undefined : Math.min(...deadlines.map(({ at }) => at))
}

/**
 * Does what is due: each deadline does its deed once and is gone, since the deed changes where the conversation
 * stands. Pure. Gives the same conversation back when nothing is due.
 */
export function fireDeadlines(
  conversation: Conversation,
  content: Pick<Content, 'provider' | 'replies' | 'slots' | 'flows'>,
  now: number,
): { readonly conversation: Conversation; readonly fired: readonly Deadline['kind'][] } {
  const fired: Deadline['kind'][] = []
  let state = conversation
  for (;;) {
    const due = (state.deadlines ?? []).find(({ at }) => at <= now)
    if (due === undefined) return { conversation: state, fired }
    fired.push(due.kind)
    state = withDeadlines(fire(state, due.kind, content, now), content)
  }
}

function deadlinesOf(conversation: Conversation, { provider }: Settings): readonly Deadline[] {
  const found: Deadline[] = []
  const ticket = openTicketOf(conversation)
  if (ticket !== undefined && ticket.answeredAt === undefined && ticket.isLate !== true) {
    found.push({ kind: 'first_answer', at: ticket.dueAt })
  }
  if (conversation.holder === 'agent' && ticket?.status === 'claimed') {
    found.push({ kind: 'agent_silent', at: waitingSince(conversation) + provider.silence.agent * MINUTE_MS })
  }
  if (conversation.holder === 'bot' && isMidFlow(conversation)) {
    const { askedStillThereAt: asked } = conversation
    const last = conversation.updatedAt
    if (asked === undefined) {
      found.push({ kind: 'merchant_silent', at: last + provider.silence.merchantAsked * MINUTE_MS })
    } else {
      found.push({ kind: 'merchant_gone', at: asked + provider.silence.merchantGone * MINUTE_MS })
    }
  }
  return found
}

function fire(
  conversation: Conversation,
  kind: Deadline['kind'],
  content: Pick<Content, 'provider' | 'replies' | 'slots' | 'flows'>,
  now: number,
): Conversation {
  const ticket = openTicketOf(conversation)
  // A payment without a result stays one, however long nobody has said anything (domain guide SR2).
  const warned = (text: string): string => `${warningOf(content, conversation) ?? ''}${text}`
  switch (kind) {
    case 'first_answer': {
      if (ticket === undefined) return conversation
      const late = changed({ conversation, ticket }, { isLate: true })
      if (late.holder !== 'queue') return late
      const text = fillTemplate(content.replies.still_waiting, { no: ticket.number })
      return withLine(late, { author: 'system', text: warned(text), at: now })
    }
    case 'agent_silent':
      return ticket === undefined
        ? conversation
        : backToQueue({ conversation, ticket }, { now, content }, kind)
    case 'merchant_silent': {
      const text = warned(content.replies.still_there)
      return { ...withLine(conversation, { author: 'bot', text, at: now }), askedStillThereAt: now }
    }
    case 'merchant_gone': {
      const text = warned(content.replies.gone_quiet)
      const { askedStillThereAt, ...told } = withLine(conversation, { author: 'bot', text, at: now })
      void askedStillThereAt
      return { ...told, dialogue: nextProblem(content, told.dialogue) }
    }
  }
}

function isMidFlow({ dialogue }: Conversation): boolean {
  return dialogue.stack.length > 0 && dialogue.prompt !== null
}

function openTicketOf({ tickets }: Conversation): Ticket | undefined {
  return tickets.find(({ status }) => status !== 'resolved')
}

/** Since when the merchant waits for the agent: their first line after the agent's last word, or the take-over. */
function waitingSince({ transcript, updatedAt }: Conversation): number {
  let since = updatedAt
  for (const line of [...transcript].reverse()) {
    if (line.author === 'agent') break
    since = line.at
    if (line.author === 'system') break
  }
  return since
}
