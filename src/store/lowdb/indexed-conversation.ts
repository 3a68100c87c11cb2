import { z } from 'zod'
import type { MerchantAddress } from '../../app/ports.ts'
import type { Conversation } from '../../core/conversation.ts'
import { nextDeadline } from '../../core/desk/deadlines.ts'
import { countUnsent, nextOutgoing } from '../../core/outbox.ts'
import { TICKET_REASONS } from '../../core/ticket.ts'
import type { Ticket } from '../../core/ticket.ts'
import {
  agentIdSchema,
  channelSchema,
  conversationIdSchema,
  holderSchema,
  prioritySchema,
  ticketIdSchema,
  ticketSchema,
  ticketStatusSchema,
} from './schema.ts'

const indexedTicketSchema = z.strictObject({
  id: ticketIdSchema,
  status: ticketStatusSchema,
  priority: prioritySchema,
  createdAt: z.number(),
  assignee: z.exactOptional(agentIdSchema),
  search: z.string(),
  reason: z.enum(TICKET_REASONS),
  answeredAt: z.exactOptional(z.number()),
  open: z.exactOptional(ticketSchema),
})

export const indexedConversationSchema = z.strictObject({
  id: conversationIdSchema,
  stamp: z.string(),
  channel: channelSchema,
  merchantKey: z.string(),
  conversations: z.number(),
  createdAt: z.number(),
  lastSeq: z.number(),
  holder: holderSchema,
  epoch: z.number(),
  previous: z.exactOptional(conversationIdSchema),
  tickets: z.array(indexedTicketSchema),
  /** When the deadline loop must look at it. */
  due: z.exactOptional(z.number()),
  /** When its outbox must be looked at. */
  outgoing: z.exactOptional(z.number()),
  /** Number of lines that have not arrived for sure. */
  unsent: z.exactOptional(z.number()),
  solved: z.number(),
  scores: z.array(z.number()),
})

/** What the desk's lists need of a ticket. Work that is open is there whole; the rest is read from its file. */
export type IndexedTicket = Readonly<z.infer<typeof indexedTicketSchema>>

/** What is known of a conversation without reading its file. `stamp` is the file's version. */
export type IndexedConversation = Readonly<z.infer<typeof indexedConversationSchema>>

/** The index's knowledge of one version of a conversation's file. Pure. */
export function indexedConversation(conversation: Conversation, stamp: string): IndexedConversation {
  const { id, channel, merchantKey, conversations, createdAt, lastSeq, holder, epoch, previous } =
    conversation
  const due = nextDeadline(conversation)
  const outgoing = nextOutgoing(conversation)
  const unsent = countUnsent(conversation)
  return {
    id,
    stamp,
    channel,
    merchantKey,
    conversations,
    createdAt,
    lastSeq,
    holder,
    epoch,
    ...(previous === undefined ? {} : { previous }),
    tickets: conversation.tickets.map((ticket) => indexedTicket(ticket, merchantKey)),
    ...(due === undefined ? {} : { due }),
    ...(outgoing === undefined ? {} : { outgoing }),
    ...(unsent === 0 ? {} : { unsent }),
    solved: conversation.solved ?? 0,
    scores: (conversation.ratings ?? []).map(({ score }) => score),
  }
}

/** One string per merchant. Pure. */
export function addressKey(address: MerchantAddress): string {
  return `${address.channel} ${address.merchantKey}`
}

/** Says whether `a` is the later conversation of the same merchant. Pure. */
export function isLater(a: IndexedConversation, b: IndexedConversation): boolean {
  if (a.conversations !== b.conversations) return a.conversations > b.conversations
  if (a.createdAt !== b.createdAt) return a.createdAt > b.createdAt
  return a.id > b.id
}

function indexedTicket(ticket: Ticket, merchantKey: string): IndexedTicket {
  const { id, status, priority, createdAt, assignee, reason, answeredAt } = ticket
  const words = [ticket.number, ticket.intent, merchantKey, ...Object.values(ticket.card.slots)]
  return {
    id,
    status,
    priority,
    createdAt,
    ...(assignee === undefined ? {} : { assignee }),
    reason,
    ...(answeredAt === undefined ? {} : { answeredAt }),
    // A line break between the words, so that no search matches across two of them.
    search: words.join('\n').toLowerCase(),
    ...(status === 'resolved' ? {} : { open: ticket }),
  }
}
