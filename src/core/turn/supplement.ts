import type { Ticket } from '../ticket.ts'
import { caseAside } from './case.ts'
import type { Draft } from './draft.ts'
import { fillSlots } from './problem.ts'

/**
 * Adds what the merchant tells later, a fact or words he left out, to the ticket whose conversation stayed with the
 * bot (domain guide §8, 23). Returns true when the message was that, and not another problem.
 */
export function supplement(draft: Draft): boolean {
  const ticket = caseAside(draft.conversation)
  if (ticket === undefined || draft.text.trim() === '') return false
  const leftOut = draft.content.supplements.some((words) => draft.text.includes(words))
  if (isAnotherMatter(draft, ticket, leftOut)) return false
  const before = draft.dialogue.slots
  // Digits of a card are kept where the case is about a payment, as they are while a money flow is open.
  const filled = fillSlots(draft, ticket.reason === 'money_at_risk' ? ['card_last4'] : [], true)
  const facts = filled.filter((slot) => leftOut || belongsTo(draft, ticket, slot))
  const isRaised = draft.effects.some((effect) => effect.kind === 'ticket.raised')
  if (facts.length === 0 && !leftOut && !isRaised) {
    draft.update({ slots: before })
    return false
  }
  add(draft, ticket, facts)
  draft.reply('added_to_ticket', { no: ticket.number })
  return true
}

/** Tells whether a message is about another problem than the ticket that stayed with the bot. Pure. */
export function isAnotherProblem(draft: Draft): boolean {
  const ticket = caseAside(draft.conversation)
  return ticket !== undefined && isAnotherMatter(draft, ticket, false)
}

/** A problem with a flow of its own, or a question; what was left out of this case belongs to it all the same. */
function isAnotherMatter(draft: Draft, ticket: Ticket, leftOut: boolean): boolean {
  const { intent: id, decision } = draft.input.understanding
  const action = draft.content.intents.get(id)?.action
  if (decision !== 'accept' || action === undefined || id === ticket.intent) return false
  if (action.kind === 'flow') return action.flow !== ticket.flow
  return action.kind !== 'conversational' && !leftOut && id !== 'contact_support'
}

/** What belongs to the shop and its terminal; an amount or a day only where the case is about a payment. */
function belongsTo(draft: Draft, { reason }: Ticket, slot: string): boolean {
  return draft.content.slots.get(slot)?.lasting === true || reason === 'money_at_risk'
}

/** The card keeps what it was opened with: by now the talk may be about something else. */
function add(draft: Draft, ticket: Ticket, facts: readonly string[]): void {
  const { slots } = draft.dialogue
  const told = Object.entries(slots).filter(([slot]) => facts.includes(slot))
  const changed: Ticket = {
    ...ticket,
    version: ticket.version + 1,
    card: { ...ticket.card, slots: { ...ticket.card.slots, ...Object.fromEntries(told) } },
    additions: [...ticket.additions, draft.text],
  }
  draft.conversation = {
    ...draft.conversation,
    tickets: draft.conversation.tickets.map((other) => (other.id === ticket.id ? changed : other)),
  }
  const lasting = told.filter(([slot]) => draft.content.slots.get(slot)?.lasting === true)
  const { dialogue } = draft.conversation
  draft.update({ heard: dialogue.heard, slots: { ...dialogue.slots, ...Object.fromEntries(lasting) } })
}
