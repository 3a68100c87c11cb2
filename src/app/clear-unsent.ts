import type { Clock, Store } from './ports.ts'

/** A picture that was brought and not sent within this time is taken away. */
export const UNSENT_KEPT_MS = 24 * 3_600_000

/** Takes away the pictures nobody sent for a day; gives their number. Rejects as the store does. */
export function clearUnsent(needs: {
  readonly store: Pick<Store, 'attachments'>
  readonly clock: Clock
}): Promise<number> {
  return needs.store.attachments.removeUnsent(needs.clock.now() - UNSENT_KEPT_MS)
}
