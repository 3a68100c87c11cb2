import { AppError } from '../core/errors.ts'
import { attachmentId, isOwnId } from '../core/ids.ts'
import { mayRead } from './access.ts'
import type { Clock, MerchantAddress, Store } from './ports.ts'
import type { StoredAttachment } from './picture-ports.ts'
import type { Viewer } from './staff-sessions.ts'

export type ReadPicture = { readonly attachment: StoredAttachment; readonly data: Uint8Array }

/** Reads a picture of a merchant's own talk. Throws `not_found` alike for absent, malformed and foreign ids. */
export async function readOwnPicture(
  store: Pick<Store, 'attachments'>,
  address: MerchantAddress,
  id: string,
): Promise<ReadPicture> {
  const found = await read(store, id)
  const owner = found?.attachment.address
  if (!found || owner?.channel !== address.channel || owner.merchantKey !== address.merchantKey)
    throw absent()
  return found
}

/** Reads a picture as staff see it; the look is audited. Throws `not_found`. */
export async function readPictureAsStaff(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  viewer: Viewer,
  id: string,
): Promise<ReadPicture> {
  const found = mayRead(viewer) ? await read(store, id) : undefined
  if (!found) throw absent()
  const entry = { at: clock.now(), agentId: viewer.member.id, action: 'look_at_picture', detail: id } as const
  await store.appendAudit(entry)
  return found
}

function read(store: Pick<Store, 'attachments'>, id: string): Promise<ReadPicture | undefined> {
  return isOwnId(id) ? store.attachments.read(attachmentId(id)) : Promise.resolve(undefined)
}

function absent(): AppError {
  return new AppError('not_found', 'there is no such picture')
}
