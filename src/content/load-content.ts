import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { z } from 'zod'

import {
  COMMANDS,
  type Content,
  type Intent,
  type IntentAction,
  REPLY_KEYS,
  type SlotDefinition,
} from '../core/content.ts'
import { AppError } from '../core/errors.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { AnswerMatcher } from '../core/flow/answer.ts'
import { checkFlow } from '../core/flow/check.ts'
import type { End, Flow } from '../core/flow/flow.ts'
import type { AnswerWords } from '../core/flow/wording.ts'
import type { Concepts, TrainingLine } from '../core/nlu/classifier.ts'
import { normalize } from '../core/nlu/normalize.ts'
import { type Finding, FlowBuilder, type Surroundings } from './build-flow.ts'
import { interruptsOf } from './build-interrupts.ts'
import { calendarOf } from './calendar.ts'
import { loadLexicon } from './load-lexicon.ts'
import type { ContentProblem } from './problem.ts'
import { type ReadYaml, readYaml } from './read-yaml.ts'
import {
  type FlowFile,
  type IntentFile,
  answersSchema,
  conceptsSchema,
  flowSchema,
  holidaysSchema,
  intentSchema,
  interruptsSchema,
  providerSchema,
  repliesSchema,
  slotsSchema,
} from './schema.ts'

/** Content without its classifier, which is trained or read from a cache afterwards. */
export type LoadedContent = {
  readonly content: Omit<Content, 'classifier'>
  readonly lines: readonly TrainingLine[]
  readonly concepts: Concepts
}

/** Where content lies: three folders, usually those of the project. */
export type ContentFolders = { readonly intents: string; readonly flows: string; readonly data: string }

/**
 * Reads and checks everything authors write. Returns every problem found, in file order; `loaded` is there
 * exactly when none of them is an error.
 */
export function loadContent(folders: ContentFolders): {
  loaded?: LoadedContent
  problems: readonly ContentProblem[]
} {
  return new ContentLoader(folders).load()
}

type File<Value> = { readonly file: string; readonly value: Value; readonly at: ReadYaml<Value>['at'] }

class ContentLoader {
  readonly #folders: ContentFolders
  readonly #problems: ContentProblem[] = []

  constructor(folders: ContentFolders) {
    this.#folders = folders
  }

  load(): { loaded?: LoadedContent; problems: readonly ContentProblem[] } {
    const { data } = this.#folders
    const slots = this.#data('slots.yaml', slotsSchema)
    const answers = this.#data('answers.yaml', answersSchema)
    const interrupts = this.#data('interrupts.yaml', interruptsSchema)
    const replies = this.#data('replies.yaml', repliesSchema)
    const provider = this.#data('provider.yaml', providerSchema)
    const holidays = this.#data('holidays.yaml', holidaysSchema)
    const concepts = this.#data(join('lexicon', 'concepts.yaml'), conceptsSchema)
    const { lexicon, problems } = loadLexicon(data)
    this.#problems.push(...problems)
    const flowFiles = this.#folder(this.#folders.flows, flowSchema, (value) => value.flow)
    const intentFiles = this.#folder(this.#folders.intents, intentSchema, (value) => value.intent)
    if (!slots || !answers || !interrupts || !replies || !provider || !holidays || !concepts)
      return this.#failed()

    const notes = new Map(Object.entries(interrupts.value.notes))
    for (const { value } of flowFiles) {
      for (const [note, words] of Object.entries(value.listens ?? {})) {
        notes.set(note, [...(notes.get(note) ?? []), ...words])
      }
    }
    const around = surroundings(flowFiles, slots.value, notes)
    const flows = this.#flows(flowFiles, around)
    const intents = this.#intents(intentFiles, around)
    this.#checkReplies(replies)
    const rules = interruptsOf(interrupts.value, { intents: new Set(intents.keys()), flows: around.flows })
    this.#report(interrupts, rules.findings)
    const calendar = calendarOf(holidays.value)
    this.#report(holidays, calendar.findings)
    const words = answerWords(answers.value)
    const matcher = new AnswerMatcher(words)
    for (const file of flowFiles) {
      const flow = flows.get(file.value.flow)
      if (flow !== undefined) this.#report(file, checkFlow(flow, { flows, matcher }))
    }
    if (this.#problems.length > 0) return this.#failed()

    const content: Omit<Content, 'classifier'> = {
      intents,
      flows,
      replies: recordOf(REPLY_KEYS, (key) => replies.value.replies[key] ?? ''),
      commands: commandSets(replies.value.commands),
      asksProgress: replies.value.asks_progress,
      corrections: replies.value.corrections,
      refusalsOfFacts: replies.value.refuses_facts,
      interrupts: rules.interrupts,
      refusals: interrupts.value.refusals.map((refusal) => ({ ...refusal, unless: refusal.unless ?? [] })),
      notes,
      mood: replies.value.mood,
      slots: around.slots,
      answerWords: words,
      matcher,
      lexicon,
      provider: providerOf(provider.value),
      holidays: calendar.holidays,
    }
    const lines = intentFiles.flatMap(({ value }) =>
      value.utterances.map((text): TrainingLine => ({ text, intent: value.intent })),
    )
    return { loaded: { content, lines, concepts: concepts.value }, problems: [] }
  }

  #failed(): { problems: readonly ContentProblem[] } {
    const problems = [...this.#problems].sort(
      (a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.col - b.col,
    )
    return { problems }
  }

  #data<Value>(name: string, schema: z.ZodType<Value>): File<Value> | undefined {
    return this.#read(join(this.#folders.data, name), schema)
  }

