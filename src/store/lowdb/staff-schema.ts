import { z } from 'zod'
import { QUEUE_TABS, ROLES } from '../../app/ports.ts'
import type { SavedView, StaffMember, StaffSession, TryCount } from '../../app/ports.ts'
import { agentIdSchema, count, prioritySchema } from './schema.ts'
import type { ShapeOf } from './schema.ts'

const staffSchema = z.strictObject({
  id: agentIdSchema,
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  passwordHash: z.string(),
  disabled: z.boolean(),
  createdAt: z.number(),
  logInEpoch: z.exactOptional(count),
} satisfies ShapeOf<StaffMember>)

const staffSessionSchema = z.strictObject({
  idHash: z.string(),
  agentId: agentIdSchema,
  csrfToken: z.string(),
  createdAt: z.number(),
  lastSeenAt: z.number(),
  logInEpoch: z.exactOptional(count),
} satisfies ShapeOf<StaffSession>)

const tryCountSchema = z.strictObject({
  key: z.string(),
  tries: count,
  until: z.number(),
} satisfies ShapeOf<TryCount>)

const savedViewSchema = z.strictObject({
  name: z.string(),
  filters: z.strictObject({
    tab: z.enum(QUEUE_TABS),
    priority: z.union([prioritySchema, z.literal('')]),
    q: z.string(),
  } satisfies ShapeOf<SavedView['filters']>),
} satisfies ShapeOf<SavedView>)

export const staffFileSchema = z.array(staffSchema)
export const staffSessionsFileSchema = z.array(staffSessionSchema)
export const triesFileSchema = z.array(tryCountSchema)
export const viewsFileSchema = z.array(
  z.strictObject({ agentId: agentIdSchema, views: z.array(savedViewSchema) }),
)
export const secretsFileSchema = z.array(z.strictObject({ name: z.string(), value: z.string() }))
