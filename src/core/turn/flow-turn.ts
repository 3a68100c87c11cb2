import { answerStep, leaveCollect } from '../flow/advance.ts'
import type { Answer, Flow, Step } from '../flow/flow.ts'
import { choiceNumber } from '../flow/choice-number.ts'
import { type AnswerMatch, SURE_ANSWER } from '../flow/answer.ts'
import { missingSlots } from '../flow/missing.ts'
import { tellProgress } from './collect.ts'
import { command, correction } from './commands.ts'
import type { Draft } from './draft.ts'
import { refreshTicket } from './handoff.ts'
import { fillSlots } from './problem.ts'
import { askAgain, choicesOf, flowChanged, giveUp, questionOf, takeWalk } from './resting.ts'
import { refuse } from './refusals.ts'
import { leadingAnswer, quickAnswerFor, startIntent, startUrgent } from './start-intent.ts'

/** Turns in a flow without one listed answer, and turns in all, after which a human takes over (§8, 9a). */
export const MAX_TURNS_WITHOUT_PROGRESS = 12
export const MAX_FLOW_TURNS = 30
/** How sure the classifier must be before it takes a message away from the open question. */
const DIGRESSION_CONFIDENCE = 0.6
/** A match that explains less of the message than this leaves room for another problem in it. */
const SMALL_PART = 0.5
/** Room for “I don't know” or “I can't”, and for nothing besides. */
const NOTHING_BUT_UNSURE = 5
/** “……” and “？” answer nothing, not even a question that takes any answer. */
const HAS_WORDS = /[\p{L}\p{N}]/u

/** Deals with a message while a question of a flow is open. */
export function flowTurn(draft: Draft, filled: readonly string[]): void {
  const open = draft.openStep()
  if (open === undefined) {
    flowChanged(draft)
    return
  }
  draft.update({
    flowTurns: draft.dialogue.flowTurns + 1,
    turnsWithoutProgress: draft.dialogue.turnsWithoutProgress + 1,
  })
  if (open.step.collect.length > 0) collectTurn(draft, open.step, filled)
  else questionTurn(draft, open.flow, open.step, filled)
  limitTurns(draft)
}

function questionTurn(draft: Draft, flow: Flow, step: Step, filled: readonly string[]): void {
  const chosen = chosenAnswer(draft, step)
  if (chosen !== undefined) {
    take(draft, chosen)
    return
  }
  const match = draft.content.matcher.match(step, draft.text)
  // “退回去了” is a command elsewhere, and just what this question asks for here.
  const isWordForWord = match.kind === 'answer' && match.specific && match.score === 1 && match.coverage === 1
  if (!isWordForWord && command(draft)) return
  if (correction(draft, flow, step)) return
  if (refuse(draft)) return
  const given = step.answers.find((answer) => answer.gives.some((slot) => filled.includes(slot)))
  if (given !== undefined && !(match.kind === 'answer' && match.specific && match.answer !== given)) {
    take(draft, given)
    return
  }
  const anything = step.answers.find((answer) => answer.means.includes('anything'))
  const isOther = match.kind === 'answer' && match.specific && match.answer !== anything
  if (anything !== undefined && !isOther && HAS_WORDS.test(draft.text)) {
    if (!quickQuestion(draft)) take(draft, anything)
    return
  }
  const lacksFact = match.kind === 'answer' && match.answer.gives.some((slot) => !filled.includes(slot))
  if (
    match.kind === 'answer' &&
    match.specific &&
    match.score >= SURE_ANSWER &&
    !lacksFact &&
    !leavesAnotherProblem(draft, flow, match)
  ) {
    take(draft, match.answer)
    return
  }
  if (match.kind === 'unclear' && filled.length > 0 && isBareFact(draft)) {
    draft.reply('noted')
    askAgain(draft)
    return
  }
  if (digress(draft, flow, match)) return
  if (match.kind === 'answer' && !lacksFact) {
    take(draft, match.answer)
    return
  }
  if (match.kind === 'unclear' && (filled.length > 0 || tellsLater(draft, flow, step))) {
    draft.reply('noted')
    askAgain(draft)
    return
  }
  notAnswered(draft, flow, step, match)
}

