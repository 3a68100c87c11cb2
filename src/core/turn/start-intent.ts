import type { Intent } from '../content.ts'
import type { Answer } from '../flow/flow.ts'
import type { Draft } from './draft.ts'
import { escalateIntent } from './handoff.ts'
import { askAnythingElse, startFlow } from './resting.ts'

/**
 * Starts what an intent stands for: its flow, its one answer, or its ticket. `interrupting` puts the flow on top
 * of the unfinished one.
 */
export function startIntent(draft: Draft, intent: Intent, confidence: number, interrupting: boolean): void {
  draft.intent = { intent: intent.id, confidence }
  const { action } = intent
  switch (action.kind) {
    case 'flow':
      begin(draft, intent, confidence, interrupting)
      startFlow(draft, action.flow, action.step, interrupting)
      return
    case 'answer':
      draft.say(action.text)
      if (interrupting) return
      draft.update({ intent: intent.id, confidence })
      askAnythingElse(draft, null)
      return
    case 'ticket':
      begin(draft, intent, confidence, interrupting)
      escalateIntent(draft, action.end)
      return
    case 'conversational':
      return
  }
}

/**
 * Starts a problem of money, fraud or tampering without asking, on top of what is open; where money is at risk in
 * both it takes the place of the open flow, whose question it answers. Returns false for any other problem.
 */
export function startUrgent(draft: Draft, intent: Intent, confidence: number): boolean {
  const { action } = intent
  const rule = draft.content.interrupts.find(({ intent: id, place }) => id === intent.id && place === null)
  if (rule === undefined || action.kind !== 'flow') return false
  const { flows } = draft.content
  const { stack } = draft.dialogue
  const top = stack.at(-1)
  const replaces = flows.get(top?.flow ?? '')?.money === true && flows.get(action.flow)?.money === true
  if (replaces) draft.update({ stack: stack.slice(0, -1) })
  if (rule.money) draft.update({ moneyAtRisk: true })
  startIntent(draft, intent, confidence, replaces ? top?.interrupting === true : stack.length > 0)
  return true
}

/** What makes free text a question to the bot: a notice that is read out asks nothing. */
const ASKS_SOMETHING =
  /[?？]|[吗么呢]$|怎|咋|点样|多少|几多|什么|啥|哪|边度|如何|能不能|可不可以|可以不|是不是|有没有/u
/** “不知道是不是我的” doubts; “不知道怎么查” asks. */
const ONLY_DOUBTS = /^(?:我?也?不知道|不清楚|不晓得|不确定|说不好|看不出来?|搞不清楚?)[^?？吗怎咋哪]*$/u
/** How sure the classifier must be that a question is one of those that one sentence answers. */
const SURE_QUESTION = 0.6

/** The intent whose one sentence answers what the merchant asks in between; undefined when he asks nothing so. Pure. */
export function quickAnswerFor(draft: Draft): Intent | undefined {
  const { intent: id, confidence, decision } = draft.input.understanding
  const intent = draft.content.intents.get(id)
  const isQuick = intent?.action.kind === 'answer' && decision === 'accept' && confidence >= SURE_QUESTION
  return isQuick && ASKS_SOMETHING.test(draft.text) && !ONLY_DOUBTS.test(draft.text) ? intent : undefined
}

/** The answer of the open question that leads to the flow of an intent: that is what its words mean here. Pure. */
export function leadingAnswer(draft: Draft, { action }: Intent): Answer | undefined {
  if (action.kind !== 'flow' || draft.dialogue.prompt?.kind !== 'step') return undefined
  return draft
    .openStep()
    ?.step.answers.find(({ go }) =>
      go.some(
        ({ target }) =>
          target.kind === 'flow' &&
          target.flow === action.flow &&
          target.step === action.step &&
          target.then === undefined,
      ),
    )
}

function begin(draft: Draft, intent: Intent, confidence: number, interrupting: boolean): void {
  // A problem that interrupts is the more urgent one: the hand-over is about it.
  if (!interrupting || draft.dialogue.intent === null || isUrgent(draft, intent)) {
    draft.update({ intent: intent.id, confidence })
  }
  const slots: Record<string, string | number> = { ...draft.dialogue.slots }
  const notes: Record<string, string> = { ...draft.dialogue.notes }
  for (const [name, value] of Object.entries(intent.set)) {
    if (name.startsWith('note.')) notes[name.slice('note.'.length)] = value
    else slots[name] = value
  }
  draft.update({ slots, notes, unclear: 0, outOfScopeRun: 0, turnsWithoutProgress: 0 })
}

function isUrgent(draft: Draft, intent: Intent): boolean {
  return draft.content.interrupts.some(
    (interrupt) =>
      interrupt.intent === intent.id || interrupt.instead.some((other) => other.intent === intent.id),
  )
}
