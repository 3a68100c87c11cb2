import { factsOf, sentences } from '../flow/facts.ts'
import { holds } from '../flow/condition.ts'
import type { End, Flow, TicketPlan } from '../flow/flow.ts'
import { type Priority, REASON_WORDS, type Ticket, type TicketReason, moreUrgent, raised } from '../ticket.ts'
import { dueAt, sooner } from '../desk/staff-time.ts'
import { caseAside, joinedWith } from './case.ts'
import { handoverCard } from './card.ts'
import { missingSlots } from '../flow/missing.ts'
import { askForMissing, sayWhenStaffAreBack } from './collect.ts'
import type { Draft } from './draft.ts'
import { otherProblem } from './other-problem.ts'

/** Slots every hand-over asks for when its plan names none. */
export const GENERIC_COLLECT = ['terminal_id|terminal_sn', 'contact_phone'] as const

const ONLY_TERMINAL = '店里只有这一台机器'

/** Opens the ticket of an end, or brings an open one up to date. Nothing is said here. */
export function openTicket(draft: Draft, flow: Flow | null, plan: TicketPlan): void {
  const priority = priorityOf(draft, flow, plan)
  const open = draft.openTicket()
  if (open === undefined) {
    file(draft, flow, { priority, reason: plan.reason, holder: plan.holder })
    return
  }
  updateTicket(draft, { ...open, priority: moreUrgent(open.priority, priority) }, open.card.priorityReason)
  if (plan.holder === 'queue') toQueue(draft)
}

/** Hands the conversation over for a reason of the talk itself (asked for a human, misunderstood, complaint …). */
export function handOver(draft: Draft, reason: TicketReason, priority: Priority | null): void {
  // Who has told nothing new wants a human for what is registered already.
  const open =
    draft.openTicket() ?? (draft.dialogue.path.length === 0 ? caseAside(draft.conversation) : undefined)
  const frame = draft.dialogue.stack.at(-1)
  const flow = frame === undefined ? null : (draft.content.flows.get(frame.flow) ?? null)
  const plan = flow?.ends.get(flow.escalate)?.ticket
  const ofFlow = flow !== null && plan ? priorityOf(draft, flow, plan) : undefined
  const own = priority === null ? (ofFlow ?? 'P3') : moreUrgent(priority, ofFlow ?? priority)
  if (open === undefined) {
    file(draft, flow, { priority: own, reason, holder: 'queue' })
  } else {
    updateTicket(draft, { ...open, priority: moreUrgent(open.priority, own) }, open.card.priorityReason)
    toQueue(draft)
  }
}

/** Says an end's words, opens its ticket, and asks for the facts that are missing. */
export function escalateTo(draft: Draft, flow: Flow, end: End): void {
  const plan = end.ticket
  if (plan === null) return
  draft.warning = flow.warning
  openTicket(draft, flow, plan)
  const said = sentences(draft.world, draft.dialogue, flow.id, end.say)
  draft.say(said.join(''))
  collectAfter(draft, wantedBy(draft, flow, plan), said.length === 0)
}

/** Hands over without a flow: an intent whose only help is a person. */
export function escalateIntent(draft: Draft, end: End): void {
  const plan = end.ticket
  if (plan === null) return
  openTicket(draft, null, plan)
  const said = sentences(draft.world, draft.dialogue, '', end.say)
  draft.say(said.join(''))
  collectAfter(draft, wantedBy(draft, null, plan), said.length === 0)
}

/** Asks for what the ticket still lacks, or closes with the ticket number. */
export function collectAfter(draft: Draft, collect: readonly string[] | null, generic = false): void {
  const wanted = collect ?? GENERIC_COLLECT
  const missing = missingSlots(wanted, draft.dialogue.slots)
  if (missing.length === 0) {
    finishHandover(draft)
    return
  }
  // The generic words ask for the two facts every case needs; the rest of the set comes in the second turn.
  const first = generic ? missingSlots(GENERIC_COLLECT, draft.dialogue.slots) : []
  const key = generic ? 'generic_escalation' : isMoney(draft) ? 'ask_missing_money' : 'ask_missing'
  draft.say(askForMissing(draft.content, first.length > 0 ? first : missing, key))
  draft.prompt({ kind: 'collect', slots: wanted, asked: 1 })
}

