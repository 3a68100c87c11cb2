import { leavesPaperwork } from './after-end-turn.ts'
import { commandOf } from './commands.ts'
import { missingSlots } from '../flow/missing.ts'
import type { Draft } from './draft.ts'
import { addToTicket, finishHandover, refreshTicket } from './handoff.ts'
import { insulted } from './idle-turn.ts'
import { asksProgress, askForMissing, sayWhereItStands, tellProgress } from './collect.ts'
import { refusalOf } from './refusals.ts'
import { quickAnswerFor, startIntent } from './start-intent.ts'

/** How often the facts of a ticket are asked for: the set in one or two turns (domain guide §4.3). */
const MAX_ASKED = 2

/** Deals with a message while the bot asks for the facts of an opened ticket. */
export function collectFactsTurn(
  draft: Draft,
  prompt: { readonly slots: readonly string[]; readonly asked: number },
  filled: readonly string[],
): void {
  refreshTicket(draft)
  const missing = missingSlots(prompt.slots, draft.dialogue.slots)
  const refusal = refusalOf(draft)
  if (refusal !== undefined) {
    keep(draft)
    draft.say(refusal)
    if (missing.length === 0) finishHandover(draft)
    else draft.say(askForMissing(draft.content, missing, 'ask_missing_once_more'))
    if (missing.length > 0) draft.prompt({ kind: 'collect', ...prompt })
    return
  }
  if (filled.length === 0 && missing.length > 0 && answersBetween(draft)) {
    draft.say(askForMissing(draft.content, missing, 'ask_missing_once_more'))
    draft.prompt({ kind: 'collect', ...prompt })
    return
  }
  if (filled.length === 0 && leavesPaperwork(draft)) return
  const refused = draft.content.refusalsOfFacts.some((word) => draft.text.includes(word))
  if (missing.length === 0 || prompt.asked >= MAX_ASKED || refused) {
    if (filled.length === 0 && !refused) keep(draft)
    finishHandover(draft)
    return
  }
  if (filled.length === 0) keep(draft)
  tellProgress(draft)
  draft.say(askForMissing(draft.content, missing, 'ask_missing_once_more'))
  draft.prompt({ kind: 'collect', slots: prompt.slots, asked: prompt.asked + 1 })
}

/** Deals with a message that waits for a human: it is never lost, and gets an honest answer. */
export function queueTurn(draft: Draft, filled: readonly string[]): void {
  const ticket = draft.openTicket()
  const number = ticket?.number ?? ''
  const word = commandOf(draft.content, draft.text)
  const { understanding } = draft.input
  if (word === 'thanks' || word === 'bye' || word === 'nothing_else') {
    draft.reply(word === 'thanks' ? 'thanks' : 'bye')
    return
  }
  const refusal = refusalOf(draft)
  if (refusal !== undefined) {
    addToTicket(draft, draft.text)
    draft.say(refusal)
    return
  }
  const intent = draft.content.intents.get(understanding.intent)
  if (understanding.decision === 'accept' && understanding.intent === 'insult') {
    insulted(draft)
    return
  }
  if (
    understanding.decision === 'accept' &&
    intent?.action.kind === 'answer' &&
    intent.id !== 'contact_support'
  ) {
    draft.say(intent.action.text)
    return
  }
  // Here a guess does no harm: the words go to the ticket either way.
  const newProblem =
    understanding.decision !== 'reject' && intent !== undefined && intent.action.kind !== 'conversational'
  if (filled.length > 0 || (newProblem && !asksProgress(draft) && intent.id !== 'contact_support')) {
    addToTicket(draft, draft.text)
    draft.reply('added_to_ticket', { no: number })
    return
  }
  addToTicket(draft, draft.text)
  sayWhereItStands(draft)
}

/** A quick question while facts are asked for is answered, and costs no try. */
function answersBetween(draft: Draft): boolean {
  const intent = quickAnswerFor(draft)
  if (intent === undefined || intent.id === 'contact_support') return false
  startIntent(draft, intent, draft.input.understanding.confidence, true)
  return true
}

function keep(draft: Draft): void {
  if (draft.text.trim().length > 1) addToTicket(draft, draft.text)
}
