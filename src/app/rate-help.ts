import { isRateable, rate } from '../core/desk/rate.ts'
import { AppError } from '../core/errors.ts'
import type { DeskContent } from '../core/content.ts'
import { mask } from '../core/privacy/mask.ts'
import { changeConversation } from './change-conversation.ts'
import type { Bus, Clock, MerchantAddress, Store } from './ports.ts'

type Needs = {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly content: () => DeskContent
}

/**
 * Keeps how a merchant liked the last help, the bot's or the staff's; once more replaces it. The comment is masked.
 * Throws `conflict` when nothing has been solved yet.
 */
export async function rateHelp(
  needs: Needs,
  address: MerchantAddress,
  given: { readonly score: number; readonly comment?: string },
): Promise<void> {
  const { score, comment } = given
  const masked = comment === undefined ? undefined : mask(comment, { phones: 'mask' }).text
  const now = needs.clock.now()
  const { result: lastSeq } = await changeConversation(needs, address, now, (current) => {
    if (current === undefined || !isRateable(current)) {
      throw new AppError('conflict', 'there is nothing to rate yet')
    }
    const rating = { score, ...(masked === undefined ? {} : { comment: masked }) }
    return { conversation: rate(current, rating, now), result: current.lastSeq }
  })
  needs.bus.publish({ address, lastSeq })
}
