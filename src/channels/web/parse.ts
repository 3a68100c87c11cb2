import { z } from 'zod'
import { findTextFault } from '../../app/message-text.ts'
import type { InboundMessage } from '../../app/channel-ports.ts'
import { attachmentId, isOwnId } from '../../core/ids.ts'
import { PICTURES_PER_MESSAGE } from '../../app/sent-pictures.ts'
import type { MessageRequest, WebSession } from '../../app/web-channel.ts'

/** Body of `POST /widget/v1/session`. */
export const SessionBody = z
  .strictObject({
    locale: z
      .string()
      .regex(/^[A-Za-z0-9-]{2,35}$/, 'must be a language tag such as zh-CN')
      .optional(),
    identityToken: z.string().min(1).max(4_096).optional(),
  })
  .meta({ id: 'SessionBody' })

const clientMsgId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')
  .meta({ description: 'Chosen by the sender. The same id gives the same answer and no second turn.' })

const attachmentIds = z
  .array(z.string().refine(isOwnId, 'must be an attachmentId that an upload gave'))
  .max(PICTURES_PER_MESSAGE)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name a picture twice')

const TextBody = z
  .strictObject({ clientMsgId, text: z.string().optional(), attachmentIds: attachmentIds.optional() })
  .superRefine(({ text = '', attachmentIds: pictures = [] }, context) => {
    const fault = text === '' && pictures.length > 0 ? undefined : findTextFault(text)
    if (fault) context.addIssue({ code: 'custom', path: ['text'], message: `the text ${fault}` })
  })

const ChoiceBody = z.strictObject({
  clientMsgId,
  choice: z.strictObject({
    id: z.string().regex(/^[A-Za-z0-9_.:/-]{1,64}$/, 'must be the id of an offered choice'),
    promptSeq: z.int().min(1).meta({ description: 'Seq of the bot message that offered the choice.' }),
  }),
})

/** Body of `POST /widget/v1/messages`: a text with pictures, one of both alone, or a choice. */
export const MessageBody = z.union([TextBody, ChoiceBody]).meta({ id: 'MessageBody' })

/** Makes the inbound message of a checked request. Pure. */
export function parseMessage(session: WebSession, request: MessageRequest): InboundMessage {
  return {
    address: session.address,
    dedupeKey: `web:${request.clientMsgId}`,
    content:
      'choice' in request
        ? { kind: 'choice', id: request.choice.id, promptSeq: request.choice.promptSeq }
        : {
            kind: 'text',
            text: request.text ?? '',
            ...(request.attachmentIds && { attachmentIds: request.attachmentIds.map(attachmentId) }),
          },
    firstConversationId: session.firstConversationId,
  }
}
