import { z } from 'zod'

import { GENERAL_ANSWERS } from '../core/flow/flow.ts'
import { PRIORITIES, TICKET_REASONS } from '../core/ticket.ts'

const text = z.string().min(1)
const words = z.array(text)
const id = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/u, 'must be a name of letters, digits and _')
const source = z.union([text, words]).transform((value) => (typeof value === 'string' ? [value] : value))
const condition = text

/** `go: CF5`, or a list of `if … then …` cases with a last `else`. */
function choice<Schema extends z.ZodType>(value: Schema) {
  const cases = z.array(
    z.union([z.strictObject({ if: condition, then: value }), z.strictObject({ else: value })]),
  )
  return z.union([value, cases])
}

const sentence = z.union([text, z.strictObject({ if: condition, then: text })])
const say = z.union([text, z.array(sentence)])
/** Like `choice`, and a case may say something on the way. */
const go = z.union([
  text,
  z.array(
    z.union([
      z.strictObject({ if: condition, then: text, say: say.optional() }),
      z.strictObject({ else: text, say: say.optional() }),
    ]),
  ),
])
const priority = choice(z.enum(PRIORITIES))
const general = z.enum(GENERAL_ANSWERS)

export const answerSchema = z.strictObject({
  label: text.optional(),
  means: z.union([general, z.array(general)]).optional(),
  phrases: words.optional(),
  told: words.optional(),
  set: z.record(id, text).optional(),
  gives: words.optional(),
  say: say.optional(),
  go,
})

export const stepSchema = z.strictObject({
  ask: say,
  when_skipped: say.optional(),
  simpler: text.optional(),
  action: text.optional(),
  answers: z.record(id, answerSchema).optional(),
  collect: words.optional(),
  go: go.optional(),
  opens: id.optional(),
  warning: z.literal('none').optional(),
  numbered: z.boolean().optional(),
  source: source.optional(),
})

export const ticketSchema = z.strictObject({
  reason: z.enum(TICKET_REASONS),
  priority,
  collect: z.union([choice(text), words]).optional(),
  stays_with_bot: z.boolean().optional(),
})

export const endSchema = z.strictObject({
  say: say.optional(),
  ticket: ticketSchema.optional(),
  source: source.optional(),
})

/** A file of flows/. */
export const flowSchema = z.strictObject({
  flow: id,
  title: text,
  source,
  begin: text,
  money: z.boolean().optional(),
  warning: text.optional(),
  escalate: id,
  listens: z.record(id, words).optional(),
  raises: z.record(id, text).optional(),
  remembers: z.record(id, condition).optional(),
  steps: z.record(id, stepSchema),
  routes: z.record(id, go).optional(),
  ends: z.record(id, endSchema),
})

/** A file of intents/. */
export const intentSchema = z.strictObject({
  intent: id,
  kind: z.enum(['business', 'conversational']),
  title: text,
  starts: text.optional(),
  answers: text.optional(),
  hands_over: z.strictObject({ say: say.optional(), ...ticketSchema.shape }).optional(),
  set: z.record(id, text).optional(),
  source: source.optional(),
  utterances: z.array(text).min(1),
})

/** data/answers.yaml: what every question understands. */
export const answersSchema = z.strictObject({
  yes: words,
  no: words,
  unsure: words,
  cannot: words,
  acknowledges: words,
  groups: z.array(
    z.strictObject({ id, polarity: z.enum(['positive', 'negative', 'negation', 'none']).optional(), words }),
  ),
})

/** data/interrupts.yaml: what breaks into any talk, most urgent first. */
export const interruptsSchema = z.strictObject({
  interrupts: z.array(
    z.strictObject({
      id,
      intent: id,
      starts: text.optional(),
      words,
      unless: words.optional(),
      instead: z.array(z.strictObject({ words, intent: id, starts: text.optional() })).optional(),
      say: text.optional(),
      priority: z.enum(PRIORITIES),
      money: z.boolean().optional(),
    }),
  ),
  refusals: z.array(
    z.strictObject({ id, only: z.literal('money').optional(), words, unless: words.optional(), say: text }),
  ),
  notes: z.record(id, words),
})

/** data/replies.yaml: the bot's own sentences, its commands, and words of mood. */
export const repliesSchema = z.strictObject({
  replies: z.record(id, text),
  commands: z.record(id, words),
  asks_progress: words,
  corrections: words,
  refuses_facts: words,
  supplements: words,
  mood: z.strictObject({ annoyed: words, angry: words }),
})

/** data/slots.yaml: facts a flow can fill, and named sets of them. */
export const slotsSchema = z.strictObject({
  slots: z.record(
    id,
    z.strictObject({ name: text, lasting: z.boolean().optional(), only_in: words.optional() }),
  ),
  sets: z.record(z.string(), words),
})

const dayHours = z
  .string()
  .regex(
    /^([01]?\d|2[0-3]):[0-5]\d-(([01]?\d|2[0-3]):[0-5]\d|24:00)$/u,
    'must be hours of a day such as 9:00-18:00',
  )
  .refine((hours) => {
    const [from = '', to = ''] = hours.split('-').map((clock) => clock.padStart(5, '0'))
    return from < to
  }, 'must end after they begin; hours over midnight are written to 24:00')
const span = z
  .string()
  .regex(/^[1-9]\d{0,4}[mhd]$/u, 'must be a time such as 15m, 2h (of staff time) or 3d (working days)')
const spans = z.strictObject({ P1: span, P2: span, P3: span, P4: span })

/** data/provider.yaml: facts of the service provider. */
export const providerSchema = z.strictObject({
  name: text.optional(),
  hotline: text.optional(),
  hours: text.optional(),
  slack_notice_channel: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,40}$/u, 'must be the id of a Slack channel, such as C0123ABCD')
    .optional(),
  settlement_days: z.number().int().nonnegative().optional(),
  silence_minutes: z.strictObject({
    agent: z.number().int().positive(),
    merchant_asked: z.number().int().positive(),
    merchant_gone: z.number().int().positive(),
  }),
  staff_hours: z
    .strictObject({ working_days: dayHours.optional(), days_off: dayHours.optional() })
    .optional(),
  answer_within: spans,
  solve_within: spans,
})

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/u, 'must be a day, year-month-day')

/** data/canned-replies.yaml: what agents insert with “/”. */
export const cannedRepliesSchema = z.strictObject({
  replies: z.array(z.strictObject({ id, title: text, text })),
})

/** data/holidays.yaml: where the calendar of working days departs from Monday to Friday. */
export const holidaysSchema = z.strictObject({
  days_off: z.array(z.strictObject({ from: date, to: date, name: text })),
  working_weekends: z.array(date),
})

/** data/lexicon/concepts.yaml: words that mean one thing, as features of the classifier. */
export const conceptsSchema = z.array(z.strictObject({ id: z.string().min(1), words }))

export type FlowFile = z.infer<typeof flowSchema>
export type StepFile = z.infer<typeof stepSchema>
export type AnswerFile = z.infer<typeof answerSchema>
export type EndFile = z.infer<typeof endSchema>
export type TicketFile = z.infer<typeof ticketSchema>
export type IntentFile = z.infer<typeof intentSchema>
export type InterruptsFile = z.infer<typeof interruptsSchema>
export type HolidaysFile = z.infer<typeof holidaysSchema>