/** A button of the open question, or its number. */
function chosenAnswer(draft: Draft, step: Step): Answer | undefined {
  const { choiceId } = draft.input
  if (choiceId !== undefined) return step.answers.find((answer) => answer.id === choiceId)
  if (!step.numbered) return undefined
  const offered = choicesOf(step)
  const index = choiceNumber(draft.text, offered.length)
  return index === undefined ? undefined : step.answers.find((answer) => answer.id === offered[index]?.id)
}

function take(draft: Draft, answer: Answer): void {
  draft.update({ unclear: 0, outOfScopeRun: 0, turnsWithoutProgress: 0 })
  takeWalk(draft, answerStep(draft.world, draft.dialogue, answer, draft.text))
}

function collectTurn(draft: Draft, step: Step, filled: readonly string[]): void {
  if (command(draft)) return
  if (refuse(draft)) return
  const missing = missingSlots(step.collect, draft.dialogue.slots)
  const asked = draft.dialogue.visits[`collect/${step.id}`] ?? 1
  // The facts never block the ticket: after one more try the talk goes on without them.
  const giveUpAsking = asked > 1 || draft.content.refusalsOfFacts.some((word) => draft.text.includes(word))
  if (missing.length > 0 && !giveUpAsking) {
    draft.update({ visits: { ...draft.dialogue.visits, [`collect/${step.id}`]: asked + 1 } })
    if (filled.length === 0 && digress(draft, null, { kind: 'unclear' })) return
    if (filled.length === 0) tellProgress(draft)
    askAgain(draft)
    return
  }
  draft.update({ turnsWithoutProgress: 0 })
  takeWalk(draft, leaveCollect(draft.world, draft.dialogue))
  refreshTicket(draft)
}

/** A question that one sentence answers is no answer, not even where any words are. Returns true when it was one. */
function quickQuestion(draft: Draft): boolean {
  const intent = quickAnswerFor(draft)
  if (intent === undefined) return false
  draft.update({ unclear: 0 })
  startIntent(draft, intent, draft.input.understanding.confidence, true)
  askAgain(draft)
  return true
}

/** Another problem or a quick question in the middle of a flow. Returns true when it was one. */
function digress(draft: Draft, flow: Flow | null, match: AnswerMatch): boolean {
  const { understanding } = draft.input
  const { intent: id, confidence, decision } = understanding
  const intent = draft.content.intents.get(id)
  if (decision === 'reject' || intent === undefined || match.kind === 'acknowledged') return false
  // “不知道” alone speaks of the open question, whatever it resembles.
  if (match.kind === 'general' && draft.text.trim().length <= NOTHING_BUT_UNSURE) return false
  if (intent.action.kind === 'conversational') return conversational(draft, id, match)
  if (decision !== 'accept' || confidence < DIGRESSION_CONFIDENCE) return false
  // “51是啥意思” is no “I don't know”: whoever asks something else has not answered.
  if (match.kind === 'answer' && !leavesRoom(match)) return false
  if (flow !== null && intent.action.kind === 'flow' && intent.action.flow === flow.id) return false
  if (
    draft.dialogue.stack.some((frame) => intent.action.kind === 'flow' && frame.flow === intent.action.flow)
  ) {
    return false
  }
  draft.update({ unclear: 0 })
  if (intent.action.kind === 'answer') {
    startIntent(draft, intent, confidence, true)
    askAgain(draft)
    return true
  }
  const leading = flow === null ? undefined : leadingAnswer(draft, intent)
  if (leading !== undefined) {
    take(draft, leading)
    return true
  }
  if (startUrgent(draft, intent, confidence)) return true
  draft.reply('confirm_switch', { title: intent.title })
  draft.prompt({ kind: 'confirm_switch', intent: id, said: draft.text }, [
    { id: 'yes', label: '是的' },
    { id: 'no', label: '先继续刚才的' },
  ])
  return true
}

function conversational(draft: Draft, id: string, match: AnswerMatch): boolean {
  if (match.kind !== 'unclear' || draft.input.understanding.decision !== 'accept') return false
  switch (id) {
    case 'greet':
    case 'repeat':
      askAgain(draft)
      return true
    case 'thanks':
      draft.reply('thanks')
      askAgain(draft)
      return true
    default:
      return false
  }
}

