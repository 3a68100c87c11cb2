import type { Intent } from '../content.ts'
import { choiceNumber } from '../flow/choice-number.ts'
import { commandOf, restart } from './commands.ts'
import { REJECT_BELOW } from '../nlu/confidence.ts'
import { CHOICES_OFFERED } from '../nlu/understanding.ts'
import type { Draft } from './draft.ts'
import { problemsBeside } from './other-problem.ts'
import { refuse } from './refusals.ts'
import { collectAfter, handOver } from './handoff.ts'
import { startIntent } from './start-intent.ts'
import { supplement } from './supplement.ts'

/** The last choice of a question back, after the best intents. */
const NONE_OF_THESE = 'none'
/** A mistaken courtesy costs nothing, so half sure is sure enough. */
const HARMLESS = ['greet', 'thanks', 'bye', 'insult']

/** Deals with a message while no question of a flow is open. */
export function idleTurn(draft: Draft): void {
  const word = commandOf(draft.content, draft.text)
  if (word === 'restart' || word === 'thanks' || word === 'bye') {
    sayCommand(draft, word)
    return
  }
  if (word === 'repeat') {
    repeatLastLine(draft)
    return
  }
  if (refuse(draft) || supplement(draft)) return
  const { understanding } = draft.input
  const intent = draft.content.intents.get(understanding.intent)
  const accepted = understanding.decision === 'accept' ? intent : likelyIntent(draft)
  if (accepted !== undefined) {
    acceptIntent(draft, accepted, understanding.confidence)
    return
  }
  if (understanding.decision === 'clarify' && intent?.action.kind !== 'conversational') {
    // Asked back about what was not understood before, the merchant still waits to be understood.
    if (draft.dialogue.unclear > 0 || draft.dialogue.prompt?.kind === 'clarify') unclearIdle(draft)
    else askWhich(draft, 'clarify')
    return
  }
  rejected(draft, intent?.action.kind === 'conversational' ? 0 : understanding.confidence)
}

/** After a question back (“您是想问：1. … 2. …”). Returns false when the message was no answer to it. */
export function clarifyTurn(draft: Draft, intents: readonly string[], said: string): boolean {
  const index = choiceNumber(draft.text, intents.length + 1)
  const id = draft.input.choiceId ?? (index === undefined ? undefined : (intents[index] ?? NONE_OF_THESE))
  if (id === undefined) return false
  draft.prompt(null)
  const intent = draft.content.intents.get(id)
  if (intent === undefined) {
    unclearIdle(draft)
    return true
  }
  draft.update({ heard: [...draft.dialogue.heard, said] })
  acceptIntent(draft, intent, draft.input.understanding.confidence)
  return true
}

/**
 * The intent a doubtful message is taken for all the same: the likely ones start the same thing, a known code says
 * that a sale was refused, or the merchant answers a question back with the same problem in other words.
 */
function likelyIntent(draft: Draft): Intent | undefined {
  const { ranking, decision, entities } = draft.input.understanding
  if (decision !== 'clarify') return undefined
  const { intents } = draft.content
  const likely = ranking.slice(0, CHOICES_OFFERED).flatMap(({ intent }) => intents.get(intent) ?? [])
  const [first, second] = likely
  if (first !== undefined && HARMLESS.includes(first.id) && draft.input.understanding.confidence >= 0.5)
    return first
  const asked = draft.dialogue.prompt?.kind === 'clarify' ? draft.dialogue.prompt.intents : []
  if (first !== undefined && asked.includes(first.id)) return first
  // Two problems in one message are no doubt about which of them is meant: the other is offered afterwards.
  const beside = problemsBeside(draft, draft.text).find(({ intent }) => intent.action.kind === 'flow')
  if (beside !== undefined) return beside.intent
  if (entities.some(({ kind }) => kind === 'response_code')) {
    const refused = likely.find(
      ({ action }) => action.kind === 'flow' && action.flow === 'transaction_declined',
    )
    if (refused !== undefined) return refused
  }
  return first !== undefined && startsSameAs(first, second) ? first : undefined
}

function startsSameAs(first: Intent, second: Intent | undefined): boolean {
  const [one, other] = [first.action, second?.action]
  return one.kind === 'flow' && other?.kind === 'flow' && one.flow === other.flow && one.step === other.step
}

