import type { z } from 'zod'

import { COMMANDS, type Content } from '../core/content.ts'
import { AppError } from '../core/errors.ts'
import type { AnswerWords } from '../core/flow/wording.ts'
import { normalize } from '../core/nlu/normalize.ts'
import type { answersSchema, providerSchema } from './schema.ts'

export function answerWords(file: z.infer<typeof answersSchema>): AnswerWords {
  const forms = (list: readonly string[]): ReadonlySet<string> => new Set(list.map((word) => normalize(word)))
  return {
    yes: forms(file.yes),
    no: forms(file.no),
    unsure: file.unsure.map((word) => normalize(word)),
    cannot: file.cannot.map((word) => normalize(word)),
    acknowledges: forms(file.acknowledges),
    groups: file.groups.map(({ id, polarity, words }) => ({ id, polarity: polarity ?? 'none', words })),
  }
}

export function recordOf<Key extends string, Value>(
  keys: readonly Key[],
  valueOf: (key: Key) => Value,
): Readonly<Record<Key, Value>> {
  const record: Partial<Record<Key, Value>> = {}
  for (const key of keys) record[key] = valueOf(key)
  const isComplete = (partial: Partial<Record<Key, Value>>): partial is Record<Key, Value> =>
    keys.every((key) => key in partial)
  if (!isComplete(record)) throw new AppError('internal', 'a record was built without one of its keys')
  return record
}

export function commandSets(found: Readonly<Record<string, readonly string[]>>): Content['commands'] {
  return recordOf(COMMANDS, (name) => new Set((found[name] ?? []).map((word) => normalize(word))))
}

export function providerOf(file: z.infer<typeof providerSchema>): Content['provider'] {
  return {
    ...(file.name === undefined ? {} : { name: file.name }),
    ...(file.hotline === undefined ? {} : { hotline: file.hotline }),
    ...(file.hours === undefined ? {} : { hours: file.hours }),
    settlementDays: file.settlement_days ?? 1,
    dueMinutes: file.due_minutes,
    silence: {
      agent: file.silence_minutes.agent,
      merchantAsked: file.silence_minutes.merchant_asked,
      merchantGone: file.silence_minutes.merchant_gone,
    },
  }
}
