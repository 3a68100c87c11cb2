import type { AnswerMatcher } from './flow/answer.ts'
import type { End, Flow } from './flow/flow.ts'
import type { AnswerWords } from './flow/wording.ts'
import type { Classifier } from './nlu/classifier.ts'
import type { EntityLexicon } from './nlu/entities/lexicon.ts'
import type { Priority } from './ticket.ts'
import type { Span, StaffHours } from './desk/staff-time.ts'
import type { Holidays } from './working-days.ts'

/** What the bot does when it has understood an intent. */
export type IntentAction =
  | { readonly kind: 'flow'; readonly flow: string; readonly step?: string }
  /** One answer, then “还有其他问题吗？”. */
  | { readonly kind: 'answer'; readonly text: string }
  /** No flow of its own: a ticket straight away. */
  | { readonly kind: 'ticket'; readonly end: End }
  /** Handled by the turn itself: greetings, yes and no, commands. */
  | { readonly kind: 'conversational' }

/** What a merchant can want, and what it starts. */
export type Intent = {
  readonly id: string
  /** What it is called to the merchant: “您是想先处理{title}吗？”. */
  readonly title: string
  readonly action: IntentAction
  /** Slots and notes that are settled by the intent itself. */
  readonly set: Readonly<Record<string, string>>
}

/** A place of a flow where an interruption enters it, past the questions that its words already answer. */
export type FlowPlace = { readonly flow: string; readonly step: string }

/** Words that break into any talk: danger, money, fraud, a wish for a human. */
export type Interrupt = {
  readonly id: string
  readonly words: readonly string[]
  /** Wordings in which those words mean nothing of the kind (“没扣款”). */
  readonly unless: readonly string[]
  readonly intent: string
  /** Where the intent's flow is entered; null for its beginning. */
  readonly place: FlowPlace | null
  /** When one of these is said too, this intent is meant instead (a debit on a QR payment). */
  readonly instead: readonly {
    readonly words: readonly string[]
    readonly intent: string
    readonly place: FlowPlace | null
  }[]
  /** Said to somebody who already waits for a human, where no flow begins to say it. */
  readonly say: string | null
  /** The least urgent priority a ticket open at that moment may keep. */
  readonly priority: Priority
  readonly money: boolean
}

/** A request the bot refuses for safety, and what it says then. */
export type Refusal = {
  readonly id: string
  /** `money`: refused only while the result of a payment is at stake. */
  readonly only?: 'money'
  readonly words: readonly string[]
  readonly unless: readonly string[]
  readonly say: string
}

/** The bot's own sentences (data/replies.yaml): key → text with `{…}`. */
export const REPLY_KEYS = [
  'greet',
  'thanks',
  'bye',
  'insult',
  'complain',
  'talk_to_human',
  'talk_to_human_known',
  'out_of_scope',
  'out_of_scope_again',
  'anything_else',
  'go_on',
  'confirm_switch',
  'confirm_end',
  'offer_other',
  'resume',
  'rephrase',
  'rephrase_step',
  'options',
  'clarify',
  'hand_over',
  'generic_escalation',
  'ask_missing',
  'ask_missing_once_more',
  'ask_missing_money',
  'ticket_with_phone',
  'ticket_without_phone',
  'in_queue',
  'in_queue_place',
  'in_queue_minutes',
  'after_hours',
  'added_to_ticket',
  'raised_ticket',
  'noted',
  'take_your_time',
  'restart',
  'nothing_before',
  'flow_changed',
  'error',
  'money_warning',
  'agent_joined',
  'agent_left',
  'agent_changed',
  'choice_answered',
  'agent_silent',
  'case_solved',
  'handed_back',
  'ask_rating',
  'rating_thanks',
  'rating_word_thanks',
  'still_waiting',
  'still_there',
  'gone_quiet',
  'gone_quiet_money',
  'picture_unread',
  'picture_beside',
  'picture_for_staff',
  'picture_removed',
  'cannot_hear',
  'cannot_see',
  'choose_number',
] as const
export type ReplyKey = (typeof REPLY_KEYS)[number]

/** A fact a flow can fill: its id, what it is called when it is missing, and whether it outlives a problem. */
export type SlotDefinition = {
  readonly id: string
  readonly name: string
  readonly lasting: boolean
  /** Flows whose talk is about it; elsewhere the same words mean something else. Null: everywhere. */
  readonly onlyIn: readonly string[] | null
}

/** After how many silent minutes a ticket goes back to the queue, a merchant is asked, and a talk is closed. */
export type SilenceMinutes = {
  readonly agent: number
  readonly merchantAsked: number
  readonly merchantGone: number
}

/** A sentence agents insert; `{…}` is a slot id or `no`, the number of the ticket. */
export type CannedReply = { readonly id: string; readonly title: string; readonly text: string }

/** Facts of the service provider; sentences that need an absent one are dropped. */
export type Provider = {
  readonly name?: string
  readonly hotline?: string
  readonly hours?: string
  /** Working days after the day of a sale until its money is due. */
  readonly settlementDays: number
  /** When staff answer; absent: at any hour. */
  readonly staffHours?: StaffHours
  /** How soon a ticket must be answered and solved. */
  readonly within: Readonly<Record<'answer' | 'solution', Readonly<Record<Priority, Span>>>>
  /** Minutes of silence after which the desk acts. */
  readonly silence: SilenceMinutes
  /** Slack channel that is told of new tickets. */
  readonly slackNoticeChannel?: string
}

/** Words that tell how the merchant feels. */
export type MoodWords = { readonly annoyed: readonly string[]; readonly angry: readonly string[] }

/** Phrases that are commands to the bot itself, compared whole. */
export const COMMANDS = ['go_back', 'repeat', 'restart', 'thanks', 'bye', 'nothing_else', 'more'] as const
export type Command = (typeof COMMANDS)[number]

/** What the desk needs of the content: sentences to the merchant, deadlines, and names for people. */
export type DeskContent = Pick<
  Content,
  'replies' | 'slots' | 'provider' | 'holidays' | 'intents' | 'flows' | 'cannedReplies'
>

/** Everything authors write in intents/, flows/ and data/, checked; the turn believes it. */
export type Content = {
  readonly intents: ReadonlyMap<string, Intent>
  readonly flows: ReadonlyMap<string, Flow>
  readonly replies: Readonly<Record<ReplyKey, string>>
  readonly commands: Readonly<Record<Command, ReadonlySet<string>>>
  readonly asksProgress: readonly string[]
  readonly corrections: readonly string[]
  readonly refusalsOfFacts: readonly string[]
  /** Words that begin what was left out: “忘了说…”. */
  readonly supplements: readonly string[]
  readonly interrupts: readonly Interrupt[]
  readonly refusals: readonly Refusal[]
  readonly notes: ReadonlyMap<string, readonly string[]>
  readonly mood: MoodWords
  readonly slots: ReadonlyMap<string, SlotDefinition>
  readonly answerWords: AnswerWords
  readonly matcher: AnswerMatcher
  readonly lexicon: EntityLexicon
  readonly classifier: Classifier
  readonly provider: Provider
  readonly cannedReplies: readonly CannedReply[]
  readonly holidays: Holidays
}
