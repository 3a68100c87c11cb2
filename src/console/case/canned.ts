import type { CannedReply, Card, Ticket } from '../wire.ts'

/** The replies whose title or text holds what was typed after the `/`. */
export function matchingReplies(replies: readonly CannedReply[], typed: string): readonly CannedReply[] {
  const wanted = typed.trim().toLowerCase()
  return replies.filter(({ id, title, text }) => `${id} ${title} ${text}`.toLowerCase().includes(wanted))
}

/** Fills facts and the ticket's number into a reply; what is not known is left in brackets to be seen. */
export function fillReply(
  text: string,
  ticket: Ticket,
  slots: Card['slots'],
  slotName: (id: string) => string,
): string {
  return text.replace(/\{([a-z0-9_]+)\}/gu, (_whole, id: string) => {
    if (id === 'no') return ticket.number
    const value = Object.hasOwn(slots, id) ? slots[id] : undefined
    return value === undefined ? `【${slotName(id)}】` : String(value)
  })
}
