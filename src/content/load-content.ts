import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { z } from 'zod'

import { COMMANDS, type Content, REPLY_KEYS } from '../core/content.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { AnswerMatcher } from '../core/flow/answer.ts'
import { checkFlow } from '../core/flow/check.ts'
import { neverSaid } from '../core/flow/check-texts.ts'
import type { Finding } from '../core/flow/finding.ts'
import type { Flow } from '../core/flow/flow.ts'
import type { Concepts, TrainingLine } from '../core/nlu/classifier.ts'
import { adviseOnLines, contradictions, type LineFindings } from '../core/nlu/check-lines.ts'
import { FlowBuilder } from './build-flow.ts'
import { buildIntent } from './build-intent.ts'
import { interruptsOf } from './build-interrupts.ts'
import { answerWords, commandSets, providerOf, recordOf } from './build-tables.ts'
import { calendarOf } from './calendar.ts'
import { loadLexicon } from './load-lexicon.ts'
import type { ContentProblem } from './problem.ts'
import { type ReadYaml, readYaml } from './read-yaml.ts'
import { textsOf } from './said-texts.ts'
import { type Surroundings, surroundings } from './surroundings.ts'
import {
  type FlowFile,
  type IntentFile,
  answersSchema,
  conceptsSchema,
  flowSchema,
  cannedRepliesSchema,
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
 * exactly when none of them is an error. Warnings are looked for when `advise` is set: they take time a start has not.
 */
export function loadContent(
  folders: ContentFolders,
  { advise = false }: { readonly advise?: boolean } = {},
): {
  loaded?: LoadedContent
  problems: readonly ContentProblem[]
} {
  return new ContentLoader(folders).load(advise)
}

type File<Value> = { readonly file: string; readonly value: Value; readonly at: ReadYaml<Value>['at'] }

class ContentLoader {
  readonly #folders: ContentFolders
  readonly #problems: ContentProblem[] = []

  constructor(folders: ContentFolders) {
    this.#folders = folders
  }

  load(advise: boolean): { loaded?: LoadedContent; problems: readonly ContentProblem[] } {
    const { data } = this.#folders
    const slots = this.#data('slots.yaml', slotsSchema)
    const answers = this.#data('answers.yaml', answersSchema)
    const interrupts = this.#data('interrupts.yaml', interruptsSchema)
    const replies = this.#data('replies.yaml', repliesSchema)
    const provider = this.#data('provider.yaml', providerSchema)
    const canned = this.#data('canned-replies.yaml', cannedRepliesSchema)
    const holidays = this.#data('holidays.yaml', holidaysSchema)
    const concepts = this.#data(join('lexicon', 'concepts.yaml'), conceptsSchema)
    const { lexicon, problems } = loadLexicon(data)
    this.#problems.push(...problems)
    const flowFiles = this.#folder(this.#folders.flows, flowSchema, (value) => value.flow)
    const intentFiles = this.#folder(this.#folders.intents, intentSchema, (value) => value.intent)
    if (!slots || !answers || !interrupts || !replies || !provider || !canned || !holidays || !concepts)
      return { problems: this.#sorted() }

    const notes = new Map(Object.entries(interrupts.value.notes))
    for (const { value } of flowFiles) {
      for (const [note, words] of Object.entries(value.listens ?? {})) {
        notes.set(note, [...(notes.get(note) ?? []), ...words])
      }
    }
    const around = surroundings(
      flowFiles.map(({ value }) => value),
      slots.value,
      notes,
    )
    const flows = this.#flows(flowFiles, around)
    const intents = new Map(
      intentFiles.map((file) => {
        const { intent, findings } = buildIntent(file.value, around)
        this.#report(file, findings)
        return [intent.id, intent]
      }),
    )
    this.#checkReplies(replies)
    this.#checkSets(slots)
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
    for (const [path, text] of textsOf(replies.value)) this.#report(replies, neverSaid(path, text))
    for (const [path, text] of textsOf(canned.value)) this.#report(canned, neverSaid(path, text))
    for (const [path, text] of textsOf(interrupts.value)) this.#report(interrupts, neverSaid(path, text))
    for (const file of intentFiles) {
      for (const [path, text] of textsOf(file.value)) this.#report(file, neverSaid(path, text))
    }
    this.#lines(intentFiles, contradictions)
    if (advise) this.#lines(intentFiles, adviseOnLines)
    if (this.#problems.some(({ severity }) => severity === undefined)) return { problems: this.#sorted() }

    const content: Omit<Content, 'classifier'> = {
      intents,
      flows,
      replies: recordOf(REPLY_KEYS, (key) => replies.value.replies[key] ?? ''),
      commands: commandSets(replies.value.commands),
      asksProgress: replies.value.asks_progress,
      corrections: replies.value.corrections,
      refusalsOfFacts: replies.value.refuses_facts,
      supplements: replies.value.supplements,
      interrupts: rules.interrupts,
      refusals: interrupts.value.refusals.map(({ only, ...refusal }) => ({
        ...refusal,
        ...(only === undefined ? {} : { only }),
        unless: refusal.unless ?? [],
      })),
      notes,
      mood: replies.value.mood,
      slots: around.slots,
      answerWords: words,
      matcher,
      lexicon,
      provider: providerOf(provider.value),
      cannedReplies: canned.value.replies,
      holidays: calendar.holidays,
    }
    const lines = intentFiles.flatMap(({ value }) =>
      value.utterances.map((text): TrainingLine => ({ text, intent: value.intent })),
    )
    return { loaded: { content, lines, concepts: concepts.value }, problems: this.#sorted() }
  }

  #sorted(): readonly ContentProblem[] {
    return [...this.#problems].sort(
      (a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.col - b.col,
    )
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

  #lines(
    files: readonly File<IntentFile>[],
    check: (intents: Parameters<typeof contradictions>[0]) => LineFindings,
  ): void {
    const found = check(
      files.map(({ value }) => ({
        intent: value.intent,
        conversational: value.kind === 'conversational',
        utterances: value.utterances,
      })),
    )
    for (const file of files) this.#report(file, found.get(file.value.intent) ?? [])
  }

  #checkReplies(replies: File<z.infer<typeof repliesSchema>>): void {
    this.#sameKeys(replies, ['replies'], Object.keys(replies.value.replies), REPLY_KEYS)
    this.#sameKeys(replies, ['commands'], Object.keys(replies.value.commands), COMMANDS)
  }

  #checkSets(slots: File<z.infer<typeof slotsSchema>>): void {
    const known = Object.keys(slots.value.slots)
    for (const [set, entries] of Object.entries(slots.value.sets)) {
      entries.forEach((entry, at) => {
        for (const name of entry.split('|').filter((one) => !known.includes(one))) {
          const close = didYouMean(name, known)
          const hint = close === undefined ? '' : `. Did you mean "${close}"?`
          const finding = {
            path: ['sets', set, at],
            rule: 'unknown-slot',
            message: `"${name}" is no slot${hint}`,
          }
          this.#report(slots, [finding])
        }
      })
    }
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
    for (const { path, ...finding } of findings) {
      this.#problems.push({ file: file.file, ...file.at(path), ...finding })
    }
  }
}

function problemAt(file: string, rule: string, message: string): ContentProblem {
  return { file, line: 1, col: 1, rule, message }
}
