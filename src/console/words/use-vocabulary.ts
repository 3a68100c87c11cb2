import { useQuery } from '@tanstack/react-query'
import { read } from '../api.ts'
import { VocabularyAnswer } from '../wire.ts'
import { lookUp, useLanguage, useWords } from './words.ts'

export type Names = {
  intent(id: string): string
  reason(id: string): string
  slot(id: string): string
  step(id: string, flow: string | null | undefined): string
  /** What is done at a step, or the question it asks. */
  action(step: string, flow: string | null | undefined): string
  flow(id: string): string
  /** What an answer of a step is called; a card's path also goes through flows that its own flow called. */
  answer(id: string, step: string, flow: string | null | undefined): string
  channel(id: string): string
}

const NONE = { intents: {}, flows: {}, steps: {}, actions: {}, slots: {}, reasons: {}, answers: {} }

/** Names of the content's ids: the server's own first in Chinese, the dictionary's first in English, else the id. */
export function useNames(): Names {
  const words = useWords()
  const isEnglish = useLanguage() === 'en'
  const { data = NONE } = useQuery({
    queryKey: ['vocabulary'],
    queryFn: ({ signal }) => read('/vocabulary', VocabularyAnswer, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const either = (own: Record<string, string>, served: Record<string, string>, id: string): string =>
    (isEnglish ? (lookUp(own, id) ?? lookUp(served, id)) : (lookUp(served, id) ?? lookUp(own, id))) ?? id
  return {
    intent: (id) => lookUp(data.intents, id) ?? id,
    reason: (id) => either(words.reasons, data.reasons, id),
    slot: (id) => either(words.slots, data.slots, id),
    step: (id, flow) => inFlow(data.steps, id, flow) ?? id,
    action: (step, flow) => inFlow(data.actions, step, flow) ?? inFlow(data.steps, step, flow) ?? step,
    flow: (id) => lookUp(data.flows, id) ?? id,
    answer: (id, step, flow) => inFlow(data.answers, `${step}/${id}`, flow) ?? lookUp(data.answers, id) ?? id,
    channel: (id) => lookUp(words.channels, id) ?? id,
  }
}

/** A word of something inside a flow, or of the flow it was called from. */
function inFlow(
  words: Readonly<Record<string, string>>,
  id: string,
  flow: string | null | undefined,
): string | undefined {
  const own = lookUp(words, id) ?? lookUp(words, `${flow ?? ''}/${id}`)
  return own ?? Object.entries(words).find(([key]) => key.endsWith(`/${id}`))?.[1]
}
