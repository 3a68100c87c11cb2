import { z } from 'zod'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../app/passwords.ts'
import { findTextFault } from '../app/message-text.ts'
import { QUEUE_TABS, ROLES } from '../app/ports.ts'
import { PICTURES_PER_MESSAGE } from '../app/sent-pictures.ts'
import { isOwnId } from '../core/ids.ts'
import { PRIORITIES } from '../core/ticket.ts'
import { plainText, time } from './schema.ts'

const MAX_FIX = 500
/** UTF-16 units; the real limit counts characters and bytes. */
const MOST_CHARACTERS = 16_384

const text = plainText(MOST_CHARACTERS)
const clientMsgId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')
const name = plainText(40)
const password = z.string().min(MIN_PASSWORD_LENGTH).max(MAX_PASSWORD_LENGTH)
const names = z.record(z.string(), z.string())

export const ClaimBody = z.strictObject({ version: z.int().min(1) }).meta({ id: 'ClaimBody' })
export const TransferBody = z.strictObject({ agentId: z.string().max(64) }).meta({ id: 'TransferBody' })
export const ReplyBody = z
  .strictObject({
    clientMsgId,
    text: z.string().max(MOST_CHARACTERS).optional(),
    attachmentIds: z.array(z.string().refine(isOwnId)).max(PICTURES_PER_MESSAGE).optional(),
    epoch: z.int().min(0).optional(),
  })
  .superRefine(({ text: words = '', attachmentIds = [] }, context) => {
    const fault = words === '' && attachmentIds.length > 0 ? undefined : findTextFault(words)
    if (fault) context.addIssue({ code: 'custom', path: ['text'], message: `the text ${fault}` })
  })
  .meta({ id: 'ReplyBody' })
export const NoteBody = z.strictObject({ text, clientMsgId: clientMsgId.optional() }).meta({ id: 'NoteBody' })
export const ResolveBody = z
  .strictObject({ fix: plainText(MAX_FIX).optional(), note: text.optional() })
  .meta({ id: 'ResolveBody' })
export const PresenceBody = z
  .strictObject({ state: z.enum(['looking', 'typing', 'left']) })
  .meta({ id: 'PresenceBody' })

const Agent = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  disabled: z.boolean(),
  email: z.string().optional(),
})
export const AgentsAnswer = z.object({ agents: z.array(Agent) }).meta({ id: 'Agents' })
export const ManagedAgentAnswer = z
  .object({ agent: Agent, password: z.string().optional() })
  .meta({ id: 'ManagedAgent' })
export const NewAgentBody = z
  .strictObject({ email: z.email().max(254), name, role: z.enum(ROLES), password: password.optional() })
  .meta({ id: 'NewAgentBody' })
export const AgentChangeBody = z
  .strictObject({
    name: name.optional(),
    role: z.enum(ROLES).optional(),
    disabled: z.boolean().optional(),
    password: z.union([password, z.literal(true)]).optional(),
  })
  .meta({ id: 'AgentChangeBody' })

const count = z.int().min(0)
export const StatsAnswer = z
  .object({
    open: z.record(z.enum(PRIORITIES), count),
    unresolved: count,
    firstAnswer: z.object({ count, medianMinutes: z.number().nullable() }),
    resolved: z.object({ bot: count, staff: count }),
    escalated: z.record(z.string(), count),
    rating: z.object({ count, average: z.number().nullable() }),
  })
  .meta({ id: 'Stats' })

export const VocabularyAnswer = z
  .object({
    intents: names,
    flows: names,
    steps: names,
    actions: names,
    slots: names,
    reasons: names,
    answers: names,
  })
  .meta({ id: 'Vocabulary' })

const viewName = plainText(30).refine((value) => value.trim() !== '', 'must have a letter')
export const SavedViewBody = z
  .strictObject({
    name: viewName,
    filters: z.strictObject({
      tab: z.enum(QUEUE_TABS),
      priority: z.enum(['', ...PRIORITIES]),
      q: z.union([z.literal(''), plainText(100)]),
    }),
  })
  .meta({ id: 'SavedView' })
export const ViewNameBody = z.strictObject({ name: z.string().max(100) }).meta({ id: 'ViewName' })
export const ViewsAnswer = z.object({ views: z.array(SavedViewBody) }).meta({ id: 'Views' })

export const CannedRepliesAnswer = z
  .object({ replies: z.array(z.object({ id: z.string(), title: z.string(), text: z.string() })) })
  .meta({ id: 'CannedReplies' })

export const AuditQuery = z.strictObject({ after: z.string().max(12).optional() })
export const AuditAnswer = z
  .object({
    entries: z.array(
      z.object({
        at: time,
        agentId: z.string(),
        name: z.string(),
        action: z.string(),
        ticketId: z.string().optional(),
        detail: z.string().optional(),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: 'Audit' })
