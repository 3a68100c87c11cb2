import type { Content, ReplyKey } from '../content.ts'
import type { Draft } from './draft.ts'
import { fillTemplate } from './template.ts'

/** The question for missing facts, in one sentence (“请发终端号和联系电话。”). Pure. */
export function askForMissing(content: Content, missing: readonly string[], key: ReplyKey): string {
  const text = fillTemplate(content.replies[key], {
    missing: listed(missing.map((want) => nameOf(content, want))),
  })
  if (!missing.includes('card_last4') || text.includes(CARD_WARNING)) return text
  return text.replace(/。$/u, `，${CARD_WARNING}。`)
}

/** Whoever is asked for digits of a card must hear which not to send (domain guide §8, 14). */
const CARD_WARNING = '勿发完整卡号和密码'

/** Every slot id behind a list of wanted facts. Pure. */
export function slotIds(wanted: readonly string[]): readonly string[] {
  return wanted.flatMap((want) => want.split('|'))
}

function nameOf(content: Content, want: string): string {
  const [first = want] = want.split('|')
  return content.slots.get(first)?.name ?? first
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join('、')}和${last}`
}

/** Tells whether a message asks how far things are. Pure. */
export function asksProgress({ content, text }: Draft): boolean {
  return content.asksProgress.some((words) => text.includes(words))
}

/** Says where the ticket stands to a merchant who asks for it while facts are still collected. */
export function tellProgress(draft: Draft): void {
  const ticket = draft.openTicket()
  if (ticket !== undefined && asksProgress(draft)) draft.reply('in_queue', { no: ticket.number })
}
