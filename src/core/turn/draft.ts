import type { Content } from '../content.ts'
import type { Conversation, Dialogue, Prompt } from '../conversation.ts'
import type { Effect } from '../effect.ts'
import type { FlowWorld } from '../flow/facts.ts'
import type { Flow, Step } from '../flow/flow.ts'
import type { TicketId } from '../ids.ts'
import type { Understanding } from '../nlu/understanding.ts'
import type { Ticket } from '../ticket.ts'
import type { Attachment, Choice } from '../transcript.ts'
import type { Unreadable } from '../unreadable.ts'
import { presentCase } from './case.ts'
import { flowWorld } from './flow-world.ts'
import { fillTemplate } from './template.ts'

/** A merchant's message on its way through a turn: masked, understood, and with its choice looked up. */
export type TurnInput = {
  /** The text as it is stored: everything sensitive masked, phones included. Empty for pictures alone. */
  readonly text: string
  readonly understanding: Understanding
  /** The button pressed, when it belongs to the open question. */
  readonly choiceId?: string
  /** True when something sensitive was hidden at the door (phones do not count). */
  readonly hidden: boolean
  readonly attachments?: readonly Attachment[]
  /** What the message is when nobody here can read it. */
  readonly unreadable?: Unreadable
}

/** What the outside lends a turn, so that the turn itself stays pure. */
export type TurnContext = {
  readonly now: number
  /** For the ticket this turn may open. */
  readonly ticketId: TicketId
  readonly ticketNumber: string
  /** Where a merchant who waits for a human stands; absent where nobody looked. */
  readonly waiting?: { readonly position: number; readonly minutes?: number }
}

/**
 * The turn while it is being decided: a conversation, what is to be said, and what happened. It lives for one
 * call of `takeTurn`; everything it holds is immutable data that it replaces.
 */
export class Draft {
  readonly content: Content
  readonly input: TurnInput
  readonly context: TurnContext
  readonly world: FlowWorld
  conversation: Conversation
  dialogue: Dialogue
  says: string[] = []
  choices: readonly Choice[] = []
  effects: Effect[] = []
  /** The warning of a money flow that ended in this turn without a result. */
  warning: string | null = null
  /** A resolution is never begun with a warning. */
  resolved = false
  /** The intent this very message was taken for. */
  intent: { readonly intent: string; readonly confidence: number }

  constructor(conversation: Conversation, input: TurnInput, content: Content, context: TurnContext) {
    this.content = content
    this.input = input
    this.context = context
    this.conversation = conversation
    this.dialogue = conversation.dialogue
    this.world = flowWorld(content, () => this.openTicket()?.number ?? context.ticketNumber, context.now)
    this.intent = intentOf(this.dialogue, input.understanding)
  }

  get text(): string {
    return this.input.text
  }

  update(change: Partial<Dialogue>): void {
    this.dialogue = { ...this.dialogue, ...change }
  }

  say(...texts: readonly string[]): void {
    this.says.push(...texts.filter((text) => text !== ''))
  }

  reply(key: keyof Content['replies'], values: Readonly<Record<string, string>> = {}): void {
    this.say(fillTemplate(this.content.replies[key], values))
  }

  prompt(prompt: Prompt | null, choices: readonly Choice[] = []): void {
    this.update({ prompt })
    this.choices = choices
  }

  /** The ticket that the present problem has already. */
  openTicket(): Ticket | undefined {
    return presentCase(this.conversation, this.dialogue)
  }

  /** The question that stands open in a flow. */
  openStep(): { readonly flow: Flow; readonly step: Step } | undefined {
    const frame = this.dialogue.stack.at(-1)
    const flow = frame === undefined ? undefined : this.content.flows.get(frame.flow)
    const step = flow?.steps.get(frame?.step ?? '')
    return flow === undefined || step === undefined ? undefined : { flow, step }
  }
}

/** An answer belongs to the problem that is open; otherwise a message stands for itself. */
function intentOf(dialogue: Dialogue, understanding: Understanding): Draft['intent'] {
  if (dialogue.stack.length > 0 && dialogue.intent !== null) {
    return { intent: dialogue.intent, confidence: dialogue.confidence }
  }
  const { intent, confidence, decision } = understanding
  return { intent: decision === 'reject' ? 'out_of_scope' : intent, confidence }
}
