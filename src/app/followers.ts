import type { Content } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { withLine } from '../core/desk/open-case.ts'
import { withoutMerchant } from '../core/erase.ts'
import { conversationId } from '../core/ids.ts'
import { withAnswerEntry } from '../core/outbox.ts'
import { changeConversation } from './change-conversation.ts'
import { openConversation, withDedupe } from './open-conversation.ts'
import type { InboundMessage } from './channel-ports.ts'
import type { Bus, Clock, Ids, Store } from './ports.ts'

export type FollowersNeeds = {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly ids: Ids
  readonly content: () => Pick<Content, 'provider' | 'holidays' | 'replies'>
}

/** Something a merchant did to the account without saying anything. */
export type FollowerEvent = Pick<InboundMessage, 'address' | 'dedupeKey' | 'contact'>

/**
 * Notes that a merchant follows the account and greets them, unless a talk is under way. Idempotent by `dedupeKey`.
 * Gives the conversation as it is now. Rejects as `Store.turn` does.
 */
export async function welcomeFollower(needs: FollowersNeeds, event: FollowerEvent): Promise<Conversation> {
  const { clock, ids, bus } = needs
  const now = clock.now()
  const fresh = conversationId(ids.id())
  const content = needs.content()
  const { conversation, result } = await changeConversation(needs, event.address, now, (current) => {
    if (current !== undefined && knows(current, event)) return { result: current }
    const opened = openConversation(current, event, { content, now, fresh })
    const greeted = isAtRest(opened) ? greet(opened, content, now) : opened
    const noted = withDedupe(greeted, event.dedupeKey, greeted.lastSeq, now)
    return { conversation: noted, result: noted }
  })
  if (conversation !== undefined) bus.publish({ address: event.address, lastSeq: conversation.lastSeq })
  return conversation ?? result
}

/**
 * Notes that a merchant has left the account: from here on nothing is sent, and what is personal is erased as soon as
 * no ticket is open. Idempotent by `dedupeKey`, so that a late copy does not undo a new follow. Rejects as
 * `Store.turn` does.
 */
export async function partWithFollower(needs: FollowersNeeds, event: FollowerEvent): Promise<void> {
  const now = needs.clock.now()
  const { conversation } = await changeConversation(needs, event.address, now, (current) => {
    if (current === undefined || knows(current, event)) return { result: undefined }
    const left = withDedupe(withoutMerchant(current, now), event.dedupeKey, current.lastSeq, now)
    return { conversation: left, result: undefined }
  })
  if (conversation !== undefined) {
    needs.bus.publish({ address: event.address, lastSeq: conversation.lastSeq })
  }
}

function greet(conversation: Conversation, { replies }: Pick<Content, 'replies'>, now: number): Conversation {
  return withAnswerEntry(withLine(conversation, { author: 'bot', text: replies.greet, at: now }), now)
}

function isAtRest({ holder, dialogue }: Conversation): boolean {
  return holder === 'bot' && dialogue.stack.length === 0 && dialogue.prompt === null
}

function knows({ dedupe }: Conversation, { dedupeKey }: FollowerEvent): boolean {
  return dedupe.some(({ key }) => key === dedupeKey)
}
