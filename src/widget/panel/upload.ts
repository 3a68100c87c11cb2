import { toFailure } from './api.ts'
import { parseBrought, parseJson } from './wire.ts'
import type { Answer } from './api.ts'

/** Brings one picture to the server and tells how far it is, 0 to 1. Aborting is `unreachable`. Never rejects. */
export type Upload = (
  token: string,
  picture: Blob,
  onProgress: (part: number) => void,
  signal: AbortSignal,
) => Promise<Answer<string>>

/** Longer than the server itself waits. */
const WITHIN_MS = 70_000

/** `fetch` cannot tell how much it has sent. */
export function createUpload(base: string, makeRequest: () => XMLHttpRequest): Upload {
  return (token, picture, onProgress, signal) =>
    new Promise((resolve) => {
      const request = makeRequest()
      const form = new FormData()
      form.append('file', picture, 'picture')
      request.open('POST', `${base}attachments`)
      request.setRequestHeader('Authorization', `Bearer ${token}`)
      request.timeout = WITHIN_MS
      request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
      const lost = () => resolve({ kind: 'unreachable', answered: false })
      request.onerror = lost
      request.ontimeout = lost
      request.onabort = lost
      request.onload = () => resolve(answerOf(request))
      if (signal.aborted) lost()
      else request.send(form)
      signal.addEventListener('abort', () => request.abort())
    })
}

function answerOf(request: XMLHttpRequest): Answer<string> {
  const { status } = request
  const body = parseJson(request.responseText)
  if (status < 200 || status >= 300) {
    const retryAfter = request.getResponseHeader('Retry-After')
    const headers = new Headers(retryAfter === null ? {} : { 'Retry-After': retryAfter })
    return toFailure({ status, headers }, body)
  }
  const id = parseBrought(body)
  return id === undefined ? { kind: 'unreachable', answered: true } : { kind: 'ok', value: id }
}
