import { escalateFlow } from '../flow/advance.ts'
import { choiceNumber } from '../flow/choice-number.ts'
import { understand } from '../nlu/understand.ts'
import { slotIds } from './collect.ts'
import { commandOf, withoutCorrection } from './commands.ts'
import type { Draft } from './draft.ts'
import { collectAfter, handOver, sayTicketNumber } from './handoff.ts'
import { idleTurn } from './idle-turn.ts'
import { fillSlots, hear, hearNotes, nextProblem } from './problem.ts'
import { startFlow, takeWalk } from './resting.ts'
import { startIntent } from './start-intent.ts'
import { isAnotherProblem, supplement } from './supplement.ts'

/** After “还有其他问题吗？”: no more, one more, or the old one after all. */
export function anythingElseTurn(draft: Draft, flow: string | null): void {
  if (supplement(draft)) {
    draft.reply('anything_else')
    return
  }
  const word = commandOf(draft.content, draft.text)
  const intent = draft.input.understanding
  const asksNew =
    intent.decision === 'accept' && draft.content.intents.get(intent.intent)?.action.kind !== 'conversational'
  if (!asksNew && draft.dialogue.intent === 'contact_support' && givesContact(draft)) return
  if (flow !== null && correctedAfterwards(draft)) {
    const others = <Value>(all: Readonly<Record<string, Value>>): Record<string, Value> =>
      Object.fromEntries(Object.entries(all).filter(([place]) => !place.startsWith(`${flow}/`)))
    const { answers, visits } = draft.dialogue
    draft.update({ prompt: null, answers: others(answers), visits: others(visits) })
    startFlow(draft, flow, undefined, false)
    return
  }
  if (word === 'nothing_else' || word === 'bye' || word === 'thanks') {
    draft.dialogue = nextProblem(draft.content, draft.dialogue)
    draft.reply(word === 'thanks' ? 'thanks' : 'bye')
    draft.prompt(null)
    return
  }
  if (word === 'more') {
    draft.dialogue = nextProblem(draft.content, draft.dialogue)
    draft.reply('go_on')
    draft.prompt(null)
    return
  }
  if (!asksNew && !stillBroken(draft) && draft.content.matcher.yesOrNo(draft.text) === false) {
    draft.dialogue = nextProblem(draft.content, draft.dialogue)
    draft.reply('bye')
    draft.prompt(null)
    return
  }
  if (!asksNew && flow !== null && stillBroken(draft)) {
    reopen(draft, flow)
    return
  }
  anotherProblem(draft)
}

/** After “您刚才还提到…，是想接着处理吗？”: yes begins it, no ends the talk about it, anything else stands for itself. */
export function offeredTurn(draft: Draft, offer: { readonly intent: string; readonly said: string }): void {
  const index = choiceNumber(draft.text, 2)
  const { choiceId } = draft.input
  const said = index === undefined ? draft.content.matcher.plainYesOrNo(draft.text) : index === 0
  const yes = choiceId === undefined ? said : choiceId === 'yes'
  const intent = draft.content.intents.get(offer.intent)
  if (yes === undefined || intent === undefined) {
    anythingElseTurn(draft, null)
    return
  }
  if (!yes) {
    draft.reply('anything_else')
    draft.prompt({ kind: 'anything_else', flow: null })
    return
  }
  draft.dialogue = { ...nextProblem(draft.content, draft.dialogue), heard: [offer.said] }
  fillSlots(draft, [], false, understand(draft.content, offer.said, draft.context.now).entities)
  startIntent(draft, intent, 1, false)
}

/** Another problem told while the bot asks for facts of paperwork: the asking ends, and the problem begins. */
export function leavesPaperwork(draft: Draft): boolean {
  if (draft.input.understanding.decision !== 'accept' || !isAnotherProblem(draft)) return false
  sayTicketNumber(draft)
  draft.update({ stack: [], prompt: null })
  anotherProblem(draft)
  return true
}

function anotherProblem(draft: Draft): void {
  draft.dialogue = nextProblem(draft.content, draft.dialogue)
  hear(draft)
  fillSlots(draft, [], false)
  hearNotes(draft)
  idleTurn(draft)
}

/** “不对，是上周三的” after the end: the problem begins again with the right fact. */
function correctedAfterwards(draft: Draft): boolean {
  const corrects = withoutCorrection(draft.content.corrections, draft.text) !== undefined
  return corrects && fillSlots(draft, [], true).length > 0
}

/** Asked to leave terminal, address and phone for a visit, the merchant leaves them: a human has to come. */
function givesContact(draft: Draft): boolean {
  const wanted = ['terminal_id|terminal_sn', 'service_address', 'contact_phone']
  const filled = fillSlots(draft, slotIds(wanted), false)
  if (!filled.some((slot) => slotIds(wanted).includes(slot))) return false
  draft.intent = { intent: 'contact_support', confidence: draft.dialogue.confidence }
  handOver(draft, 'needs_staff', null)
  collectAfter(draft, wanted)
  return true
}

function stillBroken(draft: Draft): boolean {
  return draft.content.matcher.reportsFailure(draft.text)
}

/** “还是不行” after the goodbye question: the problem is not solved, a human goes on. */
function reopen(draft: Draft, flowId: string): void {
  const flow = draft.content.flows.get(flowId)
  if (flow === undefined) return
  draft.update({ stack: [{ flow: flow.id, hash: flow.hash, step: '' }], prompt: null })
  takeWalk(draft, escalateFlow(draft.world, draft.dialogue))
}
