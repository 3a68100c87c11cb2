import { join } from 'node:path'

import { z } from 'zod'

import type { EntityLexicon } from '../core/nlu/entities/lexicon.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import type { ContentProblem } from './problem.ts'
import { type ReadYaml, readYaml } from './read-yaml.ts'

const word = z.string().trim().min(1, 'write at least one character').max(60, 'at most 60 characters')
const code = z.string().regex(/^[0-9A-Z]{2}$/, 'a code is two characters, digits or capital letters')
const id = z.string().regex(/^[a-z][a-z0-9_]*$/, 'an intent id has small letters, digits and _')
const classId = z.string().regex(/^[A-Z][A-Z_]*$/, 'a class id has capital letters')

const codesFile = z.strictObject({
  classes: z
    .array(z.strictObject({ id: classId, advice: z.string().trim().min(1, 'write the advice') }))
    .min(1),
  codes: z
    .array(
      z.strictObject({
        code,
        meaning: word,
        actors: z.array(z.enum(['C', 'M', 'I', 'A', 'N'])),
        class: classId,
        retry: z.enum(['no', 'once', 'after', 'after_query']),
        money: z.enum(['none', 'possible', 'yes']),
        confidence: z.enum(['H', 'M', 'L']),
      }),
    )
    .min(1),
})
const screenTextsFile = z
  .array(
    z.union([z.strictObject({ text: word, code }), z.strictObject({ text: word, intent: id })], {
      error: 'an entry has text and either code or intent',
    }),
  )
  .min(1)
const names = z.array(word)
const named = { name: word, aliases: names.default([]), notIn: names.default([]) }
const terminalsFile = z.strictObject({
  makers: z.array(z.strictObject({ ...named, latin: word.optional(), models: names.default([]) })).min(1),
  brands: z.array(z.strictObject(named)),
  kinds: names.default([]),
  issuers: z.array(z.strictObject(named)),
})

type CodesFile = z.infer<typeof codesFile>
type ScreenTextsFile = z.infer<typeof screenTextsFile>
type TerminalsFile = z.infer<typeof terminalsFile>

/**
 * Loads the words the entity extractors know from the data folder. Never throws; with problems the lexicon holds
 * what could be read, and nobody should serve with it.
 */
export function loadLexicon(dataDir: string): { lexicon: EntityLexicon; problems: ContentProblem[] } {
  const codesPath = join(dataDir, 'response-codes.yaml')
  const screensPath = join(dataDir, 'lexicon', 'screen-texts.yaml')
  const terminalsPath = join(dataDir, 'terminals.yaml')
  const codes = readYaml<CodesFile>(codesPath, codesFile)
  const screens = readYaml<ScreenTextsFile>(screensPath, screenTextsFile)
  const terminals = readYaml<TerminalsFile>(terminalsPath, terminalsFile)
  const lexicon: EntityLexicon = {
    codes: new Map(codes.value?.codes.map((entry) => [entry.code, entry])),
    classes: new Map(codes.value?.classes.map((entry) => [entry.id, entry.advice])),
    screenTexts: screens.value ?? [],
    makers: (terminals.value?.makers ?? []).map(({ latin, ...maker }) => ({
      ...maker,
      ...(latin === undefined ? {} : { latin }),
    })),
    brands: terminals.value?.brands ?? [],
    issuers: terminals.value?.issuers ?? [],
    terminalKinds: terminals.value?.kinds ?? [],
  }
  const problems = [
    ...codes.problems,
    ...checkCodes(codesPath, codes),
    ...screens.problems,
    ...checkScreens(screensPath, screens, lexicon, codes.value !== undefined),
    ...terminals.problems,
    ...checkNames(terminalsPath, terminals),
  ]
  return { lexicon, problems }
}

function checkCodes(file: string, { value, at }: ReadYaml<CodesFile>): ContentProblem[] {
  if (!value) return []
  const classIds = value.classes.map((entry) => entry.id)
  const problems = [
    ...repeated(
      file,
      value.classes.map((entry, i) => ({ key: entry.id, path: ['classes', i, 'id'] })),
      at,
    ),
    ...repeated(
      file,
      value.codes.map((entry, i) => ({ key: entry.code, path: ['codes', i, 'code'] })),
      at,
    ),
  ]
  for (const [i, entry] of value.codes.entries()) {
    if (classIds.includes(entry.class)) continue
    const meant = didYouMean(entry.class, classIds)
    const hint = meant === undefined ? `Classes: ${classIds.join(', ')}` : `Did you mean "${meant}"?`
    const message = `code "${entry.code}" has class "${entry.class}", which is not under classes. ${hint}`
    problems.push({ file, ...at(['codes', i, 'class']), rule: 'unknown-class', message })
  }
  return problems
}

function checkScreens(
  file: string,
  { value, at }: ReadYaml<ScreenTextsFile>,
  { codes }: EntityLexicon,
  areCodesKnown: boolean,
): ContentProblem[] {
  if (!value) return []
  const problems = repeated(
    file,
    value.map((entry, i) => ({ key: entry.text, path: [i, 'text'] })),
    at,
  )
  for (const [i, entry] of value.entries()) {
    if (!areCodesKnown || !('code' in entry) || codes.has(entry.code)) continue
    const message = `"${entry.text}" stands for code "${entry.code}", which response-codes.yaml does not have: add it there or give an intent`
    problems.push({ file, ...at([i, 'code']), rule: 'unknown-code', message })
  }
  return problems
}

/** A name may mean one thing only within its group; the same word may be a maker and a payment brand. */
function checkNames(file: string, { value, at }: ReadYaml<TerminalsFile>): ContentProblem[] {
  if (!value) return []
  return (['makers', 'brands', 'issuers'] as const).flatMap((group) =>
    repeated(
      file,
      value[group].flatMap((entry, i) => [
        { key: entry.name.toLowerCase(), path: [group, i, 'name'] },
        ...entry.aliases.map((alias, j) => ({ key: alias.toLowerCase(), path: [group, i, 'aliases', j] })),
      ]),
      at,
    ),
  )
}

function repeated(
  file: string,
  entries: readonly { key: string; path: (string | number)[] }[],
  at: ReadYaml<unknown>['at'],
): ContentProblem[] {
  const first = new Map<string, number>()
  return entries.flatMap(({ key, path }) => {
    const { line, col } = at(path)
    const earlier = first.get(key)
    first.set(key, earlier ?? line)
    if (earlier === undefined) return []
    return [
      {
        file,
        line,
        col,
        rule: 'repeated-entry',
        message: `"${key}" is already on line ${earlier}: keep one of the two`,
      },
    ]
  })
}
