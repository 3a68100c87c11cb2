import type { z } from 'zod'

import { didYouMean } from '../core/did-you-mean.ts'
import { discriminators, knownKeys, type Path } from './schema-keys.ts'

/** What a schema refused: at which path, by which rule, in words. `onKey`: the key itself is wrong, not its value. */
export type Refusal = {
  readonly path: Path
  readonly rule: string
  readonly message: string
  readonly onKey: boolean
}

/** Puts zod's issues into words that say what was found and what to do. `source` gives a value as it is written. */
export function refusalsOf(
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  value: unknown,
  source: (path: Path) => string | undefined,
  base: Path = [],
): Refusal[] {
  return issues.flatMap((issue): Refusal[] => {
    const path = [...base, ...issue.path.map(plainKey)]
    const found = valueAt(value, path)
    const refuse = (rule: string, message: string): Refusal[] => [
      { path, rule, message: `${nameOf(path)}${message}`, onKey: false },
    ]
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...path, key],
        rule: 'unknown-key',
        message: `${nameOf(path)}${unknownKey(key, knownKeys(schema, path))}`,
        onKey: true,
      }))
    }
    if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
      return refusalsOf(issue.issues, schema, value, source, path).map((r) => ({ ...r, onKey: true }))
    }
    if (issue.code === 'invalid_union') {
      const branch = nearestBranch(issue.errors)
      if (branch) return refusalsOf(branch, schema, value, source, path)
      const options =
        issue.discriminator === undefined ? [] : discriminators(schema, path, issue.discriminator)
      if (found === undefined) return refuse('missing-key', `missing, expected ${oneOf(options)}`)
      return refuse(
        'bad-value',
        `found ${describe(found)}, expected ${oneOf(options)}${suggestion(found, options)}`,
      )
    }
    const expected = expectedBy(issue)
    if (expected !== undefined && found === undefined)
      return refuse('missing-key', `missing, expected ${expected}`)
    if (issue.code === 'invalid_type')
      return refuse('wrong-type', wrongType(issue.expected, found, source(path)))
    if (issue.code === 'invalid_value') {
      return refuse(
        'bad-value',
        `found ${describe(found)}, expected ${expected}${suggestion(found, issue.values)}`,
      )
    }
    return refuse('bad-value', `found ${describe(found)}: ${issue.message}`)
  })
}

function expectedBy(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_type') return article(issue.expected)
  if (issue.code === 'invalid_value') return oneOf(issue.values)
  return undefined
}

function suggestion(found: unknown, allowed: readonly unknown[]): string {
  const meant = typeof found === 'string' ? didYouMean(found, allowed.map(String)) : undefined
  return meant === undefined ? '' : `. Did you mean "${meant}"?`
}

/** Of a union's ways to fail the one that got furthest is the one the author meant. */
function nearestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const reach = (issues: readonly z.core.$ZodIssue[]): number =>
    Math.min(...issues.map((issue) => issue.path.length + (issue.code === 'invalid_type' ? 0 : 0.5)))
  return branches
    .filter((branch) => branch.length > 0)
    .sort((a, b) => reach(b) - reach(a) || a.length - b.length)[0]
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known)
  if (meant !== undefined) return `unknown key "${key}". Did you mean "${meant}"?`
  if (key === '<<') return 'merge keys (<<) are not supported: write the keys out'
  return known.length === 0
    ? `unknown key "${key}": remove it`
    : `unknown key "${key}". Known here: ${known.join(', ')}`
}

function wrongType(expected: string, found: unknown, source: string | undefined): string {
  if (found === null) return `empty, expected ${article(expected)}`
  if (expected === 'string' && (typeof found === 'number' || typeof found === 'boolean')) {
    const written = source ?? String(found)
    return `found ${written} where text is expected: write it in quotes, "${written}"`
  }
  return `found ${describe(found)}, expected ${article(expected)}`
}

function article(type: string): string {
  if (type === 'array') return 'a list'
  if (type === 'object' || type === 'record' || type === 'map') return 'a mapping (key: value)'
  if (type === 'string') return 'text'
  if (type === 'int') return 'a whole number'
  if (type === 'number') return 'a number'
  if (type === 'boolean') return 'true or false'
  return type
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value === 'string') return `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return String(value)
}

function nameOf(path: Path): string {
  if (path.length === 0) return ''
  const name = path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`))
    .join('')
  return `${name}: `
}

function plainKey(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : String(key)
}

function valueAt(value: unknown, path: Path): unknown {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = Object.entries(here).find(([name]) => name === String(key))?.[1]
  }
  return here
}
