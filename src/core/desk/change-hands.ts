import type { Content } from '../content.ts'
import type { Conversation } from '../conversation.ts'
import { AppError } from '../errors.ts'
import type { TicketId } from '../ids.ts'
import { nextProblem } from '../turn/problem.ts'
import { fillTemplate } from '../turn/template.ts'
import {
  type Case,
  changed,
  type DeskAgent,
  heldCase,
  openCase,
  unassigned,
  withLine,
  type NameOf,
} from './open-case.ts'

/** One act of a member of staff on a ticket, at a time (epoch ms). */
export type DeskAct = {
  readonly ticketId: TicketId
  readonly agent: DeskAgent
  readonly now: number
  readonly nameOf: NameOf
  readonly content: Pick<Content, 'replies' | 'slots' | 'flows'>
}

/** Scores a merchant can give, as the choices of the question. */
export const RATING_CHOICES = [1, 2, 3, 4, 5].map((score) => ({ id: String(score), label: `${score}分` }))

/**
 * Gives the conversation to the agent: from here on the bot is silent. Pure. Throws `conflict` when somebody was
 * faster, that is when `version` is not the ticket's any more or somebody holds it.
 */
export function claim(conversation: Conversation | undefined, act: DeskAct, version: number): Conversation {
  const found = openCase(conversation, act.ticketId)
  const { assignee } = found.ticket
  if (assignee !== undefined)
    throw new AppError('conflict', `${act.nameOf(assignee)} was faster and holds this ticket`)
  if (found.ticket.version !== version) {
    throw new AppError('conflict', 'this ticket has changed since you read it; read it again')
  }
  return toAgent(found, act, act.agent, 'agent_joined')
}

/** Puts a held ticket back into the queue. Pure. Throws `conflict` when nobody holds it, or another and `mayMoveAny` is false. */
export function release(
  conversation: Conversation | undefined,
  act: DeskAct,
  mayMoveAny: boolean,
): Conversation {
  const found = mayMoveAny ? openCase(conversation, act.ticketId) : heldCase(conversation, act.ticketId, act)
  if (found.ticket.assignee === undefined) {
    throw new AppError('conflict', 'nobody holds this ticket')
  }
  return backToQueue(found, act, 'agent_left')
}

/** Gives a ticket to another agent. Pure. Throws `conflict` as `release` does, or when that agent has it. */
export function transfer(
  conversation: Conversation | undefined,
  act: DeskAct,
  to: DeskAgent,
  mayMoveAny: boolean,
): Conversation {
  const found = mayMoveAny ? openCase(conversation, act.ticketId) : heldCase(conversation, act.ticketId, act)
  if (found.ticket.assignee === to.id) {
    throw new AppError('conflict', 'this agent has the ticket already')
  }
  return toAgent(found, act, to, found.ticket.assignee === undefined ? 'agent_joined' : 'agent_changed')
}

/** Closes the case: the merchant is told and asked how it was, the bot speaks again. Pure. Throws `conflict`. */
export function resolve(
  conversation: Conversation | undefined,
  act: DeskAct,
  fix: string | undefined,
): Conversation {
  const found = heldCase(conversation, act.ticketId, act)
  return toBot(found, act, 'case_solved', fix === undefined ? {} : { fix })
}

/** Gives the talk back to the bot without a fix. Pure. Throws `conflict`. */
export function handBack(conversation: Conversation | undefined, act: DeskAct): Conversation {
  return toBot(heldCase(conversation, act.ticketId, act), act, 'handed_back', {})
}

/** The case in the queue again, whoever held it; the merchant hears `why`. Pure. */
export function backToQueue(
  found: Case,
  { now, content }: Pick<DeskAct, 'now' | 'content'>,
  why: 'agent_left' | 'agent_silent',
): Conversation {
  const open = changed(unassigned(found), { status: 'open' })
  return withLine(
    { ...open, holder: 'queue', epoch: open.epoch + 1 },
    { author: 'system', text: content.replies[why], at: now },
  )
}

function toAgent(
  found: Case,
  { now, content }: DeskAct,
  to: DeskAgent,
  said: 'agent_joined' | 'agent_changed',
): Conversation {
  const held = changed(found, { status: 'claimed', assignee: to.id })
  const text = fillTemplate(content.replies[said], { name: to.name })
  return withLine(
    {
      ...held,
      holder: 'agent',
      epoch: held.epoch + 1,
      // The flow's open question is on the card; the bot must not go on with it behind the agent's back.
      dialogue: { ...held.dialogue, stack: [], prompt: null, offered: null },
    },
    { author: 'system', text, at: now },
  )
}

function toBot(
  found: Case,
  { now, content }: DeskAct,
  said: 'case_solved' | 'handed_back',
  change: { readonly fix?: string },
): Conversation {
  const { ticket } = found
  const done = changed(found, { ...change, status: 'resolved', resolvedAt: now })
  const fresh = nextProblem(content, done.dialogue)
  const told = withLine(
    { ...done, holder: 'bot', epoch: done.epoch + 1, dialogue: { ...fresh, mood: 'calm', angryTurns: 0 } },
    { author: 'system', text: fillTemplate(content.replies[said], { no: ticket.number }), at: now },
  )
  return askRating(told, content, now)
}

function askRating(conversation: Conversation, content: DeskAct['content'], now: number): Conversation {
  const asked = withLine(conversation, {
    author: 'bot',
    text: content.replies.ask_rating,
    choices: RATING_CHOICES,
    at: now,
  })
  return {
    ...asked,
    dialogue: {
      ...asked.dialogue,
      prompt: { kind: 'rating', scored: false },
      offered: { seq: asked.lastSeq, choices: RATING_CHOICES },
    },
  }
}
