import { AppError } from '../core/errors.ts'
import type { AttachmentId } from '../core/ids.ts'
import type { SavePicture } from './picture-ports.ts'
import type { MerchantAddress } from './ports.ts'

/**
 * Keeps what a provider handed over as a merchant's picture; undefined for what is none, or one too many. Rejects with
 * `unavailable` when the store refuses.
 */
export async function keepPicture(
  savePicture: SavePicture,
  address: MerchantAddress,
  bytes: Uint8Array,
): Promise<AttachmentId | undefined> {
  try {
    return (await savePicture(address, bytes)).id
  } catch (error) {
    if (error instanceof AppError && (error.code === 'invalid' || error.code === 'too_many')) return undefined
    throw error
  }
}
