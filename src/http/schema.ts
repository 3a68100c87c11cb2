import { z } from 'zod'
import { findTextFault } from '../app/message-text.ts'
import { MAX_PASSWORD_LENGTH } from '../app/passwords.ts'
import { ROLES } from '../app/ports.ts'
import { CHANNELS } from '../core/conversation.ts'
import { DELIVERY_STATES } from '../core/outbox.ts'
import { PICTURE_TYPES } from '../core/picture/picture.ts'
import { MOODS, PRIORITIES, TICKET_REASONS, TICKET_STATUSES } from '../core/ticket.ts'

const MAX_PAGE = 100

export const seq = z.int().min(0)
export const time = z.iso.datetime()
export const holder = z.enum(['bot', 'queue', 'agent'])
const slots = z.record(z.string(), z.union([z.string(), z.number()]))
export const count = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)

/** How many lines a page holds at most, and when nothing is said. */
export function pageSize(limit: number | undefined): number {
  return Math.min(limit ?? MAX_PAGE, MAX_PAGE)
}

const Attachment = z
  .object({
    id: z.string(),
    mime: z.enum(PICTURE_TYPES),
    width: z.int(),
    height: z.int(),
    removed: z.literal(true).optional().meta({ description: 'The picture was taken away by staff.' }),
  })
  .meta({ id: 'Attachment' })

export const Line = z
  .object({
    seq,
    author: z.enum(['merchant', 'bot', 'agent', 'system']),
    text: z.string(),
    choices: z.array(z.object({ id: z.string(), label: z.string() })).optional(),
    name: z.string().optional(),
    attachments: z.array(Attachment).optional(),
    at: time,
  })
  .meta({ id: 'Line' })

/** A line as staff see it: with what became of it, where the channel must be pushed to. */
const DeskLine = Line.extend({
  delivery: z
    .object({ state: z.enum(DELIVERY_STATES), reason: z.string().optional() })
    .optional()
    .meta({ description: 'Absent where readers pull: stored means delivered.' }),
}).meta({ id: 'DeskLine' })

export const SeqAnswer = z.object({ seq }).meta({ id: 'Seq' })

/** Text of people, at most so many characters, that can be stored and shown. */
export function plainText(most: number): z.ZodType<string> {
  return z
    .string()
    .max(most)
    .superRefine((value, context) => {
      const fault = findTextFault(value)
      if (fault) context.addIssue({ code: 'custom', message: `the text ${fault}` })
    })
}

/** Body of `POST /desk/v1/login`. */
export const LogInBody = z
  .strictObject({
    email: z.string().min(1).max(254),
    password: z.string().min(1).max(MAX_PASSWORD_LENGTH),
  })
  .meta({ id: 'LogInBody' })

const Agent = z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES) }).meta({ id: 'Agent' })

export const MeAnswer = z.object({ agent: Agent, csrfToken: z.string() }).meta({ id: 'Me' })

/** Query of `GET /desk/v1/tickets.csv` and `.json`. `assignee=me` stands for whoever asks. */
export const ExportQuery = z.strictObject({
  status: z.enum([...TICKET_STATUSES, 'unresolved', 'taken']).optional(),
  priority: z.enum(PRIORITIES).optional(),
  assignee: z
    .string()
    .regex(/^(me|none|[a-z0-9]{26})$/, 'must be an agent id, "me" or "none"')
    .optional(),
  q: z.string().min(1).max(100).optional(),
})

/** Query of `GET /desk/v1/tickets`. */
export const TicketsQuery = z.strictObject({
  ...ExportQuery.shape,
  after: z.string().min(1).max(300).optional(),
  limit: count.refine((value) => value >= 1, 'must be at least 1').optional(),
})

const RatingOut = z.object({ score: z.int(), comment: z.string().optional(), at: time })

