import { z } from 'zod'
import type { AttachmentStore } from '../../app/picture-ports.ts'
import type { SendOutcome } from '../../core/outbox.ts'
import type { Attachment } from '../../core/transcript.ts'
import type { ApiResult, WechatApi } from './api.ts'

/** WeChat’s own pages name 2 MB and 10 MB; the smaller one is surely taken. */
const MAX_PICTURE_BYTES = 2 * 1024 * 1024
const TAKEN_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png'])

const Uploaded = z.object({ media_id: z.string().min(1) })

/** One message as WeChat takes it. */
export type Message =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'picture'; readonly mediaId: string }

/** What can be sent, or why nothing of it is: so far nothing has left. */
export type Prepared = { readonly messages: readonly Message[] } | { readonly outcome: SendOutcome }

/** Makes messages of a line: its text in parts, and its pictures, which are uploaded first. */
export async function prepareMessages(
  parts: readonly string[],
  pictures: readonly Attachment[],
  needs: {
    readonly api: WechatApi
    readonly attachments: AttachmentStore
    readonly outcomeOf: (result: ApiResult) => SendOutcome
  },
): Promise<Prepared> {
  const messages: Message[] = parts.map((text) => ({ kind: 'text', text }))
  for (const { id, removed } of pictures) {
    if (removed === true) continue
    const found = await needs.attachments.read(id)
    if (found === undefined) return failed('line_missing')
    const { data, attachment } = found
    if (!TAKEN_TYPES.has(attachment.mime)) return failed('picture_type')
    if (data.length > MAX_PICTURE_BYTES) return failed('picture_large')
    const result = await needs.api.uploadPicture({ data, mime: attachment.mime })
    const uploaded = Uploaded.safeParse(result.kind === 'answered' ? result.data : undefined)
    if (!uploaded.success) return { outcome: notUploaded(needs.outcomeOf(result)) }
    messages.push({ kind: 'picture', mediaId: uploaded.data.media_id })
  }
  return { messages }
}

/** An upload reaches no merchant: whatever became of it, the line surely was not sent. */
function notUploaded(outcome: SendOutcome): SendOutcome {
  return outcome.kind === 'unknown' || outcome.kind === 'sent'
    ? { kind: 'retry', reason: 'network' }
    : outcome
}

function failed(reason: string): Prepared {
  return { outcome: { kind: 'failed', reason } }
}
