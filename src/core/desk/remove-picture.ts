import type { Conversation } from '../conversation.ts'
import type { AttachmentId } from '../ids.ts'
import type { TranscriptLine } from '../transcript.ts'
import type { DeskAct } from './change-hands.ts'
import { withLine } from './open-case.ts'

/**
 * Marks a picture as taken away wherever it stands in the talk, and tells the merchant while the case is open. Pure.
 * Gives `undefined` when it is marked already.
 */
export function removePicture(
  conversation: Conversation | undefined,
  { ticketId, now, content }: Pick<DeskAct, 'ticketId' | 'now' | 'content'>,
  id: AttachmentId,
): Conversation | undefined {
  const line = conversation?.transcript.find((one) => one.attachments?.some((picture) => picture.id === id))
  const isMarked = line?.attachments?.find((picture) => picture.id === id)?.removed === true
  if (conversation === undefined || isMarked) return undefined
  const marked = { ...conversation, transcript: conversation.transcript.map((one) => without(one, id)) }
  const isOpen = marked.tickets.some((ticket) => ticket.id === ticketId && ticket.status !== 'resolved')
  const isMerchants = line?.author === 'merchant'
  if (!isOpen || !isMerchants) return marked
  return withLine(marked, { author: 'system', text: content.replies.picture_removed, at: now })
}

function without(line: TranscriptLine, id: AttachmentId): TranscriptLine {
  if (line.attachments === undefined) return line
  const attachments = line.attachments.map((picture) =>
    picture.id === id ? { ...picture, removed: true as const } : picture,
  )
  return { ...line, attachments }
}
