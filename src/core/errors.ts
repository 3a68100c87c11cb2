/** What went wrong, in the few words that callers and the HTTP edge branch on (contract: error codes). */
export type ErrorCode =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_many'
  | 'unavailable'
  | 'internal'

/** One thing found wrong in an input: where, by which rule, and what to do about it. */
export type Problem = { readonly where: string; readonly rule: string; readonly message: string }

/** An expected failure. Callers branch on `code`, never on the message text. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly problems: readonly Problem[]
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; problems?: readonly Problem[]; retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.problems = options.problems ?? []
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Another turn changed the conversation first; the loser runs again from the start. */
export class StaleConversationError extends AppError {
  constructor(message = 'the conversation changed while this turn was running') {
    super('conflict', message)
  }
}

/** Proves to the compiler that a closed union was handled whole. Throws `internal` if it was not. */
export function assertNever(value: never, what = 'case'): never {
  throw new AppError('internal', `unhandled ${what}: ${JSON.stringify(value)}`)
}
