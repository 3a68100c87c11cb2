import type { Content } from '../content.ts'
import { type Dialogue, emptyDialogue } from '../conversation.ts'
import type { Entity } from '../nlu/understanding.ts'
import type { Draft } from './draft.ts'

/** Entity kinds whose slot has another name. */
const SLOT_OF_ENTITY: Readonly<Record<string, string>> = {
  response_code: 'error_code',
  phone: 'contact_phone',
}

/** Words for two payments: a second amount in the message is that of the second one. */
const TWO_PAYMENTS = /[两二2俩](?:笔|次|遍|回|道|条)|双份|双倍|重复|多(?:扣|刷|收)了?一/u
/** Both payments were the same: 都是256, 各299, 128元两笔. */
const SAME_TWICE = /都是|都系|各|一样|一模一样|每笔|每次|[两2]笔 ?\d|(?:元|块|蚊)(?:的)?[两2]笔/u

/**
 * A dialogue ready for the next problem: what belongs to the shop and its terminal stays known, and what a flow
 * remembers for the rest of the conversation; what belonged to the last problem is forgotten. Pure.
 */
export function nextProblem(content: Pick<Content, 'slots' | 'flows'>, dialogue: Dialogue): Dialogue {
  const lasting = Object.entries(dialogue.slots).filter(([slot]) => content.slots.get(slot)?.lasting === true)
  const remembered = [
    'only_terminal',
    ...[...content.flows.values()].flatMap(({ remembers }) => [...remembers.keys()]),
  ]
  const notes = Object.entries(dialogue.notes).filter(([note]) => remembered.includes(note))
  return {
    ...emptyDialogue(),
    slots: Object.fromEntries(lasting),
    notes: Object.fromEntries(notes),
    mood: dialogue.mood,
    angryTurns: dialogue.angryTurns,
    maskNoticeGiven: dialogue.maskNoticeGiven,
    outOfScopeRun: dialogue.outOfScopeRun,
  }
}

/**
 * Fills slots from the facts of a message. A known slot keeps its value unless the open question asks for it,
 * or `overwrite` says that the merchant corrects himself. The facts are those of this message, unless `entities`
 * gives others.
 */
export function fillSlots(
  draft: Draft,
  asked: readonly string[],
  overwrite: boolean,
  entities: readonly Entity[] = draft.input.understanding.entities,
): readonly string[] {
  const slots: Record<string, string | number> = { ...draft.dialogue.slots }
  const filled: string[] = []
  const seen = new Map<string, Entity>()
  const ofTwo = asked.includes('amount_2') || TWO_PAYMENTS.test(draft.text)
  for (const entity of entities) {
    const slot = SLOT_OF_ENTITY[entity.kind] ?? entity.kind
    if (!draft.content.slots.has(slot)) continue
    if (slot === 'card_last4' && !inMoneyFlow(draft) && !asked.includes(slot)) continue
    if (!isAboutIt(draft, slot)) continue
    const before = seen.get(slot)
    if (before !== undefined && slot === 'amount' && ofTwo) {
      slots['amount_2'] = entity.value
      filled.push('amount_2')
      continue
    }
    if (before !== undefined && before.value !== entity.value) {
      // Two ways of reading in one message say nothing about which one is meant.
      if (slot === 'card_interface') Reflect.deleteProperty(slots, slot)
      continue
    }
    seen.set(slot, entity)
    if (slots[slot] !== undefined && !overwrite && !asked.includes(slot)) continue
    slots[slot] = entity.value
    filled.push(slot)
  }
  const { amount } = slots
  const isTwice = filled.includes('amount') && !filled.includes('amount_2') && SAME_TWICE.test(draft.text)
  if (amount !== undefined && isTwice && ofTwo) slots['amount_2'] = amount
  draft.update({ slots })
  return filled
}

/** Takes up the notes that content listens for (“几张卡都报”, “店里就这一台”). */
export function hearNotes(draft: Draft): void {
  const notes: Record<string, string> = { ...draft.dialogue.notes }
  for (const [note, words] of draft.content.notes) {
    if (draft.content.matcher.says(draft.text, words)) notes[note] = 'yes'
  }
  draft.update({ notes })
}

/** Keeps what was said: facts in it may answer questions that are still to come. */
export function hear(draft: Draft): void {
  if (draft.text.trim() === '') return
  draft.update({ heard: [...draft.dialogue.heard, draft.text].slice(-12) })
}

/** Keeps the last four digits of a card once a money flow is open, also when it opened in this very turn. */
export function keepCardTail(draft: Draft): void {
  if (draft.dialogue.slots['card_last4'] !== undefined || !inMoneyFlow(draft)) return
  const tail = draft.input.understanding.entities.find((entity) => entity.kind === 'card_last4')
  if (tail !== undefined) draft.update({ slots: { ...draft.dialogue.slots, card_last4: tail.value } })
}

/** “重插网线” says nothing about how a card is read. Without an open flow any problem may be meant. */
function isAboutIt(draft: Draft, slot: string): boolean {
  const onlyIn = draft.content.slots.get(slot)?.onlyIn ?? null
  const open = draft.dialogue.stack.at(-1)
  return onlyIn === null || open === undefined || onlyIn.includes(open.flow)
}

function inMoneyFlow(draft: Draft): boolean {
  return draft.dialogue.stack.some((frame) => draft.content.flows.get(frame.flow)?.money === true)
}
