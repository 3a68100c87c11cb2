import { attachmentId } from '../core/ids.ts'
import { checkPicture } from '../core/picture/check-picture.ts'
import { PictureError } from './picture-error.ts'
import { PictureQuota } from './picture-quota.ts'
import type { Clock, Ids, Store } from './ports.ts'
import type { SavePicture } from './picture-ports.ts'

/** Pictures of one talk in an hour, those of its agents not counted. */
export const PICTURES_PER_HOUR = 10

/** Makes the one door for pictures: quota, check by content, strip, keep. See `SavePicture`. */
export function savePicture(needs: {
  readonly store: Pick<Store, 'attachments'>
  readonly clock: Clock
  readonly ids: Ids
}): SavePicture {
  const { store, clock, ids } = needs
  const quota = new PictureQuota(PICTURES_PER_HOUR, clock)
  return async (address, bytes, uploadedBy) => {
    const giveBack = uploadedBy === undefined ? quota.take(address) : () => undefined
    try {
      const checked = checkPicture(bytes)
      if ('fault' in checked) throw new PictureError(checked.fault)
      const { mime, width, height, data } = checked.ok
      const attachment = { id: attachmentId(ids.id()), mime, width, height }
      const owner = { address, savedAt: clock.now(), ...(uploadedBy === undefined ? {} : { uploadedBy }) }
      await store.attachments.save({ ...attachment, ...owner }, data)
      return attachment
    } catch (error) {
      giveBack()
      throw error
    }
  }
}
