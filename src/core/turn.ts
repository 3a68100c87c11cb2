import type { Content } from './content.ts'
import type { Conversation } from './conversation.ts'
import type { Effect } from './effect.ts'
import { choiceNumber } from './flow/choice-number.ts'
import { NOTHING_UNDERSTOOD } from './nlu/understanding.ts'
import type { TranscriptLine } from './transcript.ts'
import { commandOf } from './turn/commands.ts'
import { Draft, type TurnContext, type TurnInput } from './turn/draft.ts'
import { collectAfter, handOver, raiseForNotes } from './turn/handoff.ts'
import { flowTurn } from './turn/flow-turn.ts'
import { anythingElseTurn, offeredTurn } from './turn/after-end-turn.ts'
import { clarifyTurn, idleTurn } from './turn/idle-turn.ts'
import { interrupt } from './turn/interrupts.ts'
import { moodAfter } from './turn/mood.ts'
import { pictureTurn, tellOfPicture } from './turn/picture-turn.ts'
import { fillSlots, hear, hearNotes, keepCardTail } from './turn/problem.ts'
import { collectFactsTurn, queueTurn } from './turn/queue-turn.ts'
import { askAgain, askedSlots } from './turn/resting.ts'
import { ratingTurn } from './turn/rating-turn.ts'
import { restart, withoutCorrection } from './turn/commands.ts'
import { startIntent } from './turn/start-intent.ts'
import { unreadableTurn } from './turn/unreadable-turn.ts'
import { withWarning } from './turn/warning.ts'

/** Solved problems a conversation remembers; figures go by the count. */
const MOST_SOLVED_KEPT = 20

export type { TurnContext, TurnInput } from './turn/draft.ts'

/** What a turn decided: the conversation as it is now, what happened, and what the message was taken for. */
export type TurnOutcome = {
  readonly conversation: Conversation
  readonly effects: readonly Effect[]
  readonly intent: string
  readonly confidence: number
}

/**
 * Decides one turn: what a merchant's message means here, what the bot says, and what becomes of the case.
 *
 * Pure: no clock, no randomness, nothing sent. The returned conversation holds the merchant's line and the bot's
 * replies in its transcript, with `processedSeq` at the merchant's line. While an agent holds the conversation
 * the line is only stored. Never throws on checked content.
 */
export function takeTurn(
  before: Conversation,
  input: TurnInput,
  content: Content,
  context: TurnContext,
): TurnOutcome {
  const conversation = withMerchantLine(before, input, content, context)
  const draft = new Draft(conversation, input, content, context)
  if (conversation.holder !== 'agent') {
    if (input.attachments === undefined) decide(draft)
    else decideWithPicture(draft)
  }
  return {
    conversation: counted(draft, withReplies(draft)),
    effects: draft.effects,
    intent: draft.intent.intent,
    confidence: draft.intent.confidence,
  }
}

function decideWithPicture(draft: Draft): void {
  if (draft.text === '') {
    pictureTurn(draft)
    return
  }
  decide(draft)
  tellOfPicture(draft)
}

function decide(draft: Draft): void {
  if (draft.input.unreadable !== undefined) {
    unreadableTurn(draft, draft.input.unreadable)
    return
  }
  const { prompt } = draft.dialogue
  const asked = askedSlots(draft)
  draft.update({ mood: moodAfter(draft.dialogue.mood, draft.text, draft.content.mood) })
  const corrects = withoutCorrection(draft.content.corrections, draft.text) !== undefined
  const filled = prompt?.kind === 'anything_else' ? [] : fillSlots(draft, asked, corrects)
  if (draft.input.choiceId === undefined) {
    hear(draft)
    hearNotes(draft)
    raiseForNotes(draft)
    if (interrupt(draft)) {
      keepCardTail(draft)
      return
    }
  }
  answerPrompt(draft, filled)
  keepCardTail(draft)
}

function answerPrompt(draft: Draft, filled: readonly string[]): void {
  const { prompt, stack } = draft.dialogue
  switch (prompt?.kind) {
    case 'collect':
      collectFactsTurn(draft, prompt, filled)
      return
    case 'confirm_switch':
      if (stack.length === 0) {
        offeredTurn(draft, prompt)
        return
      }
      if (confirmSwitch(draft, prompt)) return
      // Neither yes nor no: the merchant goes on with what was open.
      draft.prompt({ kind: 'step' })
      break
    case 'clarify':
      if (clarifyTurn(draft, prompt.intents, prompt.said)) return
      break
    case 'rating':
      if (ratingTurn(draft, prompt.scored)) return
      break
    case 'anything_else':
      anythingElseTurn(draft, prompt.flow)
      return
    case 'step':
    case undefined:
      break
  }
  if (stack.length > 0) flowTurn(draft, filled)
  else if (draft.conversation.holder === 'queue') queueTurn(draft, filled)
  else idleTurn(draft)
}

