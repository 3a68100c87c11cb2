/** A merchant's act that lets us send: a message for two days, a follow or a menu click for a moment. */
export const QUOTA_GRANTS = ['message', 'moment'] as const
export type QuotaGrant = (typeof QUOTA_GRANTS)[number]

/** A right to send some messages until a time (epoch ms). */
export type QuotaShare = { readonly grant: QuotaGrant; readonly until: number; readonly remaining: number }

/**
 * What a channel that counts still takes for one merchant: the shares their messages, menu clicks and follow gave us.
 * Absent where nobody counts.
 */
export type Quota = readonly QuotaShare[]

const SHARES: Readonly<Record<QuotaGrant, { count: number; windowMs: number }>> = {
  message: { count: 5, windowMs: 48 * 60 * 60 * 1000 },
  moment: { count: 3, windowMs: 60 * 1000 },
}

/** Messages that the bot leaves to the staff. */
export const STAFF_RESERVE = 2

/** The quota after an act of the merchant: its share begins anew. Pure. */
export function withGrant(quota: Quota, grant: QuotaGrant | undefined, now: number): Quota {
  const open = quota.filter(({ until }) => until > now)
  if (grant === undefined) return open
  const { count, windowMs } = SHARES[grant]
  return [
    ...open.filter((share) => share.grant !== grant),
    { grant, until: now + windowMs, remaining: count },
  ]
}

/** The quota after `count` messages went out: what runs out first is used first. Pure. */
export function afterSending(quota: Quota, count: number, now: number): Quota {
  let left = count
  return [...quota]
    .filter(({ until }) => until > now)
    .sort((a, b) => a.until - b.until)
    .map((share) => {
      const used = Math.min(left, share.remaining)
      left -= used
      return { ...share, remaining: share.remaining - used }
    })
}

/** The quota once the channel said that it is used up, or that nothing can be sent at all. Pure. */
export function usedUp(quota: Quota): Quota {
  return quota.map((share) => ({ ...share, remaining: 0 }))
}

/** How many messages can still be sent, and until when (epoch ms); null once no time is left. */
export type QuotaLeft = { readonly remaining: number; readonly windowEndsAt: number | null }

/** What is left of a quota. Pure. */
export function quotaLeft(quota: Quota, now: number): QuotaLeft {
  const open = quota.filter(({ until }) => until > now)
  return {
    remaining: open.reduce((sum, { remaining }) => sum + remaining, 0),
    windowEndsAt: open.length === 0 ? null : Math.max(...open.map(({ until }) => until)),
  }
}

/**
 * Whether the bot may still push: it leaves the last messages of a window to the staff. Always true where nobody
 * counts. Pure.
 */
export function mayBotPush(quota: Quota | undefined, now: number): boolean {
  return quota === undefined || quotaLeft(quota, now).remaining > STAFF_RESERVE
}