  #read<Value>(file: string, schema: z.ZodType<Value>): File<Value> | undefined {
    const { value, problems, at } = readYaml(file, schema)
    this.#problems.push(...problems)
    return value === undefined ? undefined : { file, value, at }
  }

  #folder<Value>(
    folder: string,
    schema: z.ZodType<Value>,
    idOf: (value: Value) => string,
  ): readonly File<Value>[] {
    let names: string[]
    try {
      names = readdirSync(folder).filter((name) => /\.ya?ml$/u.test(name))
    } catch {
      this.#problems.push(
        problemAt(folder, 'missing-folder', `the folder "${folder}" does not exist: create it`),
      )
      return []
    }
    return names.sort().flatMap((name) => {
      const read = this.#read(join(folder, name), schema)
      if (read === undefined) return []
      const id = idOf(read.value)
      const expected = basename(name).replace(/\.ya?ml$/u, '')
      if (id === expected) return [read]
      const message = `the file is called "${name}" but describes "${id}": rename one of them, so that people find it`
      this.#problems.push(problemAt(read.file, 'file-name', message))
      return []
    })
  }

  #flows(files: readonly File<FlowFile>[], around: Surroundings): ReadonlyMap<string, Flow> {
    return new Map(
      files.map((file) => {
        const builder = new FlowBuilder(file.value, around)
        const flow = builder.flow()
        this.#report(file, builder.findings)
        return [flow.id, flow]
      }),
    )
  }

  #intents(files: readonly File<IntentFile>[], around: Surroundings): ReadonlyMap<string, Intent> {
    return new Map(
      files.map((file) => {
        const { value } = file
        const builder = new FlowBuilder(NO_FLOW, around)
        const intent: Intent = {
          id: value.intent,
          title: value.title,
          action: this.#action(file, builder, around),
          set: builder.settings(value.set ?? {}),
        }
        this.#report(file, builder.findings)
        return [intent.id, intent]
      }),
    )
  }

  #action(file: File<IntentFile>, builder: FlowBuilder, around: Surroundings): IntentAction {
    const { value } = file
    const ways = [value.starts, value.answers, value.hands_over].filter((way) => way !== undefined)
    if (value.kind === 'conversational' ? ways.length !== 0 : ways.length !== 1) {
      const message =
        value.kind === 'conversational'
          ? `"${value.intent}" is conversational: the bot itself answers it, so it has no "starts", "answers" or "hands_over"`
          : `"${value.intent}" needs exactly one of "starts" (a flow), "answers" (one text) or "hands_over" (a ticket)`
      this.#report(file, [{ path: ['intent'], rule: 'intent-action', message }])
    }
    if (value.starts !== undefined) return this.#starts(file, value.starts, around)
    if (value.answers !== undefined) return { kind: 'answer', text: value.answers }
    if (value.hands_over !== undefined) {
      const { say, ...ticket } = value.hands_over
      const end: End = {
        id: `E_${value.intent}`,
        say: builder.sentencesOf(say, ['hands_over', 'say']),
        ticket: builder.ticket(ticket, ['hands_over']),
        source: value.source ?? [],
      }
      return { kind: 'ticket', end }
    }
    return { kind: 'conversational' }
  }

  #starts(file: File<IntentFile>, starts: string, around: Surroundings): IntentAction {
    const [flow = '', step] = starts.split('@')
    const places = around.flows.get(flow)
    if (places === undefined || (step !== undefined && !places.has(step))) {
      const close = didYouMean(places === undefined ? flow : (step ?? ''), [
        ...(places ?? around.flows.keys()),
      ])
      const hint = close === undefined ? '' : `. Did you mean "${close}"?`
      this.#report(file, [
        { path: ['starts'], rule: 'unknown-id', message: `"${starts}" does not exist${hint}` },
      ])
    }
    return { kind: 'flow', flow, ...(step === undefined ? {} : { step }) }
  }

  #checkReplies(replies: File<z.infer<typeof repliesSchema>>): void {
    this.#sameKeys(replies, ['replies'], Object.keys(replies.value.replies), REPLY_KEYS)
    this.#sameKeys(replies, ['commands'], Object.keys(replies.value.commands), COMMANDS)
  }

  #sameKeys(
    file: File<unknown>,
    path: readonly string[],
    found: readonly string[],
    wanted: readonly string[],
  ): void {
    for (const key of wanted) {
      if (found.includes(key)) continue
      this.#report(file, [
        { path, rule: 'missing', message: `"${key}" is missing: the bot needs a text for it` },
      ])
    }
    for (const key of found) {
      if (wanted.includes(key)) continue
      const close = didYouMean(key, wanted)
      const hint = close === undefined ? '' : ` Did you mean "${close}"?`
      this.#report(file, [
        { path: [...path, key], rule: 'unknown-key', message: `"${key}" is never used.${hint}` },
      ])
    }
  }

  #report(file: File<unknown>, findings: readonly Finding[]): void {
    for (const { path, rule, message } of findings) {
      this.#problems.push({ file: file.file, ...file.at(path), rule, message })
    }
  }
}

