import type { Conversation, Rating, SolvedProblem } from '../core/conversation.ts'
import { openQuestion } from '../core/open-question.ts'
import { getConversation } from './access.ts'
import type { Clock, Store, TicketRow } from './ports.ts'
import type { Viewer } from './staff-sessions.ts'

/** Conversations a page of the history shows. */
const PAGE = 10
/** Tickets of one terminal that are looked through, and those that are shown. */
const MOST_LOOKED_AT = 50
const MOST_SHOWN = 10

/** One conversation of a merchant as the history tells it. */
export type PastConversation = {
  readonly conversation: Conversation
  /** The flow whose question was left open; null when none was. */
  readonly leftIn: string | null
  readonly solved: readonly SolvedProblem[]
  readonly tickets: readonly TicketRow[]
  /** How the merchant liked what the bot did alone. */
  readonly rating?: Rating
}

export type MerchantHistory = {
  readonly conversations: readonly PastConversation[]
  /** Other merchants' tickets about the same terminal, on the first page. */
  readonly sameTerminal: readonly TicketRow[]
  readonly next?: string
}

/**
 * Reads what there was with a conversation's merchant, newest first, this conversation among it; the look is audited.
 * `after` is the cursor of the last page. Throws `not_found`, and `invalid` for a cursor of somebody else.
 */
export async function readHistory(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  viewer: Viewer,
  id: string,
  after: string | undefined,
): Promise<MerchantHistory> {
  const conversation = await getConversation(store, viewer, id)
  const { channel, merchantKey } = conversation
  const page = await store.listConversations(
    { channel, merchantKey },
    { limit: PAGE, ...(after === undefined ? {} : { after }) },
  )
  await store.appendAudit({
    at: clock.now(),
    agentId: viewer.member.id,
    action: 'history',
    detail: conversation.id,
  })
  return {
    conversations: page.conversations.map(pastConversation),
    sameTerminal: after === undefined ? await ticketsOfTerminal(store, conversation) : [],
    ...(page.next === undefined ? {} : { next: page.next }),
  }
}

function pastConversation(conversation: Conversation): PastConversation {
  const { id, channel, epoch, tickets, ratings = [], solvedProblems = [] } = conversation
  const rating = ratings.find(({ ticketId }) => ticketId === undefined)
  return {
    conversation,
    leftIn: openQuestion(conversation).flow,
    solved: solvedProblems,
    tickets: tickets.map((ticket) => {
      const rated = ratings.find(({ ticketId }) => ticketId === ticket.id)
      return { ticket, conversationId: id, channel, epoch, ...(rated === undefined ? {} : { rating: rated }) }
    }),
    ...(rating === undefined ? {} : { rating }),
  }
}

async function ticketsOfTerminal(store: Store, conversation: Conversation): Promise<readonly TicketRow[]> {
  const { dialogue, tickets, merchantKey } = conversation
  const sn = dialogue.slots['terminal_sn'] ?? tickets.at(-1)?.card.slots['terminal_sn']
  if (sn === undefined) return []
  const { rows } = await store.listTickets({ q: String(sn), limit: MOST_LOOKED_AT })
  return rows
    .filter(({ ticket: { card } }) => card.slots['terminal_sn'] === sn && card.merchant.id !== merchantKey)
    .sort((a, b) => b.ticket.createdAt - a.ticket.createdAt)
    .slice(0, MOST_SHOWN)
}
