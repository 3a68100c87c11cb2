import type { Content, ReplyKey } from '../content.ts'
import type { Draft } from './draft.ts'
import { isStaffed, sayWhen, staffedFrom } from '../desk/staff-time.ts'
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

/** Tells whether a turn may have to say where a ticket stands: who asks, or calls for the human they wait for. Pure. */
export function mayAskProgress(
  { asksProgress, interrupts }: Pick<Content, 'asksProgress' | 'interrupts'>,
  text: string,
): boolean {
  const calls = interrupts.filter(({ intent }) => intent === 'talk_to_human').flatMap(({ words }) => words)
  return [...asksProgress, ...calls].some((words) => text.includes(words))
}

/** Says where the ticket stands to a merchant who asks for it while facts are still collected. */
export function tellProgress(draft: Draft): void {
  if (draft.openTicket() !== undefined && asksProgress(draft)) sayWhereItStands(draft)
}

/** Tells who waits for a human where the ticket stands, as far as it is known, and when staff are back. */
export function sayWhereItStands(draft: Draft): void {
  const no = draft.openTicket()?.number ?? ''
  const { waiting } = draft.context
  if (waiting === undefined) draft.reply('in_queue', { no })
  else {
    draft.reply('in_queue_place', { no, place: String(waiting.position) })
    if (waiting.minutes !== undefined) draft.reply('in_queue_minutes', { minutes: String(waiting.minutes) })
  }
  sayWhenStaffAreBack(draft)
}

/** Outside staff hours, says when they begin; the most urgent cases are answered at any hour. */
export function sayWhenStaffAreBack(draft: Draft): void {
  const { now } = draft.context
  if (draft.openTicket()?.priority === 'P1' || isStaffed(now, draft.content)) return
  draft.reply('after_hours', { when: sayWhen(staffedFrom(now, draft.content), now) })
}