/** Says the ticket number and leaves the flow; a case that stays with the bot goes on to the next question. */
export function finishHandover(draft: Draft): void {
  const other = otherProblem(draft)
  if (other !== undefined && draft.conversation.holder !== 'bot') addToTicket(draft, other.said.trim())
  sayTicketNumber(draft)
  const flow = draft.dialogue.stack.at(-1)?.flow ?? null
  draft.update({ stack: [], prompt: null })
  if (draft.conversation.holder !== 'bot') return
  draft.reply('anything_else')
  draft.prompt({ kind: 'anything_else', flow })
}

/** Tells the number of the open ticket and how its answer will come; its card is brought up to date. */
export function sayTicketNumber(draft: Draft): void {
  const ticket = draft.openTicket()
  if (ticket === undefined) return
  updateTicket(draft, ticket, ticket.card.priorityReason)
  const phone = draft.dialogue.slots['contact_phone']
  if (phone === undefined) draft.reply('ticket_without_phone', { no: ticket.number })
  else draft.reply('ticket_with_phone', { no: ticket.number, phone4: String(phone).slice(-4) })
  sayWhenStaffAreBack(draft)
}

/** Brings the open ticket's card up to date with what was learnt since. */
export function refreshTicket(draft: Draft): void {
  const ticket = draft.openTicket()
  if (ticket !== undefined) updateTicket(draft, ticket, ticket.card.priorityReason)
}

/** Brings the open ticket to at least a priority, with the reason on its card. */
export function urgeTicket(draft: Draft, priority: Priority, why: string): void {
  const ticket = draft.openTicket()
  if (ticket === undefined || moreUrgent(ticket.priority, priority) === ticket.priority) return
  updateTicket(draft, { ...ticket, priority }, `${ticket.card.priorityReason}；${why}`)
  draft.effects.push({ kind: 'ticket.raised', number: ticket.number, priority })
}

/** Raises the open ticket by one level; a second raise changes nothing (domain guide §8, 21). */
export function raiseTicket(draft: Draft, why: string): void {
  const ticket = draft.openTicket()
  if (ticket === undefined || ticket.isRaised) return
  const priority = raised(ticket.priority)
  updateTicket(
    draft,
    { ...ticket, priority, isRaised: true },
    `${ticket.card.priorityReason}；${why}，升一级`,
  )
  draft.effects.push({ kind: 'ticket.raised', number: ticket.number, priority })
}

/** What was just said may raise the ticket that is open already: the shop has no other terminal, or others fail too. */
export function raiseForNotes(draft: Draft): void {
  for (const why of raisesOf(draft, draft.openTicket()?.flow ?? null)) {
    const ticket = draft.openTicket()
    if (ticket === undefined || ticket.card.priorityReason.includes(why)) continue
    // Raises do not add up, but staff must read every reason.
    if (ticket.isRaised) updateTicket(draft, ticket, `${ticket.card.priorityReason}；${why}`)
    else raiseTicket(draft, why)
  }
}

/** Slots that an end's ticket wants in this case; null for the two every hand-over asks for. */
export function wantedBy(draft: Draft, flow: Flow | null, plan: TicketPlan): readonly string[] | null {
  const facts = factsOf(draft.world, draft.dialogue, flow?.id ?? '')
  return plan.collect.find(({ when }) => when === undefined || holds(when, facts))?.slots ?? null
}

/** Why a ticket of a flow is one level more urgent, in words for the card. */
function raisesOf(draft: Draft, flow: string | null): readonly string[] {
  const { notes } = draft.dialogue
  const told = [...(draft.content.flows.get(flow ?? '')?.raises ?? [])].flatMap(([note, why]) =>
    notes[note] === 'yes' ? [why] : [],
  )
  return notes['only_terminal'] === 'yes' ? [ONLY_TERMINAL, ...told] : told
}

/** Adds something told later to the open ticket. */
export function addToTicket(draft: Draft, said: string): void {
  const ticket = draft.openTicket()
  if (ticket === undefined) return
  updateTicket(draft, { ...ticket, additions: [...ticket.additions, said] }, ticket.card.priorityReason)
}

