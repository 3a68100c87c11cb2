import type { FlowPlace, Intent, Interrupt } from '../content.ts'
import { answerStep } from '../flow/advance.ts'
import type { AnswerMatcher } from '../flow/answer.ts'
import { clausesOf } from '../flow/wording.ts'
import { REASON_WORDS } from '../ticket.ts'
import { sayWhereItStands } from './collect.ts'
import type { Draft } from './draft.ts'
import { addToTicket, collectAfter, finishHandover, handOver, raiseTicket, urgeTicket } from './handoff.ts'
import { fillSlots, hear, hearNotes, nextProblem } from './problem.ts'
import { takeWalk } from './resting.ts'
import { leadingAnswer, startIntent, startUrgent } from './start-intent.ts'

/**
 * Money, danger, fraud, a wish for a human or a complaint break into any talk, without asking. Returns true when
 * the message was one of these and is dealt with.
 */
export function interrupt(draft: Draft): boolean {
  const found = findInterrupt(draft)
  if (found === undefined) return false
  const { interrupt: rule, intent, place } = found
  draft.update({ unclear: 0, outOfScopeRun: 0, ...(rule.money ? { moneyAtRisk: true } : {}) })
  const { prompt, stack } = draft.dialogue
  if (prompt?.kind === 'anything_else' || (prompt?.kind === 'confirm_switch' && stack.length === 0)) {
    // The last problem is over: unless it is what a human is wanted for, what this message tells is about a new one.
    if (intent.action.kind !== 'conversational') {
      draft.dialogue = nextProblem(draft.content, draft.dialogue)
      hear(draft)
      hearNotes(draft)
    }
    fillSlots(draft, [], false)
  }
  if (intent.id === 'talk_to_human') return askedForHuman(draft)
  if (intent.id === 'complain') return complained(draft)
  if (draft.conversation.holder !== 'bot') return interruptInQueue(draft, rule)
  if (isAlreadyOn(draft, intent, place)) return false
  const hasTicket = draft.openTicket() !== undefined
  const leading = place === null ? leadingAnswer(draft, intent) : undefined
  if (leading !== undefined) takeWalk(draft, answerStep(draft.world, draft.dialogue, leading, draft.text))
  else if (place === null) {
    if (!startUrgent(draft, intent, 1)) startIntent(draft, intent, 1, draft.dialogue.stack.length > 0)
  } else startAt(draft, intent, place)
  // A ticket that this very message opened has the priority its flow gives it.
  if (hasTicket) urgeTicket(draft, rule.priority, REASON_WORDS[rule.money ? 'money_at_risk' : 'safety'])
  return true
}

type Found = { readonly interrupt: Interrupt; readonly intent: Intent; readonly place: FlowPlace | null }

function findInterrupt(draft: Draft): Found | undefined {
  const { matcher, intents } = draft.content
  for (const rule of draft.content.interrupts) {
    if (!speaksOf(matcher, rule, draft.text)) continue
    // What the open question itself asks about is its answer, not an interruption.
    if (isAskedAbout(draft, rule)) continue
    const other = rule.instead.find(
      ({ words, place }) => matcher.says(draft.text, words) || (place !== null && isOpen(draft, place.flow)),
    )
    const intent = intents.get(other?.intent ?? rule.intent)
    if (intent !== undefined) return { interrupt: rule, intent, place: (other ?? rule).place }
  }
  const { understanding } = draft.input
  if (understanding.decision !== 'accept' || draft.dialogue.prompt !== null) return undefined
  // A rule with a place is about its words: not every battery that runs empty is on fire.
  const rule = draft.content.interrupts.find(
    (candidate) => candidate.intent === understanding.intent && candidate.place === null,
  )
  const intent = intents.get(understanding.intent)
  return rule === undefined || intent === undefined ? undefined : { interrupt: rule, intent, place: null }
}

/** Tells whether a message speaks of what a rule is about. Pure. */
export function speaksOf(matcher: AnswerMatcher, rule: Interrupt, text: string): boolean {
  const says = (part: string): boolean => matcher.says(part, rule.words) && !matcher.says(part, rule.unless)
  // “没冒烟，就是烫得不行”: what is denied of a danger in one breath takes nothing from the next.
  const isSafety = rule.place !== null && !rule.money
  return isSafety ? clausesOf(text).some(says) : says(text)
}

