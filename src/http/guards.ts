import { timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import type { Role } from '../app/ports.ts'
import type { StaffSessions, Viewer } from '../app/staff-sessions.ts'
import type { WebChannel, WebSession } from '../app/web-channel.ts'
import { AppError } from '../core/errors.ts'
import type { DeskCookies } from './cookies.ts'
import { isLoopback } from './network.ts'

export type GuardOptions = {
  readonly web: WebChannel
  readonly sessions: StaffSessions
  readonly cookies: DeskCookies
  readonly publicUrl: string | undefined
  readonly opsToken: string | undefined
}

/** Header of calls nobody has asked for with a key or a pointer. */
const BACKGROUND = 'x-background'

/** Says no. Each method throws the refusal it is named after, or gives back who is asking. */
export class Guards {
  readonly #options: GuardOptions

  constructor(options: GuardOptions) {
    this.#options = options
  }

  /** The widget session of the bearer token. Throws `unauthorized`. */
  getSession(request: Request): WebSession {
    const token = bearerOf(request)
    const session = token === undefined ? undefined : this.#options.web.findSession(token)
    if (!session) throw new AppError('unauthorized', 'a valid session token is needed')
    return session
  }

  /**
   * The member of staff of the session cookie. Rejects with `unauthorized`. A call that the console makes by itself
   * says so in a header and does not keep an idle log-in alive (PCI DSS 4.0.1, 8.2.8).
   */
  async getViewer(request: Request, isBackground = request.headers[BACKGROUND] === '1'): Promise<Viewer> {
    const { sessionId } = this.#options.cookies.read(request)
    const viewer =
      sessionId === undefined ? undefined : await this.#options.sessions.find(sessionId, !isBackground)
    if (!viewer) throw new AppError('unauthorized', 'please log in')
    return viewer
  }

  /** Says whether the log-in of an open stream still holds; looking does not keep it from running out. */
  async isLoggedIn(request: Request): Promise<boolean> {
    const { sessionId } = this.#options.cookies.read(request)
    return sessionId !== undefined && (await this.#options.sessions.find(sessionId, false)) !== undefined
  }

  /** Throws `forbidden` unless the call was made by our own page, with the session's own token. */
  refuseForgery(request: Request, viewer: Viewer): void {
    this.refuseForeignOrigin(request)
    const token = request.headers['x-csrf-token']
    if (typeof token !== 'string' || !isSameText(token, viewer.csrfToken)) {
      throw new AppError('forbidden', 'the X-CSRF-Token header is missing or wrong')
    }
  }

  /** Throws `forbidden` when a browser says that another site made this call. */
  refuseForeignOrigin(request: Request): void {
    const site = request.headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw new AppError('forbidden', 'calls from other sites are not taken')
    }
    const origin = request.headers.origin
    if (origin === undefined || origin === this.#options.publicUrl) return
    // "null" (a sandboxed frame, a redirect) has no host and is refused with the rest.
    const host = URL.canParse(origin) ? new URL(origin).host : undefined
    if (host === undefined || host !== request.headers.host) {
      throw new AppError('forbidden', 'calls from other origins are not taken')
    }
  }

  /** Throws `forbidden` unless the member of staff has one of the roles. */
  refuseRole(viewer: Viewer, roles: readonly Role[]): void {
    if (!roles.includes(viewer.member.role)) throw new AppError('forbidden', 'your role may not do this')
  }

  /** Throws `unauthorized` unless the call comes from this machine or carries the operator's token. */
  refuseOutsider(request: Request): void {
    const token = bearerOf(request)
    const { opsToken } = this.#options
    if (token !== undefined && opsToken !== undefined && isSameText(token, opsToken)) return
    if (token === undefined && isLoopback(request)) return
    throw new AppError('unauthorized', 'the operator token is needed from outside this machine')
  }
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1]
}

function isSameText(given: string, wanted: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(wanted)
  return a.length === b.length && timingSafeEqual(a, b)
}
