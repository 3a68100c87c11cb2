import type { Content } from '../core/content.ts'
import type { ConversationId } from '../core/ids.ts'
import { claimNotice, isNoticeDue, NEWS_MS, recordNotice } from '../core/desk/notice.ts'
import { REASON_WORDS, type Ticket } from '../core/ticket.ts'
import { changeConversation } from './change-conversation.ts'
import type { SendOutcome } from '../core/outbox.ts'
import type { Clock, MerchantAddress, Random, Store } from './ports.ts'

/** What a notice says of a new ticket: nothing by which the merchant could be known. */
export type Notice = {
  readonly number: string
  readonly priority: Ticket['priority']
  readonly reason: string
  readonly intent: string
  readonly moneyAtRisk: boolean
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** Address of the ticket in the console. */
  readonly link: string
}

export type PostNoticesNeeds = {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly content: () => Pick<Content, 'provider' | 'holidays' | 'intents' | 'slots'>
  /** Posts a notice; resolves with what is known for sure. */
  readonly post: (notice: Notice) => Promise<SendOutcome>
  readonly consoleUrl: string
  /** Told of a notice that could not be written; it is tried again. */
  readonly onError: (error: unknown) => void
}

const PAGE = 100
/** Slots that lead to a person stay on the card. */
const PERSONAL = new Set(['contact_phone', 'contact_name', 'service_address'])

/**
 * Tells staff of each ticket that nobody has taken yet, once: marked durably before it leaves, and what became of it
 * after. It is news only: what cannot be told within an hour is left to the queue. Rejects when the store cannot list.
 */
export async function postNotices(needs: PostNoticesNeeds): Promise<void> {
  const { store, clock, onError } = needs
  // Looked at once a second: only what may still be news is read.
  const news = { status: 'open', openedAfter: clock.now() - NEWS_MS, limit: PAGE } as const
  for (let after: string | undefined; ;) {
    const query = { ...news, ...(after === undefined ? {} : { after }) }
    const { rows, next } = await store.listTickets(query)
    for (const { ticket, conversationId } of rows) {
      if (isNoticeDue(ticket, clock.now())) await postOne(needs, ticket, conversationId).catch(onError)
    }
    if (next === undefined) return
    after = next
  }
}

async function postOne(needs: PostNoticesNeeds, ticket: Ticket, id: ConversationId): Promise<void> {
  const { store, clock, random } = needs
  const address = await store.findConversation(id)
  if (address === undefined || !(await claim(needs, address, ticket))) return
  const outcome = await needs.post(noticeFor(needs, ticket))
  const now = clock.now()
  const at = { now, random: random() }
  await changeConversation(needs, address, now, (current) =>
    current === undefined
      ? { result: undefined }
      : { conversation: recordNotice(current, ticket.id, outcome, at), result: undefined },
  )
}

async function claim(needs: PostNoticesNeeds, address: MerchantAddress, { id }: Ticket): Promise<boolean> {
  const now = needs.clock.now()
  const { conversation } = await changeConversation(needs, address, now, (current) => {
    const claimed = current === undefined ? undefined : claimNotice(current, id, now)
    return { ...(claimed === undefined ? {} : { conversation: claimed }), result: undefined }
  })
  return conversation !== undefined
}

function noticeFor({ content, consoleUrl }: PostNoticesNeeds, ticket: Ticket): Notice {
  const { intents, slots } = content()
  const { id, number, priority, reason, intent, card } = ticket
  return {
    number,
    priority,
    reason: REASON_WORDS[reason],
    intent: intents.get(intent)?.title ?? intent,
    moneyAtRisk: card.moneyAtRisk,
    facts: Object.entries(card.slots)
      .filter(([slot]) => !PERSONAL.has(slot))
      .map(([slot, value]) => [slots.get(slot)?.name ?? slot, String(value)]),
    link: `${consoleUrl}/console#/tickets/${id}`,
  }
}
