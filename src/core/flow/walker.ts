import type { Dialogue, FlowFrame } from '../conversation.ts'
import { holds } from './condition.ts'
import { type FlowWorld, factsOf, sentences } from './facts.ts'
import type { Answer, End, Flow, Go, Sentence, Step, Target } from './flow.ts'
import { missingSlots } from './missing.ts'

/** Forks, skips and calls one turn may run through before the engine calls it a loop. */
export const MAX_STEPS_PER_TURN = 40
/** A step asked this often without a way out has failed: the flow escalates (domain guide §4.1). */
export const MAX_VISITS = 2
/** Flows that may lie on top of one another. */
export const MAX_STACK = 5

/** Where a walk through the flows came to rest. */
export type Rest =
  | { readonly kind: 'asks'; readonly flow: Flow; readonly step: Step }
  | { readonly kind: 'ended'; readonly flow: Flow; readonly end: End }
  /** The saved step is not part of this version of the flow. */
  | { readonly kind: 'lost'; readonly flow: string }

/** What happened on the way: sentences to say, tickets to open, and where the talk rests. */
export type Walk = {
  readonly dialogue: Dialogue
  readonly says: readonly string[]
  /** Ends whose tickets were opened on the way (a step with `opens`, or a call that returned with a ticket). */
  readonly opened: readonly { readonly flow: Flow; readonly end: End }[]
  readonly rest: Rest
}

/** One walk: carries the changing dialogue from fork to fork. Lives for one call. */
export class Walker {
  readonly #world: FlowWorld
  #dialogue: Dialogue
  readonly #says: string[] = []
  readonly #opened: { flow: Flow; end: End }[] = []
  #end: { flow: Flow; end: End } | undefined
  #hops = 0

  constructor(world: FlowWorld, dialogue: Dialogue) {
    this.#world = world
    this.#dialogue = dialogue
  }

  walk(): Walk {
    return { dialogue: this.#dialogue, says: this.#says, opened: this.#opened, rest: this.#rest() }
  }

  enter(flowId: string, options: { step?: string; returnTo?: string; interrupting?: boolean }): void {
    const flow = this.#world.flows.get(flowId)
    if (flow === undefined) return
    const frame: FlowFrame = {
      flow: flow.id,
      hash: flow.hash,
      step: '',
      ...(options.returnTo === undefined ? {} : { returnTo: options.returnTo }),
      ...(options.interrupting === undefined ? {} : { interrupting: options.interrupting }),
    }
    this.#set({ stack: [...this.#dialogue.stack, frame] })
    this.#to(flow, options.step === undefined ? flow.begin : { kind: 'step', step: options.step })
  }

  answer(answer: Answer, said: string): void {
    const open = this.#open()
    if (open === undefined) return
    this.#settle(open.flow, open.step, answer, said, true)
    this.#say(open.flow, answer.say)
    this.#follow(open.flow, answer.go)
  }

  leaveCollect(): void {
    const open = this.#open()
    if (open !== undefined) this.#follow(open.flow, open.step.then)
  }

  escalate(): void {
    const flow = this.#flow()
    if (flow !== undefined) this.#to(flow, { kind: 'end', end: flow.escalate })
  }

  #rest(): Rest {
    if (this.#end !== undefined) return { kind: 'ended', ...this.#end }
    const open = this.#open()
    if (open !== undefined) return { kind: 'asks', ...open }
    return { kind: 'lost', flow: this.#dialogue.stack.at(-1)?.flow ?? '' }
  }

  #set(change: Partial<Dialogue>): void {
    this.#dialogue = { ...this.#dialogue, ...change }
  }

  #flow(): Flow | undefined {
    const frame = this.#dialogue.stack.at(-1)
    return frame === undefined ? undefined : this.#world.flows.get(frame.flow)
  }

  #open(): { flow: Flow; step: Step } | undefined {
    const flow = this.#flow()
    const step = flow?.steps.get(this.#dialogue.stack.at(-1)?.step ?? '')
    return flow === undefined || step === undefined ? undefined : { flow, step }
  }

