import { ApiError } from '../api.ts'
import type { Dictionary } from './dictionary-zh.ts'

/** A failure in the reader's words. `conflict` says what it means here that something changed meanwhile. */
export function errorText(words: Dictionary, error: unknown, conflict = words.errors.conflict): string {
  if (!(error instanceof ApiError)) return words.errors.other
  if (error.code === 'away' || error.status === 503) return words.errors.away
  if (error.status === 403) return words.errors.forbidden
  if (error.status === 404) return words.errors.missing
  if (error.status === 409) return conflict
  if (error.status === 413) return words.errors.tooLarge
  if (error.status === 415) return words.errors.wrongType
  if (error.status === 400) return words.errors.invalid
  if (error.status === 429) return words.errors.tooMany
  return words.errors.other
}
