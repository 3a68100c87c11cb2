import type { AgentId, AttachmentId } from '../core/ids.ts'
import type { Attachment } from '../core/transcript.ts'
import type { MerchantAddress } from './ports.ts'

/** A picture as the store keeps it, without its bytes. */
export type StoredAttachment = Attachment & {
  /** The merchant whose talk it belongs to; nobody else's may show it. */
  readonly address: MerchantAddress
  /** The member of staff who brought it; absent when the merchant did. */
  readonly uploadedBy?: AgentId
  readonly savedAt: number
}

/**
 * Where pictures lie: files beside the conversations, or rows of the database that holds them. They are checked and
 * stripped before they come here. Promises as those of the store: what resolves is durable.
 */
export interface AttachmentStore {
  /** Keeps a new picture. It counts as unsent until `markSent`. */
  save(attachment: StoredAttachment, data: Uint8Array): Promise<void>
  find(id: AttachmentId): Promise<StoredAttachment | undefined>
  /** The picture with its bytes, exactly as saved; rejects with `internal` when they are not. */
  read(
    id: AttachmentId,
  ): Promise<{ readonly attachment: StoredAttachment; readonly data: Uint8Array } | undefined>
  /** Notes that pictures go out with a line, before that line is stored. Once more, or for an absent one, is nothing. */
  markSent(ids: readonly AttachmentId[]): Promise<void>
  /** Takes a picture away for good; an absent one is nothing. */
  remove(id: AttachmentId): Promise<void>
  /** Takes away what was saved before `before` (epoch ms) and never sent; says how many. */
  removeUnsent(before: number): Promise<number>
}

/**
 * The one door for pictures: `app/save-picture.ts`. Checks one by its content, strips it and keeps it, unsent, for
 * the talk at `address`. Rejects with `PictureError` for what is no picture we take, `too_many` past the quota,
 * `unavailable` as the store does.
 */
export type SavePicture = (
  address: MerchantAddress,
  bytes: Uint8Array,
  uploadedBy?: AgentId,
) => Promise<Attachment>
