import { AppError, type ErrorCode, type Problem } from '../core/errors.ts'
import { RequestError, type RequestFault } from './request-error.ts'

/** Body of an `application/problem+json` answer (RFC 9457). */
export type ProblemBody = {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly requestId: string
  readonly problems?: readonly Problem[]
}

export type ProblemAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ProblemBody
}

const BY_CODE: Readonly<Record<ErrorCode, { status: number; title: string }>> = {
  invalid: { status: 400, title: 'Bad Request' },
  unauthorized: { status: 401, title: 'Unauthorized' },
  forbidden: { status: 403, title: 'Forbidden' },
  not_found: { status: 404, title: 'Not Found' },
  conflict: { status: 409, title: 'Conflict' },
  too_many: { status: 429, title: 'Too Many Requests' },
  unavailable: { status: 503, title: 'Service Unavailable' },
  internal: { status: 500, title: 'Internal Server Error' },
}

const BY_FAULT: Readonly<Record<RequestFault, { status: number; title: string }>> = {
  too_large: { status: 413, title: 'Content Too Large' },
  headers_too_large: { status: 431, title: 'Request Header Fields Too Large' },
  timeout: { status: 408, title: 'Request Timeout' },
  wrong_type: { status: 415, title: 'Unsupported Media Type' },
  wrong_method: { status: 405, title: 'Method Not Allowed' },
}

const NEUTRAL_DETAIL = 'Something went wrong on our side; please try again, or ask for a person in the chat.'
const DEFAULT_RETRY_MS = 1_000

/**
 * Turns any failure into the answer a client gets. Pure.
 *
 * What is not one of our own errors shows nothing of itself: a neutral sentence and the request's id.
 */
export function toProblem(failure: unknown, requestId: string): ProblemAnswer {
  const error = asAppError(failure)
  const { status, title } = error instanceof RequestError ? BY_FAULT[error.fault] : BY_CODE[error.code]
  const headers: Record<string, string> = {}
  if (error.code === 'too_many' || error.code === 'unavailable') {
    headers['Retry-After'] = String(Math.max(1, Math.ceil((error.retryAfterMs ?? DEFAULT_RETRY_MS) / 1000)))
  }
  if (error.code === 'unauthorized') headers['WWW-Authenticate'] = 'Bearer'
  if (error instanceof RequestError && error.allow.length > 0) headers['Allow'] = error.allow.join(', ')
  return {
    status,
    headers,
    body: {
      type: 'about:blank',
      title,
      status,
      detail: error.code === 'internal' ? NEUTRAL_DETAIL : error.message,
      code: error.code,
      requestId,
      ...(error.code !== 'internal' && error.problems.length > 0 && { problems: error.problems }),
    },
  }
}

function asAppError(failure: unknown): AppError {
  if (failure instanceof AppError) return failure
  // express reports a path that is not valid percent-encoding this way.
  if (failure instanceof URIError) return new AppError('invalid', 'the path is not valid percent-encoding')
  return new AppError('internal', 'unexpected failure', { cause: failure })
}
