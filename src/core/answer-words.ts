import type { Content } from './content.ts'
import type { Answer, GeneralAnswer } from './flow/flow.ts'

/** The general answers in words. */
export const GENERAL_WORDS: Readonly<Record<GeneralAnswer, string>> = {
  yes: '是',
  no: '否',
  unsure: '不确定',
  cannot: '做不了',
  anything: '已说明',
}

/**
 * What every answer of every flow is called to people: `flow/step/answer` → its label, or what it stands for when no
 * button offers it. Pure.
 */
export function answerWords({
  flows,
  slots,
}: Pick<Content, 'flows' | 'slots'>): Readonly<Record<string, string>> {
  const entries = [...flows.values()].flatMap((flow) =>
    [...flow.steps.values()].flatMap((step) =>
      step.answers.map((answer) => [`${flow.id}/${step.id}/${answer.id}`, wordsOf(answer, slots)] as const),
    ),
  )
  return Object.fromEntries(entries)
}

function wordsOf({ label, means, gives, phrases, id }: Answer, slots: Content['slots']): string {
  if (label !== undefined) return label
  const general = means.find((one) => one !== 'anything')
  if (general !== undefined) return GENERAL_WORDS[general]
  if (gives.length > 0) return `告知${gives.map((slot) => slots.get(slot)?.name ?? slot).join('、')}`
  return phrases[0] ?? (means.includes('anything') ? GENERAL_WORDS.anything : id)
}
