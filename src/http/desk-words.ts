import type { HandoverCard, Ticket } from '../core/ticket.ts'
import { REASON_WORDS } from '../core/ticket.ts'
import { answerWords, GENERAL_WORDS } from '../core/answer-words.ts'
import type { DeskContent } from '../core/content.ts'
import type { ChannelName } from '../core/conversation.ts'

export const STATUS_WORDS: Readonly<Record<Ticket['status'], string>> = {
  open: '待接手',
  claimed: '处理中',
  waiting: '等商户回复',
  resolved: '已解决',
}
export const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = {
  web: '网页',
  wechat: '微信',
  slack: 'Slack',
  terminal: '终端',
}
export const MOOD_WORDS: Readonly<Record<HandoverCard['mood'], string>> = {
  calm: '情绪平稳',
  annoyed: '有些不满',
  angry: '很生气',
}

/** The names of things for people, by kind and id; answers by `flow/step/answer`, general ones by their own id. */
export function renderVocabulary(content: DeskContent): Vocabulary {
  const { intents, flows, slots } = content
  const steps = [...flows.values()].flatMap((flow) =>
    [...flow.steps.values()].map(
      (step) => [`${flow.id}/${step.id}`, step.ask.map(({ text }) => text).join('')] as const,
    ),
  )
  const actions = [...flows.values()].flatMap((flow) =>
    [...flow.steps.values()].flatMap(({ id, action }) =>
      action === null ? [] : [[`${flow.id}/${id}`, action] as const],
    ),
  )
  return {
    intents: Object.fromEntries([...intents.values()].map(({ id, title }) => [id, title])),
    flows: Object.fromEntries([...flows.values()].map(({ id, title }) => [id, title])),
    steps: Object.fromEntries(steps),
    actions: Object.fromEntries(actions),
    slots: Object.fromEntries([...slots.values()].map(({ id, name }) => [id, name])),
    reasons: REASON_WORDS,
    answers: { ...GENERAL_WORDS, ...answerWords(content) },
  }
}

type Words = Readonly<Record<string, string>>
export type Vocabulary = {
  readonly intents: Words
  readonly flows: Words
  readonly steps: Words
  /** What is done at a step, in few words; a mere question has none. */
  readonly actions: Words
  readonly slots: Words
  readonly reasons: Words
  readonly answers: Words
}

/** The word for something inside a flow; a path goes through called flows too, so any flow's step will do. */
export function wordInFlow(words: Words, flow: string | null, rest: string): string | undefined {
  const own = words[`${flow ?? ''}/${rest}`] ?? words[rest]
  if (own !== undefined) return own
  const key = Object.keys(words).find((id) => id.endsWith(`/${rest}`))
  return key === undefined ? undefined : words[key]
}

/** A time as people in China read it: `2026-11-26 16:05`. */
export function timeInChina(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
}

/** What is done at a step, or the question it asks. */
export function stepWords({ actions, steps }: Vocabulary, flow: string | null, step: string): string {
  return wordInFlow(actions, flow, step) ?? wordInFlow(steps, flow, step) ?? step
}

/** A fact as people read it: times of payment in the time of China. */
export function factWords(slot: string, value: string | number): string | number {
  const at = slot === 'txn_time' ? Date.parse(String(value)) : Number.NaN
  return Number.isNaN(at) || String(value).length <= 10 ? value : timeInChina(at)
}
