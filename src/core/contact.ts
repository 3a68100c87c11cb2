import type { Conversation } from './conversation.ts'
import { type QuotaGrant, withGrant } from './quota.ts'

/** How a merchant is reached on a channel that is pushed to, and what the act that told us lets us send. */
export type Contact = {
  /** The address in the channel's own terms. It is personal data: it goes when the merchant goes. */
  readonly reach: string
  readonly grants?: QuotaGrant
}

/** The conversation with the contact of the act it answers. Pure. */
export function withContact(
  conversation: Conversation,
  contact: Contact | undefined,
  now: number,
): Conversation {
  if (contact === undefined) return conversation
  const { leftAt, ...rest } = conversation
  void leftAt
  return {
    ...rest,
    reach: contact.reach,
    quota: withGrant(conversation.quota ?? [], contact.grants, now),
  }
}
