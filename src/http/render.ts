import type { z } from 'zod'
import type { Deliveries } from '../app/deliveries.ts'
import type { StaffMember, TicketRow } from '../app/ports.ts'
import type { ConversationView } from '../app/read-conversation.ts'
import type { MerchantHistory, PastConversation } from '../app/read-history.ts'
import type { LinesPage } from '../app/read-lines.ts'
import type { Viewer } from '../app/staff-sessions.ts'
import type { Rating } from '../core/conversation.ts'
import type { QuotaLeft } from '../core/quota.ts'
import type { HandoverCard } from '../core/ticket.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type {
  ConversationAnswer,
  HistoryAnswer,
  MeAnswer,
  MovedTicketAnswer,
  TicketAnswer,
  TicketsAnswer,
} from './schema.ts'
import type { MessagesAnswer } from './widget-schema.ts'

type TicketJson = z.output<typeof TicketsAnswer>['tickets'][number]

export function renderMessages({
  lines,
  lastSeq,
  processedSeq,
  holder,
  waiting,
  serving,
  readSeq,
  rateable,
}: LinesPage): z.output<typeof MessagesAnswer> {
  return {
    messages: lines.map(renderLine),
    lastSeq,
    processedSeq,
    holder,
    ...(waiting && { waiting }),
    ...(serving && { serving }),
    ...(readSeq !== undefined && { readSeq }),
    ...(rateable !== undefined && { rateable }),
  }
}

export function renderMe({ member, csrfToken }: Viewer): z.output<typeof MeAnswer> {
  return { agent: { id: member.id, name: member.name, role: member.role }, csrfToken }
}

export function renderTickets(
  page: { readonly rows: readonly TicketRow[]; readonly next?: string },
  staff: readonly StaffMember[],
): z.output<typeof TicketsAnswer> {
  return { tickets: page.rows.map((row) => renderTicket(row, staff)), next: page.next ?? null }
}

export function renderMovedTicket(
  row: TicketRow,
  staff: readonly StaffMember[],
): z.output<typeof MovedTicketAnswer> {
  return { ticket: renderTicket(row, staff) }
}

export function renderTicketWithTranscript(
  row: TicketRow,
  told: {
    readonly transcript: readonly TranscriptLine[]
    readonly deliveries: Deliveries
    readonly readSeq?: number
    readonly quota?: QuotaLeft
  },
  staff: readonly StaffMember[],
): z.output<typeof TicketAnswer> {
  const { card, notes = [], additions } = row.ticket
  return {
    ticket: renderTicket(row, staff),
    card: renderCard(card),
    transcript: renderTranscript(told),
    notes: notes.map(({ seq, name, text, at }) => ({ seq, name, text, at: new Date(at).toISOString() })),
    additions: [...additions],
    ...(told.readSeq !== undefined && { readSeq: told.readSeq }),
    ...renderQuota(told.quota),
  }
}

export function renderConversation(view: ConversationView): z.output<typeof ConversationAnswer> {
  const { conversation, flow, step, slots } = view
  const ticketId = conversation.tickets.at(-1)?.id
  return {
    conversation: {
      id: conversation.id,
      channel: conversation.channel,
      holder: conversation.holder,
      flow,
      step,
      slots: { ...slots },
      triedSteps: [...conversation.dialogue.triedSteps],
      ...(ticketId && { ticketId }),
      ...renderQuota(view.quota),
    },
    transcript: renderTranscript(view),
  }
}

function renderQuota(quota: QuotaLeft | undefined): Pick<z.output<typeof TicketAnswer>, 'quota'> {
  if (quota === undefined) return {}
  const { remaining, windowEndsAt } = quota
  return {
    quota: { remaining, windowEndsAt: windowEndsAt === null ? null : new Date(windowEndsAt).toISOString() },
  }
}

function renderTranscript({
  transcript,
  deliveries,
}: {
  readonly transcript: readonly TranscriptLine[]
  readonly deliveries: Deliveries
}): z.output<typeof TicketAnswer>['transcript'] {
  return transcript.map((line) => {
    const entry = deliveries.get(line.seq)
    if (entry === undefined) return renderLine(line)
    const { state, reason } = entry
    return { ...renderLine(line), delivery: { state, ...(reason !== undefined && { reason }) } }
  })
}

