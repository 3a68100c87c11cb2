import type { ConversationId, TicketId } from './ids.ts'
import type { OutboxEntry } from './outbox.ts'
import type { Quota } from './quota.ts'
import type { Choice, TranscriptLine } from './transcript.ts'
import type { Mood, PathEntry, Ticket } from './ticket.ts'

export const CHANNELS = ['web', 'wechat', 'slack', 'terminal'] as const
export type ChannelName = (typeof CHANNELS)[number]

/** Who speaks to the merchant now. Every change of hands makes `epoch` grow by one. */
export type Holder = 'bot' | 'queue' | 'agent'

/** Where the merchant is inside one flow. The last frame of the stack is the open one. */
export type FlowFrame = {
  readonly flow: string
  /** Content hash of the flow when it was entered: a changed flow is noticed, never stranded. */
  readonly hash: string
  readonly step: string
  /** Where the calling flow goes on when this one ends (↻); absent when it does not return. */
  readonly returnTo?: string
  /** True when this flow was put on top of an unfinished one, which resumes afterwards. */
  readonly interrupting?: boolean
}

/** The engine's own prompts, which are no steps of a flow (domain guide §8, 2). */
export type Prompt =
  | { readonly kind: 'step' }
  | { readonly kind: 'anything_else'; readonly flow: string | null }
  | { readonly kind: 'confirm_switch'; readonly intent: string; readonly said: string }
  | { readonly kind: 'clarify'; readonly intents: readonly string[]; readonly said: string }
  /** Asks for the facts of an opened ticket; `asked` counts how often. */
  | { readonly kind: 'collect'; readonly slots: readonly string[]; readonly asked: number }
  /** Asks how the merchant liked it; `scored` once a figure came and a word may follow. */
  | { readonly kind: 'rating'; readonly scored: boolean }

/** Everything the bot knows of the talk apart from its lines. */
export type Dialogue = {
  readonly stack: readonly FlowFrame[]
  readonly prompt: Prompt | null
  /** Choices the open prompt offered, and the seq of the bot line that offered them. */
  readonly offered: { readonly seq: number; readonly choices: readonly Choice[] } | null
  readonly slots: Readonly<Record<string, string | number>>
  /** Facts that are no slots (`several_cards`, `debit`): note id → value. */
  readonly notes: Readonly<Record<string, string>>
  /** `flow/step` → answer id; the newest answer wins. */
  readonly answers: Readonly<Record<string, string>>
  readonly path: readonly PathEntry[]
  readonly triedSteps: readonly string[]
  /** What the merchant said about the present problem, masked, oldest first: facts in it skip steps. */
  readonly heard: readonly string[]
  readonly intent: string | null
  readonly confidence: number
  /** Consecutive turns the bot could not understand. */
  readonly unclear: number
  readonly outOfScopeRun: number
  readonly angryTurns: number
  readonly flowTurns: number
  readonly turnsWithoutProgress: number
  readonly mood: Mood
  readonly moneyAtRisk: boolean
  readonly maskNoticeGiven: boolean
  /** How many times a step was entered since the problem began: `flow/step` → count. */
  readonly visits: Readonly<Record<string, number>>
  /** The flow stack as it was at each answered question, oldest first: where `go_back` returns to. */
  readonly history: readonly { readonly stack: readonly FlowFrame[]; readonly pathLength: number }[]
}

/** What is to happen at a time unless something else happens first. */
export const DEADLINE_KINDS = [
  'first_answer',
  'solution',
  'agent_silent',
  'after_hours',
  'merchant_silent',
  'merchant_gone',
  'erase',
] as const
export type Deadline = { readonly kind: (typeof DEADLINE_KINDS)[number]; readonly at: number }

/** How a merchant liked the help: 1 (bad) to 5 (good), and a word, masked. */
export type Rating = {
  readonly score: number
  readonly comment?: string
  readonly at: number
  /** The staff's ticket it is about; absent when the bot solved the problem alone. */
  readonly ticketId?: TicketId
}

/** A problem the bot has solved without staff. */
export type SolvedProblem = {
  readonly intent: string | null
  readonly flow: string | null
  readonly at: number
}

/** A key of a message already taken, with the answer it got: a copy gets the same answer and no second turn. */
export type DedupeKey = { readonly key: string; readonly seq: number; readonly at: number }

/** The one aggregate: a merchant's talk with its dialogue, transcript and tickets. Times are epoch ms. */
export type Conversation = {
  readonly id: ConversationId
  readonly channel: ChannelName
  /** Who writes, in the channel's own terms; unique together with `channel`. */
  readonly merchantKey: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly holder: Holder
  readonly epoch: number
  readonly dialogue: Dialogue
  /** Seq of this conversation's first line: lines of the merchant's earlier conversations come before. */
  readonly firstSeq: number
  readonly lastSeq: number
  /** Seq of the last merchant line whose turn is complete. */
  readonly processedSeq: number
  readonly transcript: readonly TranscriptLine[]
  readonly tickets: readonly Ticket[]
  readonly dedupe: readonly DedupeKey[]
  /** The merchant's conversation before this one. */
  readonly previous?: ConversationId
  /** How many conversations this merchant has had, this one included. */
  readonly conversations: number
  /** What is due next, for the deadline loop; kept with the conversation, so that no restart loses it. */
  readonly deadlines?: readonly Deadline[]
  readonly ratings?: readonly Rating[]
  /** Up to here the merchant has seen the lines of staff. */
  readonly readSeq?: number
  /** Problems the bot has solved without staff. */
  readonly solved?: number
  /** The newest of them. */
  readonly solvedProblems?: readonly SolvedProblem[]
  /** When a merchant who fell silent in a flow was asked whether they are still there. */
  readonly askedStillThereAt?: number
  /** When a merchant whom an agent holds was last told that staff are not there. */
  readonly toldAfterHoursAt?: number
  /** Lines on their way to the merchant, oldest first; only where the channel must be pushed to. */
  readonly outbox?: readonly OutboxEntry[]
  /** Where the channel pushes to, in its own terms; absent where it needs no more than `merchantKey`. */
  readonly reach?: string
  /** What the channel still takes for this merchant; absent where nobody counts. */
  readonly quota?: Quota
  /** When the merchant left the channel: nothing is sent any more, and what is personal goes with the last open ticket. */
  readonly leftAt?: number
}

/** A dialogue in which nothing has been said. Pure. */
export function emptyDialogue(): Dialogue {
  return {
    stack: [],
    prompt: null,
    offered: null,
    slots: {},
    notes: {},
    answers: {},
    path: [],
    triedSteps: [],
    heard: [],
    intent: null,
    confidence: 0,
    unclear: 0,
    outOfScopeRun: 0,
    angryTurns: 0,
    flowTurns: 0,
    turnsWithoutProgress: 0,
    mood: 'calm',
    moneyAtRisk: false,
    maskNoticeGiven: false,
    visits: {},
    history: [],
  }
}
