import type { Content } from '../content.ts'
import type { Conversation, Deadline } from '../conversation.ts'
import { isErasable } from '../erase.ts'
import { mayBotPush } from '../quota.ts'
import type { Ticket } from '../ticket.ts'
import { handOverUnanswered } from '../turn.ts'
import type { TurnContext } from '../turn/draft.ts'
import type { TranscriptLine } from '../transcript.ts'
import { nextProblem } from '../turn/problem.ts'
import { fillTemplate } from '../turn/template.ts'
import { warningOf } from '../turn/warning.ts'
import { backToQueue } from './change-hands.ts'
import { changed, withLine } from './open-case.ts'
import { afterStaffMinutes, isStaffed, sayWhen, type StaffTime, staffedFrom } from './staff-time.ts'

type Settings = StaffTime
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
 * stands. `context` lends the number of a ticket that may have to be opened. Pure. Gives the same conversation back when nothing is due.
 */
export function fireDeadlines(
  conversation: Conversation,
  content: Content,
  context: TurnContext,
): { readonly conversation: Conversation; readonly fired: readonly Deadline['kind'][] } {
  const fired: Deadline['kind'][] = []
  let state = conversation
  for (;;) {
    // What is personal goes by a rewrite of all a merchant's files, not by a turn.
    const due = (state.deadlines ?? []).find(({ kind, at }) => kind !== 'erase' && at <= context.now)
    if (due === undefined) return { conversation: state, fired }
    fired.push(due.kind)
    state = withDeadlines(fire(state, due.kind, content, context), content)
  }
}

function deadlinesOf(conversation: Conversation, time: Settings): readonly Deadline[] {
  const { leftAt } = conversation
  if (leftAt !== undefined && isErasable(conversation)) return [{ kind: 'erase', at: leftAt }]
  const found: Deadline[] = []
  const { silence } = time.provider
  const ticket = openTicketOf(conversation)
  if (ticket !== undefined && ticket.answeredAt === undefined && ticket.isLate !== true) {
    found.push({ kind: 'first_answer', at: ticket.dueAt })
  }
  if (ticket?.solveBy !== undefined && ticket.isOverdue !== true) {
    found.push({ kind: 'solution', at: ticket.solveBy })
  }
  if (conversation.holder === 'agent' && ticket?.status === 'claimed') {
    const since = waitingSince(conversation)
    const isAnyHour = ticket.priority === 'P1'
    found.push({
      kind: 'agent_silent',
      at: isAnyHour ? since + silence.agent * MINUTE_MS : afterStaffMinutes(since, silence.agent, time),
    })
    const unheard = isAnyHour ? undefined : unheardSince(conversation, time)
    if (unheard !== undefined) found.push({ kind: 'after_hours', at: unheard })
  }
  if (conversation.holder === 'bot' && isMidFlow(conversation)) {
    const { askedStillThereAt: asked } = conversation
    const last = conversation.updatedAt
    if (asked === undefined) {
      found.push({ kind: 'merchant_silent', at: last + silence.merchantAsked * MINUTE_MS })
    } else {
      found.push({ kind: 'merchant_gone', at: asked + silence.merchantGone * MINUTE_MS })
    }
  }
  return found
}

function fire(
  conversation: Conversation,
  kind: Deadline['kind'],
  content: Content,
  context: TurnContext,
): Conversation {
  const { now } = context
  const ticket = openTicketOf(conversation)
  // A payment without a result stays one, however long nobody has said anything (domain guide SR2).
  const warned = (text: string): string => `${warningOf(content, conversation) ?? ''}${text}`
  // Where messages are counted, the last ones are the staff's: then nothing is said that nobody asked for.
  const volunteer = (to: Conversation, author: TranscriptLine['author'], text: string): Conversation =>
    mayBotPush(to.quota, now) ? withLine(to, { author, text: warned(text), at: now }) : to
  switch (kind) {
    case 'first_answer': {
      if (ticket === undefined) return conversation
      const late = changed({ conversation, ticket }, { isLate: true })
      if (late.holder !== 'queue') return late
      const text = fillTemplate(content.replies.still_waiting, { no: ticket.number })
      return volunteer(late, 'system', text)
    }
    case 'solution':
      return ticket === undefined ? conversation : changed({ conversation, ticket }, { isOverdue: true })
    case 'after_hours': {
      const text = fillTemplate(content.replies.after_hours, {
        when: sayWhen(staffedFrom(now, content), now),
      })
      return { ...volunteer(conversation, 'system', text), toldAfterHoursAt: now }
    }
    case 'agent_silent':
      return ticket === undefined
        ? conversation
        : backToQueue({ conversation, ticket }, { now, content }, kind)
    case 'merchant_silent': {
      const asked = volunteer(conversation, 'bot', content.replies.still_there)
      return { ...asked, askedStillThereAt: now }
    }
    case 'erase':
      return conversation
    case 'merchant_gone': {
      const { askedStillThereAt, ...gone } = conversation
      void askedStillThereAt
      const isUnsettled = warningOf(content, conversation) !== null && ticket === undefined
      if (isUnsettled) return handOverUnanswered(gone, content, context)
      const told = volunteer(gone, 'bot', content.replies.gone_quiet)
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

/** When a merchant wrote to an agent who has gone home, unless the merchant was told so since the desk closed. */
function unheardSince(
  { transcript, toldAfterHoursAt: told }: Conversation,
  time: StaffTime,
): number | undefined {
  const last = transcript.at(-1)
  if (last?.author !== 'merchant' || isStaffed(last.at, time)) return undefined
  const isTold = told !== undefined && staffedFrom(told, time) === staffedFrom(last.at, time)
  return isTold ? undefined : last.at
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