function notAnswered(draft: Draft, flow: Flow, step: Step, match: AnswerMatch): void {
  if (match.kind === 'acknowledged') {
    draft.reply('take_your_time')
    draft.prompt({ kind: 'step' }, choicesOf(step))
    return
  }
  if (match.kind === 'general') {
    const no = step.answers.find((answer) => answer.means.includes('no'))
    const explained = draft.dialogue.visits[`simpler/${flow.id}/${step.id}`] === 1
    if (match.general === 'cannot' || explained) {
      if (no !== undefined) {
        take(draft, no)
        return
      }
    } else {
      draft.update({ visits: { ...draft.dialogue.visits, [`simpler/${flow.id}/${step.id}`]: 1 } })
      sayInOtherWords(draft, flow, step)
      return
    }
  }
  unclear(draft, flow, step)
}

/** First a rewording, then the numbered options, then a human (domain guide §8, 6). */
function unclear(draft: Draft, flow: Flow, step: Step): void {
  const count = draft.dialogue.unclear + 1
  draft.update({ unclear: count })
  if (count === 1) {
    sayInOtherWords(draft, flow, step)
    return
  }
  if (count === 2) {
    const options = choicesOf(step).map(({ label }, index) => `${index + 1}. ${label}`)
    draft.reply('options', { options: options.join('；') })
    draft.prompt({ kind: 'step' }, choicesOf(step))
    return
  }
  giveUp(draft, 'misunderstood')
}

function sayInOtherWords(draft: Draft, flow: Flow, step: Step): void {
  if (step.simpler === null) draft.reply('rephrase_step', { question: questionOf(draft, flow, step) })
  else draft.say(step.simpler)
  draft.prompt({ kind: 'step' }, choicesOf(step))
}

/** So few letters besides the fact itself (“刷信用卡的”) ask nothing and tell of no other problem. */
const FEW_LETTERS = 3

function isBareFact({ input, content }: Draft): boolean {
  const { text, entities, intent } = input.understanding
  if (content.intents.get(intent)?.action.kind !== 'answer') return false
  let rest = text
  for (const { start, end } of [...entities].sort((a, b) => b.start - a.start)) {
    rest = rest.slice(0, start) + rest.slice(end)
  }
  return (rest.match(/\p{L}/gu)?.length ?? 0) <= FEW_LETTERS
}

/** The answer to a question still to come: it is kept, and skips that question. */
function tellsLater(draft: Draft, flow: Flow, step: Step): boolean {
  return [...flow.steps.values()].some(
    (later) =>
      later !== step &&
      draft.dialogue.answers[`${flow.id}/${later.id}`] === undefined &&
      draft.content.matcher.told(later, [draft.text]) !== undefined,
  )
}

/** An answer that explains little of the message, or is not sure, leaves room for another meaning. */
function leavesRoom(match: AnswerMatch): boolean {
  return match.kind === 'answer' && (match.coverage < SMALL_PART || match.score < SURE_ANSWER)
}

function leavesAnotherProblem(
  draft: Draft,
  flow: Flow,
  match: Extract<AnswerMatch, { kind: 'answer' }>,
): boolean {
  const { understanding } = draft.input
  const intent = draft.content.intents.get(understanding.intent)
  if (match.coverage >= SMALL_PART || match.score > 0.9 || understanding.decision !== 'accept') return false
  if (intent === undefined || intent.action.kind === 'conversational') return false
  return !(intent.action.kind === 'flow' && intent.action.flow === flow.id)
}

function limitTurns(draft: Draft): void {
  const { dialogue } = draft
  if (dialogue.prompt?.kind !== 'step' || draft.conversation.holder !== 'bot') return
  const step = draft.openStep()?.step
  if (step === undefined || step.collect.length > 0) return
  if (dialogue.turnsWithoutProgress < MAX_TURNS_WITHOUT_PROGRESS && dialogue.flowTurns < MAX_FLOW_TURNS)
    return
  draft.says = []
  giveUp(draft, null)
}

/** Facts of this message for the slots the open question asks for. */
export function fillAsked(draft: Draft, asked: readonly string[]): readonly string[] {
  return fillSlots(draft, asked, false)
}
