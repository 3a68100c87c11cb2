/** One thing wrong in a content file: where (line and column count from 1), by which rule, and what to do about it. */
export type ContentProblem = {
  readonly file: string
  readonly line: number
  readonly col: number
  readonly rule: string
  readonly message: string
  /** Absent: an error, which stops the start. */
  readonly severity?: 'warning'
}