  #say(flow: Flow, list: readonly Sentence[]): void {
    this.#says.push(...sentences(this.#world, this.#dialogue, flow.id, list))
  }

  #follow(flow: Flow, go: Go): void {
    const facts = factsOf(this.#world, this.#dialogue, flow.id)
    const taken = go.find((branch) => branch.when === undefined || holds(branch.when, facts))
    this.#say(flow, taken?.say ?? [])
    this.#to(flow, taken?.target ?? { kind: 'end', end: flow.escalate })
  }

  #to(flow: Flow, target: Target): void {
    if (++this.#hops > MAX_STEPS_PER_TURN) {
      this.#finish(flow, flow.escalate)
      return
    }
    switch (target.kind) {
      case 'step':
        this.#arrive(flow, target.step)
        return
      case 'route':
        this.#follow(flow, flow.routes.get(target.route)?.go ?? [])
        return
      case 'end':
        this.#finish(flow, target.end)
        return
      case 'flow':
        this.#call(flow, target)
        return
    }
  }

  #arrive(flow: Flow, stepId: string): void {
    const step = flow.steps.get(stepId)
    if (step === undefined) {
      // Another flow may enter this one at an end (`sign_in_failed@E_REG`) or at a route.
      const route = flow.routes.get(stepId)
      if (route === undefined) this.#finish(flow, flow.ends.has(stepId) ? stepId : flow.escalate)
      else this.#follow(flow, route.go)
      return
    }
    const key = `${flow.id}/${stepId}`
    const visits = (this.#dialogue.visits[key] ?? 0) + 1
    this.#standAt(stepId)
    this.#set({ visits: { ...this.#dialogue.visits, [key]: visits } })
    if (visits > MAX_VISITS) {
      this.#finish(flow, flow.escalate)
      return
    }
    if (step.opens !== null) {
      const end = flow.ends.get(step.opens)
      if (end !== undefined) this.#opened.push({ flow, end })
    }
    if (step.collect.length > 0) {
      if (missingSlots(step.collect, this.#dialogue.slots).length === 0) this.#follow(flow, step.then)
      return
    }
    // A question asked before is asked again on purpose (its answer may have changed): it is not skipped.
    const told = visits > 1 ? undefined : this.#world.told(flow, step, this.#dialogue)
    if (told === undefined) return
    this.#say(flow, step.whenSkipped)
    this.#settle(flow, step, told.answer, told.said, false)
    this.#say(flow, told.answer.say)
    this.#follow(flow, told.answer.go)
  }

  #settle(flow: Flow, step: Step, answer: Answer, said: string, asked: boolean): void {
    const before = this.#dialogue
    const key = `${flow.id}/${step.id}`
    const question = sentences(this.#world, before, flow.id, step.ask).join('')
    const slots: Record<string, string | number> = { ...before.slots }
    const notes: Record<string, string> = { ...before.notes }
    for (const [name, value] of Object.entries(answer.set)) {
      if (name.startsWith('note.')) notes[name.slice('note.'.length)] = value
      else slots[name] = value
    }
    const skipped = answer.means.length > 0 && answer.means.every((general) => general === 'cannot')
    const done = step.action !== null && !skipped && !before.triedSteps.includes(step.id)
    this.#set({
      slots,
      notes,
      answers: { ...before.answers, [key]: answer.id },
      history: asked
        ? [...before.history, { stack: before.stack, pathLength: before.path.length }].slice(-20)
        : before.history,
      path: [...before.path, { flow: flow.id, step: step.id, question, answer: answer.id, said }],
      triedSteps: done ? [...before.triedSteps, step.id] : before.triedSteps,
    })
  }

  #call(flow: Flow, target: Extract<Target, { kind: 'flow' }>): void {
    const called = this.#world.flows.get(target.flow)
    if (called === undefined || this.#dialogue.stack.length >= MAX_STACK) {
      this.#finish(flow, flow.escalate)
      return
    }
    const at = target.step === undefined ? {} : { step: target.step }
    if (target.then !== undefined) {
      this.enter(called.id, { ...at, returnTo: target.then })
      return
    }
    const frame = this.#dialogue.stack.at(-1)
    // Left for good at a question where the result was known: the money is where it should be.
    this.#remember(flow)
    const isSettled = flow.money && !called.money && flow.steps.get(frame?.step ?? '')?.warns === false
    this.#set({
      stack: this.#dialogue.stack.slice(0, -1),
      ...(isSettled ? { moneyAtRisk: false } : {}),
    })
    this.enter(called.id, { ...at, ...(frame?.interrupting === true ? { interrupting: true } : {}) })
  }

  /** A solved called flow returns to its caller; everything else rests at its end. */
  #finish(flow: Flow, endId: string): void {
    const end = flow.ends.get(endId)
    if (end === undefined) return
    this.#remember(flow)
    const frame = this.#dialogue.stack.at(-1)
    const stays = end.ticket === null || end.ticket.holder === 'bot'
    const caller = this.#dialogue.stack.at(-2)
    if (frame?.returnTo === undefined || !stays || caller === undefined) {
      this.#end = { flow, end }
      return
    }
    if (end.ticket !== null) this.#opened.push({ flow, end })
    this.#say(flow, end.say)
    this.#set({ stack: this.#dialogue.stack.slice(0, -1) })
    const callerFlow = this.#world.flows.get(caller.flow)
    if (callerFlow !== undefined) this.#to(callerFlow, { kind: 'step', step: frame.returnTo })
  }

  /** What a flow keeps for the rest of the conversation is known from when it is left. */
  #remember(flow: Flow): void {
    const facts = factsOf(this.#world, this.#dialogue, flow.id)
    const kept = [...flow.remembers].filter(([, condition]) => holds(condition, facts))
    if (kept.length === 0) return
    const notes = Object.fromEntries(kept.map(([note]) => [note, 'yes']))
    this.#set({ notes: { ...this.#dialogue.notes, ...notes } })
  }

  #standAt(step: string): void {
    const stack = this.#dialogue.stack
    const frame = stack.at(-1)
    if (frame !== undefined) this.#set({ stack: [...stack.slice(0, -1), { ...frame, step }] })
  }
}