/** A ticket with its card, as exports hold it. */
export function renderExportedTicket(row: TicketRow, staff: readonly StaffMember[]): object {
  const { card, additions } = row.ticket
  return { ...renderTicket(row, staff), card: renderCard(card), additions: [...additions] }
}

export function renderHistory(
  { conversations, sameTerminal, next }: MerchantHistory,
  staff: readonly StaffMember[],
): z.output<typeof HistoryAnswer> {
  return {
    conversations: conversations.map((past) => renderPast(past, staff)),
    sameTerminal: sameTerminal.map((row) => renderTicket(row, staff)),
    next: next ?? null,
  }
}

function renderPast(
  { conversation, leftIn, solved, tickets, rating }: PastConversation,
  staff: readonly StaffMember[],
): z.output<typeof HistoryAnswer>['conversations'][number] {
  const { id, channel, createdAt, updatedAt, dialogue } = conversation
  return {
    id,
    channel,
    startedAt: new Date(createdAt).toISOString(),
    lastAt: new Date(updatedAt).toISOString(),
    intent: dialogue.intent,
    leftIn,
    solved: solved.map(({ intent, flow, at }) => ({ intent, flow, at: new Date(at).toISOString() })),
    tickets: tickets.map((row) => renderTicket(row, staff)),
    ...(rating && { rating: renderRating(rating) }),
  }
}

function renderRating({ score, comment, at }: Rating): NonNullable<TicketJson['rating']> {
  return { score, ...(comment !== undefined && { comment }), at: new Date(at).toISOString() }
}

function renderLine({
  seq,
  author,
  text,
  name,
  choices,
  attachments,
  at,
}: TranscriptLine): z.output<typeof MessagesAnswer>['messages'][number] {
  return {
    seq,
    author,
    text,
    ...(name !== undefined && { name }),
    ...(choices && { choices: choices.map(({ id, label }) => ({ id, label })) }),
    ...(attachments && { attachments: attachments.map((picture) => ({ ...picture })) }),
    at: new Date(at).toISOString(),
  }
}

function renderTicket(
  { ticket, conversationId, channel, epoch, rating }: TicketRow,
  staff: readonly StaffMember[],
): TicketJson {
  const { answeredAt, resolvedAt, fix, isLate, isOverdue, solveBy, assignee } = ticket
  const assigneeName = staff.find(({ id }) => id === assignee)?.name
  return {
    id: ticket.id,
    number: ticket.number,
    epoch,
    status: ticket.status,
    priority: ticket.priority,
    reason: ticket.reason,
    intent: ticket.intent,
    flow: ticket.flow,
    lastStep: ticket.lastStep,
    ...(assignee && { assignee }),
    ...(assigneeName !== undefined && { assigneeName }),
    ...(isLate !== undefined && { late: isLate }),
    ...(isOverdue !== undefined && { overdue: isOverdue }),
    ...(solveBy !== undefined && { solveBy: new Date(solveBy).toISOString() }),
    ...(answeredAt !== undefined && { answeredAt: new Date(answeredAt).toISOString() }),
    ...(resolvedAt !== undefined && { resolvedAt: new Date(resolvedAt).toISOString() }),
    ...(fix !== undefined && { fix }),
    ...(rating && { rating: renderRating(rating) }),
    channel,
    conversationId,
    createdAt: new Date(ticket.createdAt).toISOString(),
    dueAt: new Date(ticket.dueAt).toISOString(),
    version: ticket.version,
  }
}

function renderCard(card: HandoverCard): z.output<typeof TicketAnswer>['card'] {
  const { intent, confidence, flow, path, triedSteps, nextUntriedStep, slots, responseCode } = card
  const { moneyAtRisk, mood, priority, priorityReason, merchant } = card
  return {
    intent,
    confidence,
    flow,
    path: path.map(({ step, question, answer, said }) => ({ step, question, answer, said })),
    triedSteps: [...triedSteps],
    ...(nextUntriedStep !== undefined && { nextUntriedStep }),
    slots: { ...slots },
    ...(responseCode && { responseCode }),
    moneyAtRisk,
    mood,
    priority,
    priorityReason,
    merchant: {
      id: merchant.id,
      channel: merchant.channel,
      ...(merchant.name !== undefined && { name: merchant.name }),
      conversations: merchant.conversations,
    },
  }
}
