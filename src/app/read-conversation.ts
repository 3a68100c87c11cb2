import type { Conversation } from '../core/conversation.ts'
import { openQuestion } from '../core/open-question.ts'
import { quotaLeft, type QuotaLeft } from '../core/quota.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import { getConversation } from './access.ts'
import { type Deliveries, readDeliveries } from './deliveries.ts'
import { withMaskedPhone } from './masked-slots.ts'
import type { Clock, Store } from './ports.ts'
import type { Viewer } from './staff-sessions.ts'

export type ConversationView = {
  readonly conversation: Conversation
  readonly flow: string | null
  readonly step: string | null
  /** The slots with the phone number masked: it stands in full only on the hand-over card. */
  readonly slots: Readonly<Record<string, string | number>>
  readonly transcript: readonly TranscriptLine[]
  readonly deliveries: Deliveries
  /** Absent where the channel counts no messages. */
  readonly quota?: QuotaLeft
}

/** Reads a conversation as staff see it; the look is audited. Throws `not_found`. */
export async function readConversation(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  viewer: Viewer,
  id: string,
): Promise<ConversationView> {
  const conversation = await getConversation(store, viewer, id)
  await store.appendAudit({
    at: clock.now(),
    agentId: viewer.member.id,
    action: 'look',
    detail: conversation.id,
  })
  const transcript = await store.readTranscript(conversation.id)
  return {
    conversation,
    ...openQuestion(conversation),
    slots: withMaskedPhone(conversation.dialogue.slots),
    transcript,
    deliveries: await readDeliveries(store, conversation),
    ...quotaOf(conversation, clock.now()),
  }
}

/** What staff may still send, where the channel counts it. Pure. */
export function quotaOf({ quota }: Pick<Conversation, 'quota'>, now: number): { readonly quota?: QuotaLeft } {
  return quota === undefined ? {} : { quota: quotaLeft(quota, now) }
}