/** Keeps what the bot solved without staff, for the desk's figures and the merchant's history. */
function counted(draft: Draft, conversation: Conversation): Conversation {
  const closed = draft.effects.find((effect) => effect.kind === 'problem.closed')
  if (closed === undefined || draft.openTicket() !== undefined) return conversation
  const problem = { intent: draft.dialogue.intent, flow: closed.flow, at: draft.context.now }
  return {
    ...conversation,
    solved: (conversation.solved ?? 0) + 1,
    solvedProblems: [...(conversation.solvedProblems ?? []), problem].slice(-MOST_SOLVED_KEPT),
  }
}

/** “您是想先处理…吗？”. Returns false when the message says neither yes nor no. */
function confirmSwitch(draft: Draft, prompt: { readonly intent: string; readonly said: string }): boolean {
  const index = choiceNumber(draft.text, 2)
  const numbered = index === undefined ? undefined : index === 0
  const yes =
    draft.input.choiceId === undefined
      ? (numbered ?? draft.content.matcher.plainYesOrNo(draft.text))
      : draft.input.choiceId === 'yes'
  if (yes === undefined) return false
  draft.prompt({ kind: 'step' })
  if (!yes) {
    askAgain(draft)
    return true
  }
  if (prompt.intent === 'bye') {
    restart(draft)
    draft.says = []
    draft.reply('bye')
    return true
  }
  const intent = draft.content.intents.get(prompt.intent)
  if (intent === undefined) {
    // It was taken out of the content since it was asked about.
    askAgain(draft)
    return true
  }
  draft.update({ heard: [...draft.dialogue.heard, prompt.said] })
  startIntent(draft, intent, draft.dialogue.confidence, true)
  return true
}

/** Adds the bot's words to the transcript: one line a turn, with the choices of the open question. */
function withReplies(draft: Draft): Conversation {
  const texts = withWarning(draft)
  let { lastSeq } = draft.conversation
  const lines = texts.map((text, index): TranscriptLine => {
    lastSeq++
    const last = index === texts.length - 1
    return {
      seq: lastSeq,
      author: 'bot',
      text,
      at: draft.context.now,
      ...(last && draft.choices.length > 0 ? { choices: draft.choices } : {}),
    }
  })
  const offered =
    draft.choices.length > 0 && lines.length > 0 ? { seq: lastSeq, choices: draft.choices } : null
  return {
    ...draft.conversation,
    lastSeq,
    transcript: [...draft.conversation.transcript, ...lines],
    dialogue: { ...draft.dialogue, offered },
  }
}

/**
 * Hands a conversation over after its turn threw: the line is stored, the merchant told, reason `error`. Pure; uses
 * nothing of the flow engine, so that what broke cannot break it again.
 */
export function handOverAfterError(
  before: Conversation,
  input: TurnInput,
  content: Content,
  context: TurnContext,
): TurnOutcome {
  const draft = new Draft(withMerchantLine(before, input, content, context), input, content, context)
  draft.update({ stack: [], prompt: null })
  if (before.holder !== 'agent') {
    handOver(draft, 'error', null)
    draft.reply('error')
    collectAfter(draft, null)
  }
  return {
    conversation: withReplies(draft),
    effects: draft.effects,
    intent: draft.intent.intent,
    confidence: draft.intent.confidence,
  }
}

/**
 * Hands a conversation over whose merchant has fallen silent while it is not known whether a payment went through: staff
 * must look, whether or not anybody still answers. Pure.
 */
export function handOverUnanswered(
  before: Conversation,
  content: Content,
  context: TurnContext,
): Conversation {
  const draft = new Draft(
    before,
    { text: '', understanding: NOTHING_UNDERSTOOD, hidden: false },
    content,
    context,
  )
  draft.update({ moneyAtRisk: true })
  handOver(draft, 'money_at_risk', null)
  draft.reply('gone_quiet_money', { no: draft.openTicket()?.number ?? '' })
  draft.update({ stack: [], prompt: null })
  return withReplies(draft)
}

function withMerchantLine(
  before: Conversation,
  input: TurnInput,
  content: Content,
  context: TurnContext,
): Conversation {
  const line: TranscriptLine = {
    seq: before.lastSeq + 1,
    author: 'merchant',
    text: input.text,
    ...(input.attachments === undefined ? {} : { attachments: input.attachments }),
    at: context.now,
  }
  const { askedStillThereAt, ...rest } = before
  void askedStillThereAt
  // Whoever had answered is now the one waited for; a bare “谢谢” waits for nobody.
  const word = commandOf(content, input.text)
  const waits = word !== 'thanks' && word !== 'bye'
  return {
    ...rest,
    tickets: before.tickets.map((ticket) =>
      waits && ticket.status === 'waiting'
        ? { ...ticket, status: 'claimed', version: ticket.version + 1 }
        : ticket,
    ),
    transcript: [...before.transcript, line],
    lastSeq: line.seq,
    processedSeq: line.seq,
    updatedAt: context.now,
  }
}
