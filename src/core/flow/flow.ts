import type { Priority, TicketReason } from '../ticket.ts'
import type { Condition } from './condition.ts'

/** The general answers every question understands (domain guide §4.1: Y, N, ?, X), and whatever else is said. */
export const GENERAL_ANSWERS = ['yes', 'no', 'unsure', 'cannot', 'anything'] as const
export type GeneralAnswer = (typeof GENERAL_ANSWERS)[number]

/** Where an answer leads. */
export type Target =
  | { readonly kind: 'step'; readonly step: string }
  | { readonly kind: 'route'; readonly route: string }
  | { readonly kind: 'end'; readonly end: string }
  /** Leaves this flow for another; `then` (↻) names the step of this flow where it goes on afterwards. */
  | { readonly kind: 'flow'; readonly flow: string; readonly step?: string; readonly then?: string }

/** A sentence, said only when its condition holds. */
export type Sentence = { readonly when?: Condition; readonly text: string }

/** A fork: the first case whose condition holds is taken. The last case has no condition. */
export type Go = readonly {
  readonly when?: Condition
  readonly target: Target
  readonly say: readonly Sentence[]
}[]

/** An answer a step understands. */
export type Answer = {
  readonly id: string
  /** What the button says; an answer without a label is understood but not offered. */
  readonly label?: string
  /** Which general answers count as this one. */
  readonly means: readonly GeneralAnswer[]
  /** The merchants' own words for this answer at this step. */
  readonly phrases: readonly string[]
  /** Words that give this answer whenever they are said, so that the question is skipped. */
  readonly told: readonly string[]
  /** Slots and notes this answer settles. */
  readonly set: Readonly<Record<string, string>>
  /** Slots of which the message must have given one for this answer to count. */
  readonly gives: readonly string[]
  readonly say: readonly Sentence[]
  readonly go: Go
}

/** One question of a flow. */
export type Step = {
  readonly id: string
  readonly ask: readonly Sentence[]
  /** The warning in `ask` that must be said even when the question is skipped. */
  readonly whenSkipped: readonly Sentence[]
  /** The question in simpler words, after an unclear answer. */
  readonly simpler: string | null
  /** What the merchant does at this step, in a few words for the agent; null for a mere question. */
  readonly action: string | null
  readonly answers: readonly Answer[]
  /** Slots this step asks for in one go (a step with `collect` has no answers and one way out). */
  readonly collect: readonly string[]
  readonly then: Go
  /** The end whose ticket is opened when this step is reached. */
  readonly opens: string | null
  /** False where the result is known and the flow's warning would be wrong. */
  readonly warns: boolean
  /** False where a lone digit is content (a code), not the number of a choice. */
  readonly numbered: boolean
  readonly source: readonly string[]
}

/** The ticket an end opens. */
export type TicketPlan = {
  readonly reason: TicketReason
  readonly priority: readonly { readonly when?: Condition; readonly priority: Priority }[]
  /** Slots to ask for once the ticket is open: the first case that holds; none for what every hand-over asks for. */
  readonly collect: readonly { readonly when?: Condition; readonly slots: readonly string[] }[]
  /** `bot` where the case is paperwork and the conversation stays with the bot. */
  readonly holder: 'queue' | 'bot'
}

/** Where a flow ends: solved (R_…), or with a ticket (E_…). */
export type End = {
  readonly id: string
  readonly say: readonly Sentence[]
  readonly ticket: TicketPlan | null
  readonly source: readonly string[]
}

/** A fork with a name, shared by several answers: it asks and says nothing. */
export type Route = { readonly id: string; readonly go: Go }

/** A troubleshooting flow as its author wrote it, checked. */
export type Flow = {
  readonly id: string
  /** What the problem is called to the merchant: “您是想先处理{title}吗？”. */
  readonly title: string
  readonly begin: Target
  /** True when money may be at risk in it: tickets say so. */
  readonly money: boolean
  /** Said at the head of every reply while the result of a payment is unknown. */
  readonly warning: string | null
  /** The end taken when the flow cannot go on, and whose priority a hand-over on the way gets. */
  readonly escalate: string
  readonly steps: ReadonlyMap<string, Step>
  readonly routes: ReadonlyMap<string, Route>
  readonly ends: ReadonlyMap<string, End>
  /** Facts heard in any message: note id → the words that tell it. */
  readonly notes: ReadonlyMap<string, readonly string[]>
  /** Notes that raise its ticket by one level, with the words for the card that say why. */
  readonly raises: ReadonlyMap<string, string>
  /** Notes kept for the rest of the conversation: what must hold when the flow is left. */
  readonly remembers: ReadonlyMap<string, Condition>
  readonly source: readonly string[]
  /** Hash of the file's content. */
  readonly hash: string
}
