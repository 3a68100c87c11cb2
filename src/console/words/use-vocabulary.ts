import { useQuery } from '@tanstack/react-query'
import { read } from '../api.ts'
import { VocabularyAnswer } from '../wire.ts'
import { lookUp, useLanguage, useWords } from './words.ts'

export type Names = {
  intent(id: string): string
  reason(id: string): string
  slot(id: string): string
  step(id: string, flow: string | null | undefined): string
  channel(id: string): string
}

const NONE = { intents: {}, flows: {}, steps: {}, slots: {}, reasons: {} }

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
    step: (id, flow) => lookUp(data.steps, id) ?? lookUp(data.steps, `${flow ?? ''}/${id}`) ?? id,
    channel: (id) => lookUp(words.channels, id) ?? id,
  }
}
