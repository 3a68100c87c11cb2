import * as z from 'zod/mini'
import { Filters } from './queue/filters.ts'

// The policy of the page forbids code made of strings, which the schemas would try for speed.
z.config({ jitless: true })

const optional = z.optional(z.nullable(z.string()))
const count = z.number()

const Person = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['agent', 'lead', 'admin']),
  email: z.optional(z.string()),
  disabled: z.optional(z.boolean()),
})

export const MeAnswer = z.object({ agent: Person, csrfToken: z.string() })

const Ticket = z.object({
  id: z.string(),
  number: z.string(),
  epoch: count,
  status: z.enum(['open', 'claimed', 'waiting', 'resolved']),
  priority: z.enum(['P1', 'P2', 'P3', 'P4']),
  reason: z.string(),
  intent: z.string(),
  flow: optional,
  lastStep: optional,
  assignee: optional,
  assigneeName: optional,
  channel: z.string(),
  conversationId: z.string(),
  createdAt: z.string(),
  dueAt: z.string(),
  version: count,
  late: z.optional(z.boolean()),
  solveBy: optional,
  answeredAt: optional,
  resolvedAt: optional,
  fix: optional,
  rating: z.optional(z.nullable(z.object({ score: count, comment: z.optional(z.string()) }))),
})

export const TicketsAnswer = z.object({ tickets: z.array(Ticket), next: z.optional(z.nullable(z.string())) })
export const ChangedTicket = z.object({ ticket: Ticket })

const Delivery = z.object({
  state: z.enum(['queued', 'sending', 'sent', 'parked', 'failed', 'expired', 'unknown']),
  reason: z.optional(z.string()),
})
const Attachment = z.object({
  id: z.string(),
  width: count,
  height: count,
  removed: z.optional(z.boolean()),
})
export const NewAttachment = z.object({ attachmentId: z.string() })

const Line = z.object({
  seq: count,
  author: z.enum(['merchant', 'bot', 'agent', 'system']),
  text: z.string(),
  at: z.string(),
  choices: z.optional(z.array(z.object({ id: z.string(), label: z.string() }))),
  name: z.optional(z.string()),
  delivery: z.optional(Delivery),
  attachments: z.optional(z.array(Attachment)),
})

const Note = z.object({ seq: count, name: z.string(), text: z.string(), at: z.string() })

const Card = z.object({
  intent: z.string(),
  confidence: count,
  flow: z.nullable(z.string()),
  path: z.array(z.object({ step: z.string(), question: z.string(), answer: z.string(), said: z.string() })),
  triedSteps: z.array(z.string()),
  nextUntriedStep: z.optional(z.string()),
  slots: z.record(z.string(), z.union([z.string(), z.number()])),
  responseCode: z.optional(z.object({ code: z.string(), meaning: z.string(), class: z.string() })),
  moneyAtRisk: z.boolean(),
  mood: z.enum(['calm', 'annoyed', 'angry']),
  priority: z.string(),
  priorityReason: z.string(),
  merchant: z.object({
    id: z.string(),
    channel: z.string(),
    name: z.optional(z.string()),
    conversations: count,
  }),
})

/** What the channel still takes for the merchant. */
const Quota = z.object({ remaining: count, windowEndsAt: z.nullable(z.string()) })
export type Quota = z.infer<typeof Quota>

export const CaseAnswer = z.object({
  ticket: Ticket,
  card: Card,
  transcript: z.array(Line),
  notes: z._default(z.array(Note), []),
  additions: z._default(z.array(z.string()), []),
  readSeq: z.optional(z.number()),
  quota: z.optional(Quota),
})

export const ConversationAnswer = z.object({ transcript: z.array(Line) })

const Rating = z.object({ score: count, comment: z.optional(z.string()) })
const Past = z.object({
  id: z.string(),
  channel: z.string(),
  startedAt: z.string(),
  lastAt: z.string(),
  intent: z.nullable(z.string()),
  leftIn: z.nullable(z.string()),
  solved: z.array(z.object({ intent: z.nullable(z.string()), flow: z.nullable(z.string()), at: z.string() })),
  tickets: z.array(Ticket),
  rating: z.optional(Rating),
})
export const HistoryAnswer = z.object({
  conversations: z.array(Past),
  sameTerminal: z.array(Ticket),
  next: z.nullable(z.string()),
})

export const ViewsAnswer = z.object({
  views: z.array(z.object({ name: z.string(), filters: Filters })),
})

export const AgentsAnswer = z.object({ agents: z.array(Person) })
export const ChangedAgent = z.object({ agent: Person, password: z.optional(z.string()) })
export const Nothing = z.unknown()

export const StatsAnswer = z.object({
  open: z.record(z.string(), count),
  unresolved: count,
  firstAnswer: z.object({ count, medianMinutes: z.nullable(count) }),
  resolved: z.object({ bot: count, staff: count }),
  escalated: z.record(z.string(), count),
  rating: z.object({ count, average: z.nullable(count) }),
})

export const CannedAnswer = z.object({
  replies: z.array(z.object({ id: z.string(), title: z.string(), text: z.string() })),
})

const names = z._default(z.record(z.string(), z.string()), {})
export const VocabularyAnswer = z.object({
  intents: names,
  flows: names,
  steps: names,
  actions: names,
  slots: names,
  reasons: names,
  answers: names,
})

const AuditEntry = z.object({
  at: z.string(),
  agentId: optional,
  name: optional,
  action: z.string(),
  ticketId: optional,
  detail: z.optional(z.unknown()),
})
export const AuditAnswer = z.object({
  entries: z.array(AuditEntry),
  next: z.optional(z.nullable(z.string())),
})

export const TicketEvent = z.object({ conversationId: z.string() })

export const PresenceEvent = z.object({
  ticketId: z.string(),
  people: z.array(z.object({ agentId: z.string(), name: z.string(), state: z.string() })),
})

export const MerchantTyping = z.object({ ticketId: z.optional(z.string()) })

export const ProblemAnswer = z.object({ code: z.string(), detail: z._default(z.string(), '') })

export type Role = z.output<typeof Person>['role']
export type Agent = z.output<typeof Person>
export type Me = z.output<typeof MeAnswer>
export type Ticket = z.output<typeof Ticket>
export type Delivery = z.output<typeof Delivery>
export type Attachment = z.output<typeof Attachment>
export type Line = z.output<typeof Line>
export type Note = z.output<typeof Note>
export type Card = z.output<typeof Card>
export type Case = z.output<typeof CaseAnswer>
export type Past = z.output<typeof Past>
export type SavedView = z.output<typeof ViewsAnswer>['views'][number]
export type Stats = z.output<typeof StatsAnswer>
export type CannedReply = z.output<typeof CannedAnswer>['replies'][number]
export type Vocabulary = z.output<typeof VocabularyAnswer>
export type AuditEntry = z.output<typeof AuditEntry>
export type Present = z.output<typeof PresenceEvent>['people'][number]
export type { ZodMiniType as Schema } from 'zod/mini'
