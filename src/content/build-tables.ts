import type { z } from 'zod'

import { COMMANDS, type Content } from '../core/content.ts'
import type { DayHours, Span, StaffHours } from '../core/desk/staff-time.ts'
import { AppError } from '../core/errors.ts'
import type { AnswerWords } from '../core/flow/wording.ts'
import { normalize } from '../core/nlu/normalize.ts'
import { PRIORITIES, type Priority } from '../core/ticket.ts'
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
    ...(file.slack_notice_channel === undefined ? {} : { slackNoticeChannel: file.slack_notice_channel }),
    settlementDays: file.settlement_days ?? 1,
    ...(file.staff_hours === undefined ? {} : { staffHours: staffHoursOf(file.staff_hours) }),
    within: { answer: spansOf(file.answer_within), solution: spansOf(file.solve_within) },
    silence: {
      agent: file.silence_minutes.agent,
      merchantAsked: file.silence_minutes.merchant_asked,
      merchantGone: file.silence_minutes.merchant_gone,
    },
  }
}

type ProviderFile = z.infer<typeof providerSchema>

function staffHoursOf({ working_days, days_off }: NonNullable<ProviderFile['staff_hours']>): StaffHours {
  return {
    ...(working_days === undefined ? {} : { workingDays: dayHoursOf(working_days) }),
    ...(days_off === undefined ? {} : { daysOff: dayHoursOf(days_off) }),
  }
}

function dayHoursOf(written: string): DayHours {
  const [from = 0, to = 0] = written.split('-').map((clock) => {
    const [hours = 0, minutes = 0] = clock.split(':').map(Number)
    return hours * 60 + minutes
  })
  return { from, to }
}

function spansOf(file: ProviderFile['answer_within']): Readonly<Record<Priority, Span>> {
  return recordOf(PRIORITIES, (priority) => {
    const count = Number.parseInt(file[priority], 10)
    const unit = file[priority].at(-1)
    if (unit === 'd') return { kind: 'working_days', count }
    return { kind: 'minutes', count: unit === 'h' ? count * 60 : count }
  })
}