const Ticket = z
  .object({
    id: z.string(),
    number: z.string(),
    epoch: z.int(),
    status: z.enum(TICKET_STATUSES),
    priority: z.enum(PRIORITIES),
    reason: z.enum(TICKET_REASONS),
    intent: z.string(),
    flow: z.string().nullable(),
    lastStep: z.string().nullable(),
    assignee: z.string().optional(),
    assigneeName: z.string().optional(),
    late: z.boolean().optional().meta({ description: 'Nobody had answered when it was due.' }),
    overdue: z.boolean().optional().meta({ description: 'It was not solved in time.' }),
    solveBy: time.optional(),
    answeredAt: time.optional(),
    resolvedAt: time.optional(),
    fix: z.string().optional(),
    rating: RatingOut.optional(),
    channel: z.enum(CHANNELS),
    conversationId: z.string(),
    createdAt: time,
    dueAt: time,
    version: z.int(),
  })
  .meta({ id: 'Ticket' })

/** Answer of every act that moves a ticket. */
export const MovedTicketAnswer = z.object({ ticket: Ticket }).meta({ id: 'MovedTicket' })

const Card = z
  .object({
    intent: z.string(),
    confidence: z.number(),
    flow: z.string().nullable(),
    path: z.array(z.object({ step: z.string(), question: z.string(), answer: z.string(), said: z.string() })),
    triedSteps: z.array(z.string()),
    nextUntriedStep: z.string().optional(),
    slots,
    responseCode: z.object({ code: z.string(), meaning: z.string(), class: z.string() }).optional(),
    moneyAtRisk: z.boolean(),
    mood: z.enum(MOODS),
    priority: z.enum(PRIORITIES),
    priorityReason: z.string(),
    merchant: z.object({
      id: z.string(),
      channel: z.string(),
      name: z.string().optional(),
      conversations: z.int(),
    }),
  })
  .meta({ id: 'Card' })

export const TicketsAnswer = z
  .object({ tickets: z.array(Ticket), next: z.string().nullable() })
  .meta({ id: 'Tickets' })

/** How many messages the channel still takes for the merchant, and until when; only where it counts them. */
const Quota = z.object({ remaining: z.int(), windowEndsAt: time.nullable() }).meta({ id: 'Quota' })

export const TicketAnswer = z
  .object({
    ticket: Ticket,
    card: Card,
    transcript: z.array(DeskLine),
    notes: z.array(z.object({ seq, name: z.string(), text: z.string(), at: time })),
    additions: z.array(z.string()),
    readSeq: seq.optional().meta({ description: 'Up to here the merchant has seen what staff wrote.' }),
    quota: Quota.optional(),
  })
  .meta({ id: 'TicketWithTranscript' })

export const ConversationAnswer = z
  .object({
    conversation: z.object({
      id: z.string(),
      channel: z.enum(CHANNELS),
      holder,
      flow: z.string().nullable(),
      step: z.string().nullable(),
      slots,
      triedSteps: z.array(z.string()),
      ticketId: z.string().optional(),
      quota: Quota.optional(),
    }),
    transcript: z.array(DeskLine),
  })
  .meta({ id: 'ConversationWithTranscript' })

/** Query of `GET /desk/v1/conversations/:id/history`. */
export const HistoryQuery = z.strictObject({ after: z.string().max(64).optional() })

export const HistoryAnswer = z
  .object({
    conversations: z.array(
      z.object({
        id: z.string(),
        channel: z.enum(CHANNELS),
        startedAt: time,
        lastAt: time,
        intent: z.string().nullable(),
        leftIn: z.string().nullable().meta({ description: 'The flow whose question is or was left open.' }),
        solved: z
          .array(z.object({ intent: z.string().nullable(), flow: z.string().nullable(), at: time }))
          .meta({ description: 'Problems the bot solved without staff.' }),
        tickets: z.array(Ticket),
        rating: RatingOut.optional().meta({ description: 'Of what the bot did alone.' }),
      }),
    ),
    sameTerminal: z
      .array(Ticket)
      .meta({ description: 'Other merchants’ tickets about the same terminal; first page only.' }),
    next: z.string().nullable(),
  })
  .meta({ id: 'History' })

export const HealthAnswer = z.object({ status: z.literal('ok') }).meta({ id: 'Health' })

export const ProblemAnswerBody = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum([
      'invalid',
      'unauthorized',
      'forbidden',
      'not_found',
      'conflict',
      'too_many',
      'unavailable',
      'internal',
    ]),
    requestId: z.string(),
    problems: z.array(z.object({ where: z.string(), rule: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
