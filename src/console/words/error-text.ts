import { ApiError } from '../api.ts'
import type { Dictionary } from './dictionary-zh.ts'

/** A failure in the reader's words; what the server says of a refusal is shown as it is. */
export function errorText(words: Dictionary, error: unknown): string {
  if (!(error instanceof ApiError)) return words.errors.other
  if (error.code === 'away' || error.status === 503) return words.errors.away
  if (error.status === 403) return words.errors.forbidden
  if (error.status === 404) return words.errors.missing
  if (error.status === 400 || error.status === 409)
    return error.message === '' ? words.errors.other : error.message
  return words.errors.other
}