function file(
  draft: Draft,
  flow: Flow | null,
  decided: {
    readonly priority: Priority
    readonly reason: TicketReason
    readonly holder: TicketPlan['holder']
  },
): void {
  const { reason } = decided
  const { now, ticketId, ticketNumber } = draft.context
  const frame = draft.dialogue.stack.at(-1)
  const flowId = flow?.id ?? frame?.flow ?? null
  const raises = raisesOf(draft, flowId)
  const isRaised = raises.length > 0
  const priority = isRaised ? raised(decided.priority) : decided.priority
  const priorityReason = [REASON_WORDS[reason], ...raises].join('；') + (isRaised ? '，升一级' : '')
  const fresh: Ticket = {
    id: ticketId,
    number: ticketNumber,
    status: 'open',
    priority,
    reason,
    intent: draft.dialogue.intent ?? draft.intent.intent,
    flow: flowId,
    lastStep: frame?.step === '' ? null : (frame?.step ?? null),
    createdAt: now,
    dueAt: dueAt('answer', priority, now, draft.content),
    solveBy: dueAt('solution', priority, now, draft.content),
    version: 1,
    isRaised,
    card: handoverCard(draft.content, draft.conversation, draft.dialogue, {
      flow: flowId,
      priority,
      priorityReason,
    }),
    additions: [],
  }
  const { tickets } = draft.conversation
  const aside = caseAside(draft.conversation)
  if (aside === undefined) {
    draft.conversation = { ...draft.conversation, tickets: [...tickets, fresh] }
    draft.effects.push({ kind: 'ticket.opened', number: ticketNumber, priority, reason })
  } else {
    const joined = joinedWith(draft.content, aside, fresh)
    draft.conversation = {
      ...draft.conversation,
      tickets: tickets.map((other) => (other.id === aside.id ? joined : other)),
    }
    draft.effects.push({ kind: 'ticket.raised', number: joined.number, priority: joined.priority })
  }
  if (decided.holder === 'queue') toQueue(draft)
}

function toQueue(draft: Draft): void {
  if (draft.conversation.holder !== 'bot') return
  const epoch = draft.conversation.epoch + 1
  draft.conversation = { ...draft.conversation, holder: 'queue', epoch }
  draft.effects.push({ kind: 'conversation.handed_off', epoch })
}

function updateTicket(draft: Draft, ticket: Ticket, priorityReason: string): void {
  // The case may have been opened in an earlier flow: its card keeps that flow and adds what came later.
  const card = handoverCard(draft.content, draft.conversation, draft.dialogue, {
    flow: ticket.flow,
    priority: ticket.priority,
    priorityReason,
  })
  // Once the problem is over its talk is on the card only.
  const isOver = draft.dialogue.path.length === 0 && ticket.card.path.length > 0
  const { path, triedSteps, slots } = ticket.card
  const learnt = isOver ? { ...card, path, triedSteps, slots: { ...slots, ...card.slots } } : card
  const changed: Ticket = {
    ...ticket,
    version: ticket.version + 1,
    ...sooner(ticket, ticket.priority, draft.content),
    card: {
      // Once the question is closed, the card still says where a technician would go on.
      ...(ticket.card.nextUntriedStep === undefined ? {} : { nextUntriedStep: ticket.card.nextUntriedStep }),
      ...learnt,
      intent: ticket.intent,
      confidence: ticket.card.confidence,
    },
  }
  draft.conversation = {
    ...draft.conversation,
    tickets: draft.conversation.tickets.map((other) => (other.id === ticket.id ? changed : other)),
  }
}

function priorityOf(draft: Draft, flow: Flow | null, plan: TicketPlan): Priority {
  const facts = factsOf(draft.world, draft.dialogue, flow?.id ?? '')
  return plan.priority.find(({ when }) => when === undefined || holds(when, facts))?.priority ?? 'P3'
}

function isMoney(draft: Draft): boolean {
  return draft.dialogue.stack.some((frame) => draft.content.flows.get(frame.flow)?.money === true)
}
