/** Something wrong in content: where in its file, by which rule, and what to do. */
export type Finding = {
  readonly path: readonly (string | number)[]
  readonly rule: string
  readonly message: string
  /** Absent: an error, which stops the start. */
  readonly severity?: 'warning'
}
