import type { Conversation } from '../core/conversation.ts'
import { isStaffed, type StaffTime } from '../core/desk/staff-time.ts'
import type { Clock, FirstAnswer, Store } from './ports.ts'

/** Where a merchant stands who waits for a human: 1 is next. `minutes` only where recent answers tell. */
export type Waiting = { readonly position: number; readonly minutes?: number }

/** Tells where a merchant stands; undefined when they wait for nobody. Rejects as the store does. */
export type FindWaiting = (conversation: Conversation) => Promise<Waiting | undefined>

type Needs = {
  readonly store: Pick<Store, 'queuePosition' | 'recentAnswers'>
  readonly clock: Clock
  readonly content: () => StaffTime
}

const LOOKED_AT = 20
/** Fewer answers than these, or older ones, tell nothing about the wait of today. */
const LEAST_ANSWERS = 5
const RECENT_MS = 7 * 24 * 60 * 60 * 1000

/** Makes the look at the queue that panels and the bot tell merchants about. */
export function findWaiting({ store, clock, content }: Needs): FindWaiting {
  return async ({ holder, tickets }) => {
    const waits = holder === 'queue' ? tickets.find(({ status }) => status === 'open') : undefined
    const position = waits && (await store.queuePosition(waits.id))
    if (position === undefined) return undefined
    const now = clock.now()
    const minutes = isStaffed(now, content())
      ? usualMinutes(await store.recentAnswers(LOOKED_AT), now)
      : undefined
    return { position, ...(minutes === undefined ? {} : { minutes }) }
  }
}

/** The middle one of the recent waits, in whole minutes and at least one; undefined where there are too few. */
function usualMinutes(answers: readonly FirstAnswer[], now: number): number | undefined {
  const recent = answers.filter(({ at }) => now - at <= RECENT_MS).map(({ minutes }) => minutes)
  if (recent.length < LEAST_ANSWERS) return undefined
  const sorted = recent.sort((a, b) => a - b)
  return Math.max(1, Math.ceil(sorted[Math.floor(sorted.length / 2)] ?? 1))
}
