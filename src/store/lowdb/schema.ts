import { z } from 'zod'
import type { MerchantAddress } from '../../app/ports.ts'
import type { StoredAttachment } from '../../app/picture-ports.ts'
import { CHANNELS, DEADLINE_KINDS } from '../../core/conversation.ts'
import { QUOTA_GRANTS, type QuotaShare } from '../../core/quota.ts'
import type {
  Conversation,
  Deadline,
  DedupeKey,
  Dialogue,
  FlowFrame,
  Prompt,
  Rating,
  SolvedProblem,
} from '../../core/conversation.ts'
import { isOwnId } from '../../core/ids.ts'
import { DELIVERY_STATES, type OutboxEntry } from '../../core/outbox.ts'
import type { AgentId, AttachmentId, ConversationId, TicketId } from '../../core/ids.ts'
import { MOODS, PRIORITIES, TICKET_REASONS, TICKET_STATUSES } from '../../core/ticket.ts'
import type { HandoverCard, PathEntry, Ticket, TicketNote } from '../../core/ticket.ts'
import { PICTURE_TYPES } from '../../core/picture/picture.ts'
import type { Attachment, Choice, TranscriptLine } from '../../core/transcript.ts'

/**
 * One schema for each property of `T`, optional ones included: a field added to a core type without a schema
 * is a compile error here, instead of a conversation that is written today and refused tomorrow.
 */
export type ShapeOf<T> = { readonly [Key in keyof T]-?: z.ZodType<T[Key]> }

const ownId = <Id extends string>() =>
  z.custom<Id>((value) => typeof value === 'string' && isOwnId(value), 'not an id of ours')

export const conversationIdSchema = ownId<ConversationId>()
export const ticketIdSchema = ownId<TicketId>()
export const agentIdSchema = ownId<AgentId>()
export const channelSchema = z.enum(CHANNELS)
export const holderSchema = z.enum(['bot', 'queue', 'agent'])
export const prioritySchema = z.enum(PRIORITIES)
export const ticketStatusSchema = z.enum(TICKET_STATUSES)
export const count = z.int().nonnegative()
const slots = z.record(z.string(), z.union([z.string(), z.number()]))

const choiceSchema = z.strictObject({ id: z.string(), label: z.string() } satisfies ShapeOf<Choice>)

const attachmentShape = {
  id: ownId<AttachmentId>(),
  mime: z.enum(PICTURE_TYPES),
  width: count,
  height: count,
  removed: z.exactOptional(z.literal(true)),
} satisfies ShapeOf<Attachment>

const addressSchema = z.strictObject({
  channel: channelSchema,
  merchantKey: z.string(),
} satisfies ShapeOf<MerchantAddress>)

/** The head of a picture's file: whose it is, and what follows it. */
export const pictureHeadSchema = z.strictObject({
  attachment: z.strictObject({
    ...attachmentShape,
    address: addressSchema,
    uploadedBy: z.exactOptional(agentIdSchema),
    savedAt: z.number(),
  } satisfies ShapeOf<StoredAttachment>),
  bytes: count,
  sum: z.string(),
})

const lineSchema = z.strictObject({
  seq: count,
  author: z.enum(['merchant', 'bot', 'agent', 'system']),
  text: z.string(),
  name: z.exactOptional(z.string()),
  choices: z.exactOptional(z.array(choiceSchema)),
  attachments: z.exactOptional(z.array(z.strictObject(attachmentShape))),
  at: z.number(),
} satisfies ShapeOf<TranscriptLine>)

const pathEntrySchema = z.strictObject({
  flow: z.string(),
  step: z.string(),
  question: z.string(),
  answer: z.string(),
  said: z.string(),
} satisfies ShapeOf<PathEntry>)

const cardSchema = z.strictObject({
  intent: z.string(),
  confidence: z.number(),
  flow: z.string().nullable(),
  path: z.array(
    z.strictObject({ step: z.string(), question: z.string(), answer: z.string(), said: z.string() }),
  ),
  triedSteps: z.array(z.string()),
  nextUntriedStep: z.exactOptional(z.string()),
  slots,
  responseCode: z.exactOptional(z.strictObject({ code: z.string(), meaning: z.string(), class: z.string() })),
  moneyAtRisk: z.boolean(),
  mood: z.enum(MOODS),
  priority: prioritySchema,
  priorityReason: z.string(),
  merchant: z.strictObject({
    id: z.string(),
    channel: z.string(),
    name: z.exactOptional(z.string()),
    conversations: z.number(),
  } satisfies ShapeOf<HandoverCard['merchant']>),
} satisfies ShapeOf<HandoverCard>)

const noteSchema = z.strictObject({
  seq: count,
  agentId: agentIdSchema,
  name: z.string(),
  text: z.string(),
  at: z.number(),
  key: z.exactOptional(z.string()),
} satisfies ShapeOf<TicketNote>)

const outboxEntrySchema = z.strictObject({
  seq: count,
  state: z.enum(DELIVERY_STATES),
  attempts: count,
  nextAt: z.number(),
  createdAt: z.number(),
  expiresAt: z.number(),
  reason: z.exactOptional(z.string()),
  providerMessageId: z.exactOptional(z.string()),
} satisfies ShapeOf<OutboxEntry>)

