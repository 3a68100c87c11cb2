import { AppError } from '../core/errors.ts'
import type { AgentId, AttachmentId } from '../core/ids.ts'
import type { Attachment } from '../core/transcript.ts'
import type { MerchantAddress, Store } from './ports.ts'
import type { StoredAttachment } from './picture-ports.ts'

export const PICTURES_PER_MESSAGE = 4

/** What a message may carry of the pictures it names: they, or why not. */
export type SentPictures = { readonly attachments: readonly Attachment[]; readonly refusal?: AppError }

/**
 * Looks up the pictures a message names and notes them as sent. They must have been brought for this very talk, by
 * the merchant or by `agent`; a foreign one is as absent as one that never was. The refusal is a value, because a
 * copy of a message gets its first answer whatever became of the pictures. Rejects as the store does.
 */
export async function sendPictures(
  store: Pick<Store, 'attachments'>,
  address: MerchantAddress,
  ids: readonly AttachmentId[],
  agent?: AgentId,
): Promise<SentPictures> {
  const found: StoredAttachment[] = []
  for (const id of ids) {
    const picture = await store.attachments.find(id)
    if (picture === undefined || !isOwn(picture, address, agent))
      return { attachments: [], refusal: absent(id) }
    found.push(picture)
  }
  if (found.length > 0) await store.attachments.markSent(ids)
  return { attachments: found.map(({ id, mime, width, height }) => ({ id, mime, width, height })) }
}

function isOwn({ address, uploadedBy }: StoredAttachment, wanted: MerchantAddress, agent?: AgentId): boolean {
  return (
    address.channel === wanted.channel && address.merchantKey === wanted.merchantKey && uploadedBy === agent
  )
}

function absent(id: AttachmentId): AppError {
  return new AppError('invalid', `attachmentIds: there is no picture "${id}" here; upload it again`)
}
