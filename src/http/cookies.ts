import type { Request, Response } from 'express'

const DEVICE_AGE_S = 180 * 24 * 3600

/** The desk's two cookies: the session and the mark of a known device. */
export type DeskCookies = {
  read(request: Request): { sessionId: string | undefined; deviceMark: string | undefined }
  set(response: Response, values: { sessionId: string; deviceMark: string }): void
  clearSession(response: Response): void
}

/** Makes the cookies. Over https they carry the `__Host-` prefix, which only a secure origin can set. */
export function createDeskCookies(isSecure: boolean): DeskCookies {
  const session = isSecure ? '__Host-posdesk' : 'posdesk'
  const device = `${session}-device`
  const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  return {
    read(request) {
      const cookies = parseCookies(request.headers.cookie)
      return { sessionId: cookies.get(session), deviceMark: cookies.get(device) }
    },
    set(response, { sessionId, deviceMark }) {
      response.appendHeader('Set-Cookie', `${session}=${sessionId}; ${attributes}`)
      response.appendHeader('Set-Cookie', `${device}=${deviceMark}; Max-Age=${DEVICE_AGE_S}; ${attributes}`)
    },
    clearSession(response) {
      response.appendHeader('Set-Cookie', `${session}=; Max-Age=0; ${attributes}`)
    },
  }
}

function parseCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    // The first of several: a cookie planted on a wider path or domain comes later.
    if (at > 0 && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim())
  }
  return cookies
}
