import type { Content } from '../content.ts'
import type { Dialogue } from '../conversation.ts'
import type { FlowWorld } from '../flow/facts.ts'
import type { Answer, Step } from '../flow/flow.ts'
import { type Day, dayOf } from '../nlu/entities/shanghai-time.ts'
import { addWorkingDays, dayKey, workingDaysBetween } from '../working-days.ts'
import { deadlineIn } from './deadline.ts'
import { fillTemplate } from './template.ts'

/** Working days by which money may be late before the case is urgent. */
const LATE_DAYS = 3

/** Gives the flow engine what it may know of the content, the talk and the day. Pure; `now` is epoch ms. */
export function flowWorld(content: Content, ticketNumber: () => string, now: number): FlowWorld {
  return {
    flows: content.flows,
    derived: (name, dialogue) => derivedFact(name, dialogue, content, now),
    told: (_, step, dialogue) => toldAnswer(content, step, dialogue),
    render: (text, dialogue) => fillTemplate(text, templateValues(content, dialogue, ticketNumber)),
  }
}

/** Names that conditions may use besides steps, slots and notes. */
export const DERIVED_NAMES = [
  'code_class',
  'code_money',
  /** The customer was debited, or may have been. */
  'money_at_risk',
  /** The sale was made today. */
  'sold_today',
  /** The money of the sale should have arrived; `settlement_late`: days ago. */
  'settlement_due',
  'settlement_late',
  /** The merchant told a last day; `deadline_near`: at most one working day is left until the day told or named. */
  'deadline_told',
  'deadline_near',
] as const
type DerivedName = (typeof DERIVED_NAMES)[number]

const isDerived = (name: string): name is DerivedName => DERIVED_NAMES.some((known) => known === name)

function derivedFact(name: string, dialogue: Dialogue, content: Content, now: number): string | undefined {
  if (!isDerived(name)) return undefined
  switch (name) {
    case 'code_class':
    case 'code_money':
      return codeFact(name, dialogue, content)
    case 'money_at_risk':
      return yesNo(dialogue.moneyAtRisk)
    case 'sold_today':
    case 'settlement_due':
    case 'settlement_late':
      return saleFact(name, dialogue, content, now)
    case 'deadline_told':
    case 'deadline_near':
      return deadlineFact(name, dialogue, content, now)
  }
}

function codeFact(
  name: 'code_class' | 'code_money',
  dialogue: Dialogue,
  content: Content,
): string | undefined {
  const code = dialogue.slots['error_code']
  if (code === undefined) return undefined
  const entry = content.lexicon.codes.get(String(code))
  return name === 'code_class' ? (entry?.class ?? 'NOT_LISTED') : entry?.money
}

/** What follows from the day of the sale; undefined while no sale was dated. */
function saleFact(
  name: 'sold_today' | 'settlement_due' | 'settlement_late',
  dialogue: Dialogue,
  { holidays, provider }: Content,
  now: number,
): string | undefined {
  const sold = Date.parse(String(dialogue.slots['txn_time'] ?? ''))
  if (Number.isNaN(sold)) return undefined
  const today = dayOf(now)
  if (name === 'sold_today') return yesNo(dayKey(dayOf(sold)) === dayKey(today))
  const due = addWorkingDays(dayOf(sold), provider.settlementDays, holidays)
  if (name === 'settlement_due') return yesNo(dayKey(today) > dayKey(due))
  return yesNo(workingDaysBetween(due, today, holidays) > LATE_DAYS)
}

/** A last day that was told counts before a day that is merely named, which counts in the last message only. */
function deadlineFact(
  name: 'deadline_told' | 'deadline_near',
  dialogue: Dialogue,
  { holidays }: Content,
  now: number,
): string | undefined {
  const texts = [...dialogue.heard].reverse()
  let day: Day | undefined
  for (const text of texts) day ??= deadlineIn(text, now, holidays, 'last days only')
  if (name === 'deadline_told') return yesNo(day !== undefined)
  day ??= deadlineIn(texts[0] ?? '', now, holidays, 'any day')
  return day === undefined ? undefined : yesNo(workingDaysBetween(dayOf(now), day, holidays) <= 1)
}

function yesNo(is: boolean): 'yes' | 'no' {
  return is ? 'yes' : 'no'
}

function toldAnswer(
  content: Content,
  step: Step,
  dialogue: Dialogue,
): { answer: Answer; said: string } | undefined {
  const said = dialogue.heard.at(-1) ?? ''
  const settled = step.answers.find((answer) => slotsOf(answer).length > 0 && isSettled(answer, dialogue))
  if (settled !== undefined) return { answer: settled, said }
  // An answer that is told by name says more than the mere fact that a slot is known.
  const told = content.matcher.told(step, dialogue.heard)
  if (told !== undefined) return told
  const given = step.answers.find((answer) => answer.gives.length > 0 && isSettled(answer, dialogue))
  return given === undefined ? undefined : { answer: given, said }
}

function slotsOf(answer: Answer): readonly (readonly [string, string])[] {
  return Object.entries(answer.set).filter(([name]) => !name.startsWith('note.'))
}

/** Says whether every slot an answer would set has its value, and every slot it wants is known. */
function isSettled(answer: Answer, dialogue: Dialogue): boolean {
  return (
    slotsOf(answer).every(([name, value]) => dialogue.slots[name] === value) &&
    answer.gives.every((slot) => dialogue.slots[slot] !== undefined)
  )
}

function templateValues(
  content: Content,
  dialogue: Dialogue,
  ticketNumber: () => string,
): Readonly<Record<string, string | undefined>> {
  const code = dialogue.slots['error_code']
  const entry = code === undefined ? undefined : content.lexicon.codes.get(String(code))
  const phone = dialogue.slots['contact_phone']
  return {
    no: ticketNumber(),
    phone4: phone === undefined ? undefined : String(phone).slice(-4),
    code: code === undefined ? undefined : String(code),
    meaning: entry?.meaning,
    advice: entry === undefined ? undefined : content.lexicon.classes.get(entry.class),
    provider: content.provider.name,
    hotline: content.provider.hotline,
    hours: content.provider.hours,
  }
}
