import type { Conversation, Rating } from '../conversation.ts'

/**
 * The conversation with how the merchant liked the last help: the newest resolved ticket, else what the bot solved. A
 * second rating of the same help takes the place of the first; without a comment it keeps the comment. Pure.
 */
export function rate(
  conversation: Conversation,
  given: { readonly score: number; readonly comment?: string },
  now: number,
): Conversation {
  const ticketId = conversation.tickets.findLast(({ status }) => status === 'resolved')?.id
  const others = (conversation.ratings ?? []).filter((rating) => rating.ticketId !== ticketId)
  const before = conversation.ratings?.find((rating) => rating.ticketId === ticketId)
  const comment = given.comment ?? before?.comment
  const rating: Rating = {
    score: given.score,
    at: now,
    ...(comment === undefined ? {} : { comment }),
    ...(ticketId === undefined ? {} : { ticketId }),
  }
  return { ...conversation, ratings: [...others, rating] }
}

/** Says whether there is something to rate: a resolved ticket, or a problem the bot solved. Pure. */
export function isRateable({ tickets, solved = 0 }: Conversation): boolean {
  return solved > 0 || tickets.some(({ status }) => status === 'resolved')
}

/**
 * Says whether the merchant may be asked how the bot did: it has solved something, nobody has said yet, and neither a
 * question is open nor did staff help, who ask themselves. Pure.
 */
export function asksForRating({
  tickets,
  solved = 0,
  ratings = [],
  holder,
  dialogue,
}: Conversation): boolean {
  const isFree = holder === 'bot' && tickets.length === 0 && dialogue.stack.length === 0
  return isFree && solved > 0 && ratings.length === 0
}

/** The newest rating. Pure. */
export function lastRating({ ratings = [] }: Conversation): Rating | undefined {
  return ratings.at(-1)
}