export const ticketSchema: z.ZodType<Ticket> = z.strictObject({
  id: ticketIdSchema,
  number: z.string(),
  status: ticketStatusSchema,
  priority: prioritySchema,
  reason: z.enum(TICKET_REASONS),
  intent: z.string(),
  flow: z.string().nullable(),
  lastStep: z.string().nullable(),
  assignee: z.exactOptional(agentIdSchema),
  createdAt: z.number(),
  dueAt: z.number(),
  solveBy: z.exactOptional(z.number()),
  version: z.number(),
  isRaised: z.boolean(),
  card: cardSchema,
  additions: z.array(z.string()),
  answeredAt: z.exactOptional(z.number()),
  resolvedAt: z.exactOptional(z.number()),
  fix: z.exactOptional(z.string()),
  isLate: z.exactOptional(z.boolean()),
  isOverdue: z.exactOptional(z.boolean()),
  notes: z.exactOptional(z.array(noteSchema)),
  notice: z.exactOptional(outboxEntrySchema),
} satisfies ShapeOf<Ticket>)

const frameSchema = z.strictObject({
  flow: z.string(),
  hash: z.string(),
  step: z.string(),
  returnTo: z.exactOptional(z.string()),
  interrupting: z.exactOptional(z.boolean()),
} satisfies ShapeOf<FlowFrame>)

type PromptOf<Kind extends Prompt['kind']> = ShapeOf<Extract<Prompt, { kind: Kind }>>

const promptSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('step') } satisfies PromptOf<'step'>),
  z.strictObject({
    kind: z.literal('anything_else'),
    flow: z.string().nullable(),
  } satisfies PromptOf<'anything_else'>),
  z.strictObject({
    kind: z.literal('confirm_switch'),
    intent: z.string(),
    said: z.string(),
  } satisfies PromptOf<'confirm_switch'>),
  z.strictObject({
    kind: z.literal('clarify'),
    intents: z.array(z.string()),
    said: z.string(),
  } satisfies PromptOf<'clarify'>),
  z.strictObject({
    kind: z.literal('collect'),
    slots: z.array(z.string()),
    asked: count,
  } satisfies PromptOf<'collect'>),
  z.strictObject({ kind: z.literal('rating'), scored: z.boolean() } satisfies PromptOf<'rating'>),
])

const dialogueSchema = z.strictObject({
  stack: z.array(frameSchema),
  prompt: promptSchema.nullable(),
  offered: z.strictObject({ seq: count, choices: z.array(choiceSchema) }).nullable(),
  slots,
  notes: z.record(z.string(), z.string()),
  answers: z.record(z.string(), z.string()),
  path: z.array(pathEntrySchema),
  triedSteps: z.array(z.string()),
  heard: z.array(z.string()),
  intent: z.string().nullable(),
  confidence: z.number(),
  unclear: count,
  outOfScopeRun: count,
  angryTurns: count,
  flowTurns: count,
  turnsWithoutProgress: count,
  mood: z.enum(MOODS),
  moneyAtRisk: z.boolean(),
  maskNoticeGiven: z.boolean(),
  visits: z.record(z.string(), count),
  history: z.array(z.strictObject({ stack: z.array(frameSchema), pathLength: count })),
} satisfies ShapeOf<Dialogue>)

const dedupeSchema = z.strictObject({
  key: z.string(),
  seq: count,
  at: z.number(),
} satisfies ShapeOf<DedupeKey>)

const deadlineSchema = z.strictObject({
  kind: z.enum(DEADLINE_KINDS),
  at: z.number(),
} satisfies ShapeOf<Deadline>)

const ratingSchema = z.strictObject({
  score: z.int().min(1).max(5),
  comment: z.exactOptional(z.string()),
  at: z.number(),
  ticketId: z.exactOptional(ticketIdSchema),
} satisfies ShapeOf<Rating>)

const solvedProblemSchema = z.strictObject({
  intent: z.string().nullable(),
  flow: z.string().nullable(),
  at: z.number(),
} satisfies ShapeOf<SolvedProblem>)

const quotaShareSchema = z.strictObject({
  grant: z.enum(QUOTA_GRANTS),
  until: z.number(),
  remaining: count,
} satisfies ShapeOf<QuotaShare>)

export const conversationSchema = z.strictObject({
  id: conversationIdSchema,
  channel: channelSchema,
  merchantKey: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  holder: holderSchema,
  epoch: count,
  dialogue: dialogueSchema,
  firstSeq: count,
  lastSeq: count,
  processedSeq: count,
  transcript: z.array(lineSchema),
  tickets: z.array(ticketSchema),
  dedupe: z.array(dedupeSchema),
  previous: z.exactOptional(conversationIdSchema),
  conversations: count,
  deadlines: z.exactOptional(z.array(deadlineSchema)),
  ratings: z.exactOptional(z.array(ratingSchema)),
  readSeq: z.exactOptional(count),
  solved: z.exactOptional(count),
  solvedProblems: z.exactOptional(z.array(solvedProblemSchema)),
  askedStillThereAt: z.exactOptional(z.number()),
  toldAfterHoursAt: z.exactOptional(z.number()),
  outbox: z.exactOptional(z.array(outboxEntrySchema)),
  reach: z.exactOptional(z.string()),
  quota: z.exactOptional(z.array(quotaShareSchema)),
  leftAt: z.exactOptional(z.number()),
} satisfies ShapeOf<Conversation>)

const segmentSchema = z.strictObject({ n: count, firstSeq: count, lastSeq: count })
/** A closed part of a transcript: `n` is in its file's name. */
export type Segment = Readonly<z.infer<typeof segmentSchema>>

/** What a conversation's file holds: the newest lines are in the conversation, older ones in its segments. */
export type StoredConversation = {
  readonly conversation: Conversation
  readonly segments: readonly Segment[]
}
export const storedConversationSchema: z.ZodType<StoredConversation> = z.strictObject({
  conversation: conversationSchema,
  segments: z.array(segmentSchema),
})

export const segmentFileSchema = z.strictObject({
  id: conversationIdSchema,
  n: count,
  lines: z.array(lineSchema).min(1),
})

export const formatFileSchema = z.strictObject({ format: z.int() })
