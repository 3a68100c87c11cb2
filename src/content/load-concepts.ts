import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { AppError } from '../core/errors.ts'
import type { Concepts } from '../core/nlu/classifier.ts'

const conceptsSchema = z.array(
  z.strictObject({ id: z.string().regex(/^[a-z][a-z0-9_]*$/), words: z.array(z.string().min(1)).min(1) }),
)

/** Reads the concept lexicon; a missing file is an empty lexicon. Throws `invalid` with the place of what is wrong. */
export function loadConcepts(path: string): Concepts {
  if (!existsSync(path)) return []
  let value: unknown
  try {
    value = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 })
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : ''
    throw new AppError('invalid', `${path}: not YAML: ${reason}`, { cause })
  }
  const checked = conceptsSchema.safeParse(value)
  if (checked.success) return checked.data
  const issue = checked.error.issues[0]
  throw new AppError('invalid', `${path}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}
