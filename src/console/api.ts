import { isBackground } from './activity.ts'
import { ProblemAnswer, type Schema } from './wire.ts'

const BASE = '/desk/v1'

/** What went wrong with a call: `away` when no answer came or none that could be read. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, code: string, detail: string, retryAfterSeconds?: number) {
    super(detail)
    this.status = status
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

let csrfToken = ''
let onExpired: () => void = () => undefined

/** The token that every changing call carries; empty while nobody is logged in. */
export function setCsrfToken(token: string): void {
  csrfToken = token
}

/** Says who wants to know that the session has ended. */
export function whenExpired(listener: () => void): void {
  onExpired = listener
}

export function read<T>(path: string, schema: Schema<T>, signal?: AbortSignal): Promise<T> {
  return call(path, schema, { ...(signal && { signal }) })
}

export function change<T>(
  method: 'POST' | 'PATCH',
  path: string,
  body: object,
  schema: Schema<T>,
): Promise<T> {
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken }
  return call(path, schema, { method, headers, body: JSON.stringify(body), keepalive: method === 'POST' })
}

/** Reads a file that is to be saved. One that ends before its end is not given. */
export async function readFile(path: string): Promise<Blob> {
  const response = await request(path, {})
  return response.blob().catch(() => {
    throw new ApiError(0, 'away', '')
  })
}

/** Brings a file as a form with nothing else in it. */
export function upload<T>(path: string, file: File, schema: Schema<T>): Promise<T> {
  const body = new FormData()
  body.append('file', file)
  return call(path, schema, { method: 'POST', headers: { 'X-CSRF-Token': csrfToken }, body })
}

async function call<T>(path: string, schema: Schema<T>, init: RequestInit): Promise<T> {
  const response = await request(path, init)
  const body: unknown = await response.json().catch(() => undefined)
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new ApiError(response.status, 'unreadable', `${path}: ${parsed.error.message}`)
  return parsed.data
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  if (isBackground()) headers.set('X-Background', '1')
  const response = await fetch(BASE + path, { ...init, headers, credentials: 'same-origin' }).catch(
    (error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw new ApiError(0, 'away', '')
    },
  )
  if (!response.ok) throw refused(path, response, await response.json().catch(() => undefined))
  return response
}

function refused(path: string, response: Response, body: unknown): ApiError {
  if (response.status === 401 && path !== '/login') onExpired()
  const problem = ProblemAnswer.safeParse(body)
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiError(
    response.status,
    problem.success ? problem.data.code : response.status >= 500 ? 'away' : 'refused',
    problem.success ? problem.data.detail : '',
    Number.isNaN(wait) ? undefined : wait,
  )
}
