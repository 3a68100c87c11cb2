import type { StepFile } from './schema.ts'

/** Where something stands in a content file. */
export type Path = readonly (string | number)[]
/** A text, or sentences with conditions. */
export type Said = StepFile['ask']
type Case<Value> =
  { if: string; then: Value; say?: Said | undefined } | { else: Value; say?: Said | undefined }
/** One value, or a list of `if … then …` cases with a last `else`. */
export type Cases<Value> = Value | readonly Case<Value>[]
