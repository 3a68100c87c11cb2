import { z } from 'zod'
import { PICTURE_TYPES } from '../core/picture/picture.ts'
import { count, holder, Line, plainText, seq } from './schema.ts'

/** Query of `GET /widget/v1/messages`. Larger wishes for lines and waiting are cut to what is offered. */
export const MessagesQuery = z.strictObject({
  after: count.optional(),
  limit: count.refine((value) => value >= 1, 'must be at least 1').optional(),
  wait: count.optional().meta({ description: 'Seconds to wait for a new line, at most 25.' }),
})

/** Query of `GET /widget/v1/stream`; the `Last-Event-ID` header wins over it. */
export const StreamQuery = z.strictObject({ after: count.optional() })

export const MessagesAnswer = z
  .object({
    messages: z.array(Line),
    lastSeq: seq,
    processedSeq: seq,
    holder,
    waiting: z
      .object({ position: z.int().min(1), minutes: z.int().min(1).optional() })
      .optional()
      .meta({
        description:
          'Place among the tickets that nobody has taken yet, while the holder is the queue; minutes of waiting where recent answers tell.',
      }),
    serving: z
      .object({ name: z.string(), isHere: z.boolean() })
      .optional()
      .meta({ description: 'Who of the staff holds the talk, and whether they have it open just now.' }),
    readSeq: seq
      .optional()
      .meta({ description: 'Up to here the merchant has seen what staff wrote, on any device.' }),
    rateable: seq
      .optional()
      .meta({ description: 'First seq of a talk in which the bot has helped and was not rated yet.' }),
  })
  .meta({ id: 'Messages' })

export const SessionAnswer = z
  .object({
    sessionToken: z.string(),
    conversationId: z.string(),
    lastSeq: seq,
    config: z.object({
      greeting: z.string(),
      name: z.string().optional(),
      hotline: z.string().optional(),
      locale: z.string(),
      limits: z.object({ text: z.int() }),
    }),
  })
  .meta({ id: 'Session' })

export const AttachmentAnswer = z
  .object({ attachmentId: z.string(), mime: z.enum(PICTURE_TYPES), width: z.int(), height: z.int() })
  .meta({ id: 'NewAttachment' })

/** Body of `POST /widget/v1/rating`. */
export const RatingBody = z
  .strictObject({ score: z.int().min(1).max(5), comment: plainText(500).optional() })
  .meta({ id: 'RatingBody' })

/** Body of `POST /widget/v1/typing`: `false` says that the writing has stopped. */
export const TypingBody = z.strictObject({ typing: z.boolean().optional() }).meta({ id: 'TypingBody' })

/** Body of `POST /widget/v1/read`. */
export const ReadBody = z.strictObject({ seq }).meta({ id: 'ReadBody' })