/** An answer that accounts for less of the message leaves room for an interruption in it. */
const WHOLE_MESSAGE = 0.6

function isAskedAbout(draft: Draft, rule: Interrupt): boolean {
  if (draft.dialogue.prompt?.kind !== 'step') return false
  const step = draft.openStep()?.step
  if (step === undefined) return false
  const match = draft.content.matcher.match(step, draft.text)
  if (match.kind !== 'answer' || !match.specific || match.coverage < WHOLE_MESSAGE) return false
  return [...match.answer.phrases, ...match.answer.told].some((phrase) =>
    draft.content.matcher.says(phrase, rule.words),
  )
}

function isAlreadyOn(draft: Draft, intent: Intent, place: FlowPlace | null): boolean {
  if (place !== null) {
    const open = draft.dialogue.stack.at(-1)
    return open?.flow === place.flow && open.step === place.step
  }
  const flow = intent.action.kind === 'flow' ? intent.action.flow : null
  return flow !== null && draft.dialogue.stack.some((frame) => frame.flow === flow)
}

/** What is said while a flow is open is about the matter of that flow. */
function isOpen(draft: Draft, flow: string): boolean {
  return draft.dialogue.stack.at(-1)?.flow === flow
}

/** Enters a flow at a place. Where that flow is open already it goes on there, with nothing to come back to. */
function startAt(draft: Draft, intent: Intent, place: FlowPlace): void {
  const { stack } = draft.dialogue
  const goesOn = isOpen(draft, place.flow)
  if (goesOn) draft.update({ stack: stack.slice(0, -1) })
  const interrupting = goesOn ? stack.at(-1)?.interrupting === true : stack.length > 0
  startIntent(draft, { ...intent, action: { kind: 'flow', ...place } }, 1, interrupting)
}

function interruptInQueue(draft: Draft, rule: Interrupt): boolean {
  addToTicket(draft, draft.text)
  urgeTicket(draft, rule.priority, REASON_WORDS[rule.money ? 'money_at_risk' : 'safety'])
  if (rule.say !== null) draft.say(rule.say)
  draft.reply('raised_ticket', { no: draft.openTicket()?.number ?? '' })
  return true
}

function askedForHuman(draft: Draft): boolean {
  if (draft.conversation.holder !== 'bot') {
    sayWhereItStands(draft)
    return true
  }
  if (draft.dialogue.stack.length === 0 && draft.dialogue.intent === null) {
    draft.update({ intent: 'talk_to_human', confidence: 1 })
  }
  draft.intent = { intent: 'talk_to_human', confidence: 1 }
  handOver(draft, 'asked_for_human', null)
  closing(draft, 'talk_to_human')
  return true
}

function complained(draft: Draft): boolean {
  draft.intent = { intent: 'complain', confidence: 1 }
  draft.update({ mood: 'angry' })
  if (draft.conversation.holder !== 'bot') {
    addToTicket(draft, draft.text)
    raiseTicket(draft, REASON_WORDS.complaint)
    draft.reply('raised_ticket', { no: draft.openTicket()?.number ?? '' })
    return true
  }
  if (draft.dialogue.intent === null) draft.update({ intent: 'complain', confidence: 1 })
  handOver(draft, 'complaint', 'P2')
  closing(draft, 'complain')
  return true
}

/** Asks for a phone number to call, or gives the ticket number at once when one is known. */
function closing(draft: Draft, key: 'talk_to_human' | 'complain'): void {
  const isKnown = draft.dialogue.slots['contact_phone'] !== undefined
  draft.reply(key === 'talk_to_human' && isKnown ? 'talk_to_human_known' : key)
  if (isKnown) finishHandover(draft)
  else if (key === 'talk_to_human') draft.prompt({ kind: 'collect', slots: ['contact_phone'], asked: 1 })
  else collectAfter(draft, ['contact_phone'])
}
