import type { Content } from '../content.ts'
import type { Conversation, Dialogue } from '../conversation.ts'
import { type Ticket, moreUrgent } from '../ticket.ts'

/**
 * The ticket that the present talk is about: the newest one that is not resolved. While the bot holds the
 * conversation, paperwork of a problem that is over (domain guide §8, 23) is another case. Pure.
 */
export function presentCase(conversation: Conversation, dialogue: Dialogue): Ticket | undefined {
  const ticket = newestOpen(conversation)
  return ticket === undefined || !isAside(conversation, ticket) || isContinued(ticket, dialogue)
    ? ticket
    : undefined
}

/** The newest ticket whose conversation stayed with the bot: what is told later belongs to it. Pure. */
export function caseAside(conversation: Conversation): Ticket | undefined {
  const ticket = newestOpen(conversation)
  return ticket !== undefined && isAside(conversation, ticket) ? ticket : undefined
}

/**
 * A conversation has one open ticket: paperwork and a problem that comes after it share one, which is about the new
 * problem from now on and keeps in words what it was about. Pure.
 */
export function joinedWith(content: Content, aside: Ticket, fresh: Ticket): Ticket {
  const priority = moreUrgent(aside.priority, fresh.priority)
  // Whichever is the more urgent says why.
  const { reason, card } = priority === fresh.priority ? fresh : aside
  return {
    ...fresh,
    id: aside.id,
    number: aside.number,
    createdAt: aside.createdAt,
    version: aside.version + 1,
    priority,
    reason,
    dueAt: Math.min(aside.dueAt, fresh.dueAt),
    ...(fresh.solveBy === undefined
      ? {}
      : { solveBy: Math.min(aside.solveBy ?? fresh.solveBy, fresh.solveBy) }),
    isRaised: aside.isRaised || fresh.isRaised,
    additions: [...aside.additions, earlierIn(content, aside)],
    card: { ...fresh.card, priority, priorityReason: card.priorityReason },
  }
}

/** What a ticket was opened for, in a line: “此前登记：重复扣款，金额256（DU1:one DU2:one）”. */
function earlierIn({ intents, slots }: Content, { intent, card }: Ticket): string {
  const facts = Object.entries(card.slots).flatMap(([id, value]) => {
    const slot = slots.get(id)
    return slot === undefined || slot.lasting ? [] : [`，${slot.name}${value}`]
  })
  const path = card.path.map(({ step, answer }) => `${step}:${answer}`).join(' ')
  const title = intents.get(intent)?.title ?? intent
  return `此前登记：${title}${facts.join('')}${path === '' ? '' : `（${path}）`}`
}

function newestOpen({ tickets }: Conversation): Ticket | undefined {
  return tickets.filter(({ status }) => status !== 'resolved').at(-1)
}

function isAside({ holder }: Conversation, { status, assignee }: Ticket): boolean {
  return holder === 'bot' && status === 'open' && assignee === undefined
}

/** The talk since is the same as on the card, and may have gone on: it is the same problem. */
function isContinued({ card, intent }: Ticket, dialogue: Dialogue): boolean {
  const isPrefix = card.path.every((row, index) => {
    const now = dialogue.path[index]
    return now?.step === row.step && now.answer === row.answer && now.said === row.said
  })
  return isPrefix && (card.path.length > 0 || intent === dialogue.intent)
}
