import type { Content } from '../content.ts'
import type { Dialogue } from '../conversation.ts'
import type { FlowWorld } from '../flow/advance.ts'
import type { Answer, Step } from '../flow/flow.ts'
import type { EntityLexicon } from '../nlu/entities/lexicon.ts'
import { fillTemplate } from './template.ts'

/** Gives the flow engine what it may know of the content and the talk. Pure. */
export function flowWorld(content: Content, ticketNumber: () => string): FlowWorld {
  return {
    flows: content.flows,
    derived: (name, dialogue) => derivedFact(name, dialogue, content.lexicon),
    told: (_, step, dialogue) => toldAnswer(content, step, dialogue),
    render: (text, dialogue) => fillTemplate(text, templateValues(content, dialogue, ticketNumber)),
  }
}

/** Names that conditions may use besides steps, slots and notes. */
export const DERIVED_NAMES = ['code_class', 'code_money'] as const

function derivedFact(name: string, dialogue: Dialogue, lexicon: EntityLexicon): string | undefined {
  const code = dialogue.slots['error_code']
  if (code === undefined) return undefined
  const entry = lexicon.codes.get(String(code))
  if (name === 'code_class') return entry?.class ?? 'NOT_LISTED'
  if (name === 'code_money') return entry?.money
  return undefined
}

function toldAnswer(
  content: Content,
  step: Step,
  dialogue: Dialogue,
): { answer: Answer; said: string } | undefined {
  const settled = step.answers.find((answer) => isSettled(answer, dialogue))
  if (settled !== undefined) return { answer: settled, said: dialogue.heard.at(-1) ?? '' }
  return content.matcher.told(step, dialogue.heard)
}

/** An answer whose slots already have its values, or that only wanted a slot that is known. */
function isSettled(answer: Answer, dialogue: Dialogue): boolean {
  const set = Object.entries(answer.set).filter(([name]) => !name.startsWith('note.'))
  if (set.length === 0 && answer.gives.length === 0) return false
  return (
    set.every(([name, value]) => dialogue.slots[name] === value) &&
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