function acceptIntent(draft: Draft, intent: Intent, confidence: number): void {
  if (intent.action.kind !== 'conversational') {
    draft.update({ unclear: 0, outOfScopeRun: 0, prompt: null })
    startIntent(draft, intent, confidence, false)
    return
  }
  draft.intent = { intent: intent.id, confidence }
  switch (intent.id) {
    case 'greet':
    case 'thanks':
    case 'bye':
      draft.update({ unclear: 0 })
      draft.reply(intent.id)
      return
    case 'restart':
      restart(draft)
      return
    case 'repeat':
    case 'go_back':
      repeatLastLine(draft)
      return
    case 'insult':
      insulted(draft)
      return
    case 'out_of_scope':
      outOfScope(draft)
      return
    default:
      // Yes and no answer a question; without one they tell nothing.
      if (draft.dialogue.prompt?.kind === 'clarify') unclearIdle(draft)
      else draft.reply('go_on')
  }
}

function sayCommand(draft: Draft, word: 'restart' | 'thanks' | 'bye'): void {
  draft.intent = { intent: word, confidence: 1 }
  if (word === 'restart') restart(draft)
  else draft.reply(word)
}

function repeatLastLine(draft: Draft): void {
  const last = draft.conversation.transcript.filter(({ author }) => author === 'bot').at(-1)
  draft.say(last?.text ?? draft.content.replies.greet)
  draft.choices = last?.choices ?? []
}

function rejected(draft: Draft, confidence: number): void {
  // Whoever is asked back about a problem has one: he was not understood.
  if (confidence < REJECT_BELOW && draft.dialogue.prompt?.kind !== 'clarify') outOfScope(draft)
  else unclearIdle(draft)
}

function outOfScope(draft: Draft): void {
  const run = draft.dialogue.outOfScopeRun + 1
  // “今天天气” tells no time of a sale.
  draft.update({ slots: draft.conversation.dialogue.slots })
  draft.intent = { intent: 'out_of_scope', confidence: draft.input.understanding.confidence }
  draft.update({ outOfScopeRun: run })
  draft.reply(run % 3 === 0 ? 'out_of_scope_again' : 'out_of_scope')
}

/** Insulted twice, a bot had better fetch a human (domain guide §8, 6). */
export function insulted(draft: Draft): void {
  const times = draft.dialogue.angryTurns + 1
  draft.update({ angryTurns: times, mood: 'angry' })
  if (times < 2 || draft.conversation.holder !== 'bot') {
    draft.reply('insult')
    return
  }
  handOver(draft, 'complaint', null)
  collectAfter(draft, ['contact_phone'], true)
}

function unclearIdle(draft: Draft): void {
  const count = draft.dialogue.unclear + 1
  draft.update({ unclear: count })
  if (count === 1) {
    draft.reply('rephrase')
    return
  }
  if (count === 2) {
    askWhich(draft, 'options')
    return
  }
  handOver(draft, 'misunderstood', null)
  draft.reply('hand_over')
  collectAfter(draft, null, true)
}

/** Money may be at risk in what is asked back about: the warning does not wait for the answer (SR2). */
function warnOfMoney(draft: Draft): void {
  const [likely] = draft.input.understanding.ranking
  const action = draft.content.intents.get(likely?.intent ?? '')?.action
  if (action?.kind === 'flow') draft.warning = draft.content.flows.get(action.flow)?.warning ?? null
}

function askWhich(draft: Draft, key: 'clarify' | 'options'): void {
  warnOfMoney(draft)
  const candidates = draft.input.understanding.ranking
    .flatMap(({ intent }) => draft.content.intents.get(intent) ?? [])
    .filter(({ action }) => action.kind !== 'conversational')
    .slice(0, CHOICES_OFFERED)
  const choices = [
    ...candidates.map(({ id, title }) => ({ id, label: title })),
    { id: NONE_OF_THESE, label: '都不是' },
  ]
  draft.reply(key, { options: choices.map(({ label }, index) => `${index + 1}. ${label}`).join('；') })
  draft.prompt({ kind: 'clarify', intents: candidates.map(({ id }) => id), said: draft.text }, choices)
}