/** Intents use the same sentences and tickets as flows, outside any flow. */
const NO_FLOW: FlowFile = {
  flow: 'none',
  title: '-',
  source: [],
  begin: '',
  escalate: '',
  steps: {},
  ends: {},
}

function problemAt(file: string, rule: string, message: string): ContentProblem {
  return { file, line: 1, col: 1, rule, message }
}

function surroundings(
  flowFiles: readonly File<FlowFile>[],
  slots: z.infer<typeof slotsSchema>,
  notes: ReadonlyMap<string, unknown>,
): Surroundings {
  const set = new Set(notes.keys())
  for (const { value } of flowFiles) {
    for (const step of Object.values(value.steps)) {
      for (const answer of Object.values(step.answers ?? {})) {
        for (const name of Object.keys(answer.set ?? {})) if (slots.slots[name] === undefined) set.add(name)
      }
    }
  }
  return {
    flows: new Map(
      flowFiles.map(({ value }) => [
        value.flow,
        new Set([
          ...Object.keys(value.steps),
          ...Object.keys(value.routes ?? {}),
          ...Object.keys(value.ends),
        ]),
      ]),
    ),
    slots: new Map(
      Object.entries(slots.slots).map(([id, slot]): [string, SlotDefinition] => [
        id,
        { id, name: slot.name, lasting: slot.lasting ?? false, onlyIn: slot.only_in ?? null },
      ]),
    ),
    sets: new Map(Object.entries(slots.sets)),
    notes: set,
  }
}

function answerWords(file: z.infer<typeof answersSchema>): AnswerWords {
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

function recordOf<Key extends string, Value>(
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

function commandSets(found: Readonly<Record<string, readonly string[]>>): Content['commands'] {
  return recordOf(COMMANDS, (name) => new Set((found[name] ?? []).map((word) => normalize(word))))
}

function providerOf(file: z.infer<typeof providerSchema>): Content['provider'] {
  return {
    ...(file.name === undefined ? {} : { name: file.name }),
    ...(file.hotline === undefined ? {} : { hotline: file.hotline }),
    ...(file.hours === undefined ? {} : { hours: file.hours }),
    settlementDays: file.settlement_days ?? 1,
    dueMinutes: file.due_minutes,
  }
}
