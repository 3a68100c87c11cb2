import { enterFlow, escalateFlow, reask, reenterFlow } from '../flow/advance.ts'
import { comparisons } from '../flow/condition.ts'
import { sentences } from '../flow/facts.ts'
import type { Walk } from '../flow/walker.ts'
import type { Flow, Step } from '../flow/flow.ts'
import type { Choice } from '../transcript.ts'
import { missingSlots } from '../flow/missing.ts'
import { askForMissing, slotIds } from './collect.ts'
import type { Draft } from './draft.ts'
import { otherProblem } from './other-problem.ts'
import { collectAfter, escalateTo, handOver, openTicket, sayTicketNumber, wantedBy } from './handoff.ts'

/** Takes over what a walk decided: sentences, tickets, and the question or end where it rests. */
export function takeWalk(draft: Draft, walk: Walk): void {
  draft.dialogue = walk.dialogue
  draft.say(walk.says.join(''))
  for (const { flow, end } of walk.opened) {
    if (end.ticket !== null) openTicket(draft, flow, end.ticket)
  }
  noteMoney(draft)
  switch (walk.rest.kind) {
    case 'asks':
      askStep(draft, walk.rest.flow, walk.rest.step)
      return
    case 'ended':
      end(draft, walk.rest.flow, walk.rest.end.id)
      return
    case 'lost':
      handOver(draft, 'error', null)
      collectAfter(draft, null, true)
      return
  }
}

/** Asks a step's question, with its answers as choices. */
export function askStep(draft: Draft, flow: Flow, step: Step): void {
  draft.say(questionOf(draft, flow, step))
  draft.prompt({ kind: 'step' }, choicesOf(step))
}

/** The open question again, after a digression; nothing is counted. */
export function askAgain(draft: Draft): void {
  const walk = reask(draft.world, draft.dialogue)
  if (walk.rest.kind === 'asks') askStep(draft, walk.rest.flow, walk.rest.step)
  else flowChanged(draft)
}

/** The flow's file changed and the open step is gone: begin it again, taking over what is still known. */
export function flowChanged(draft: Draft): void {
  const frame = draft.dialogue.stack.at(-1)
  if (frame !== undefined && draft.content.flows.has(frame.flow)) {
    draft.reply('flow_changed')
    takeWalk(draft, reenterFlow(draft.world, draft.dialogue, frame.flow))
    return
  }
  giveUp(draft, 'misunderstood')
}

/** What a step asks: its question, or only the missing facts when some are known already. */
export function questionOf(draft: Draft, flow: Flow, step: Step): string {
  const asked = sentences(draft.world, draft.dialogue, flow.id, step.ask).join('')
  if (step.collect.length === 0) return asked
  const missing = missingSlots(step.collect, draft.dialogue.slots)
  return missing.length === step.collect.length
    ? asked
    : askForMissing(draft.content, missing, flow.money ? 'ask_missing_money' : 'ask_missing')
}

/** The answers a step offers: those with a label. */
export function choicesOf(step: Step): readonly Choice[] {
  return step.answers.flatMap((answer) =>
    answer.label === undefined ? [] : [{ id: answer.id, label: answer.label }],
  )
}

/** Slots the open question asks for: they decide how bare numbers are read. */
export function askedSlots(draft: Draft): readonly string[] {
  const { prompt } = draft.dialogue
  if (prompt?.kind === 'collect') return slotIds(prompt.slots)
  const step = draft.openStep()?.step
  return step === undefined ? [] : [...step.collect, ...step.answers.flatMap((answer) => answer.gives)]
}

/** Starts a flow for an intent, on top of the unfinished one when it interrupts. */
export function startFlow(draft: Draft, flow: string, step: string | undefined, interrupting: boolean): void {
  draft.effects.push({ kind: 'flow.started', flow })
  takeWalk(
    draft,
    enterFlow(draft.world, draft.dialogue, flow, {
      ...(step === undefined ? {} : { step }),
      ...(interrupting ? { interrupting } : {}),
    }),
  )
}

/** Gives up on the open flow: its own way out, or a plain hand-over when there is none. */
export function giveUp(draft: Draft, reason: 'misunderstood' | null): void {
  if (reason === null) {
    takeWalk(draft, escalateFlow(draft.world, draft.dialogue))
    return
  }
  handOver(draft, reason, null)
  draft.reply('hand_over')
  collectAfter(draft, null, true)
}

/** “还有其他问题吗？”, or the other problem by name when the merchant has told one already. */
export function askAnythingElse(draft: Draft, flow: string | null): void {
  const other = otherProblem(draft)
  if (other === undefined) {
    draft.reply('anything_else')
    draft.prompt({ kind: 'anything_else', flow })
    return
  }
  draft.reply('offer_other', { title: other.intent.title })
  draft.prompt({ kind: 'confirm_switch', intent: other.intent.id, said: other.said }, [
    { id: 'yes', label: '接着处理' },
    { id: 'no', label: '不用了' },
  ])
}

/** A money flow on the stack means money is at risk until it ends well. */
export function noteMoney(draft: Draft): void {
  const money = draft.dialogue.stack.some((frame) => draft.content.flows.get(frame.flow)?.money === true)
  if (money) draft.update({ moneyAtRisk: true })
}

function end(draft: Draft, flow: Flow, endId: string): void {
  const ended = flow.ends.get(endId)
  if (ended === undefined) return
  draft.effects.push({ kind: 'flow.ended', flow: flow.id, end: endId })
  if (ended.ticket !== null && ended.ticket.holder === 'queue') {
    escalateTo(draft, flow, ended)
    return
  }
  draft.say(sentences(draft.world, draft.dialogue, flow.id, ended.say).join(''))
  draft.resolved = true
  if (ended.ticket !== null) {
    openTicket(draft, flow, ended.ticket)
    const wanted = wantedBy(draft, flow, ended.ticket) ?? []
    if (missingSlots(wanted, draft.dialogue.slots).length > 0) {
      collectAfter(draft, wanted)
      return
    }
    sayTicketNumber(draft)
  } else {
    if (flow.money || draft.dialogue.stack.length === 1) draft.update({ moneyAtRisk: false })
  }
  afterEnd(draft, flow)
}

/** A code that was explained on the way and is settled says nothing about the problem that resumes. */
function withoutSettledCode(draft: Draft, ended: Flow): Draft['dialogue']['slots'] {
  const { error_code: code, ...others } = draft.dialogue.slots
  const asksOfCode = [...ended.routes.values()].some(({ go }) =>
    go.some(({ when }) => when !== undefined && comparisons(when).some(({ name }) => name === 'code_class')),
  )
  return code === undefined || !asksOfCode ? draft.dialogue.slots : others
}

/** A flow that ended well: the unfinished one below resumes, or the problem is closed. */
function afterEnd(draft: Draft, flow: Flow): void {
  const stack = draft.dialogue.stack
  const ended = stack.at(-1)
  const below = stack.slice(0, -1)
  if (ended?.interrupting === true && below.length > 0) {
    draft.update({ stack: below, slots: withoutSettledCode(draft, flow) })
    const open = draft.openStep()
    if (open !== undefined) {
      draft.reply('resume', { question: questionOf(draft, open.flow, open.step) })
      draft.prompt({ kind: 'step' }, choicesOf(open.step))
      return
    }
  }
  draft.update({ stack: [] })
  draft.effects.push({ kind: 'problem.closed', flow: flow.id })
  askAnythingElse(draft, flow.id)
}
