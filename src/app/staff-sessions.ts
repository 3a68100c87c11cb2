import { createHash } from 'node:crypto'
import type { Clock, Ids, StaffMember, StaffSession, Store } from './ports.ts'

/** PCI DSS 4.0.1, 8.2.8. */
export const IDLE_LIMIT_MS = 15 * 60_000
export const ABSOLUTE_LIMIT_MS = 12 * 3_600_000
const TOUCH_INTERVAL_MS = 60_000
const MAX_REMEMBERED_ENDS = 1_000
const ID_BYTES = 32
const SESSION_ID = /^[0-9a-f]{64}$/

/** A signed-in member of staff, as every use case of the desk sees them. */
export type Viewer = { readonly member: StaffMember; readonly csrfToken: string }

/** Staff log-ins. The id in the cookie is random and stored only as its hash. */
export class StaffSessions {
  readonly #store: Store
  readonly #clock: Clock
  readonly #ids: Ids
  readonly #ended = new Set<string>()

  constructor(store: Store, clock: Clock, ids: Ids) {
    this.#store = store
    this.#clock = clock
    this.#ids = ids
  }

  /** Opens a session under a new id; the caller keeps the id, nobody else ever sees it. */
  async open(member: StaffMember): Promise<{ sessionId: string; csrfToken: string }> {
    const sessionId = this.#ids.secret(ID_BYTES)
    const now = this.#clock.now()
    const csrfToken = this.#ids.secret(ID_BYTES)
    await this.#store.saveStaffSession({
      idHash: hashOf(sessionId),
      agentId: member.id,
      csrfToken,
      createdAt: now,
      lastSeenAt: now,
      // As it was when the password was checked: a change made meanwhile ends this log-in too.
      logInEpoch: member.logInEpoch ?? 0,
    })
    return { sessionId, csrfToken }
  }

  /**
   * Who holds this id now; `undefined` when it is unknown, too old, idle for too long, ended by a change of its owner,
   * or its owner disabled. A look that is no sign of life does not keep the log-in from running out.
   */
  async find(sessionId: string, isSignOfLife = true): Promise<Viewer | undefined> {
    const found = await this.#look(sessionId)
    if (found === undefined) return undefined
    const { session, member } = found
    const now = this.#clock.now()
    if (isSignOfLife && now - session.lastSeenAt >= TOUCH_INTERVAL_MS) {
      await this.#store.saveStaffSession({ ...session, lastSeenAt: now })
      // A log-out that came in between must not be undone by this write.
      if (this.#ended.has(session.idHash)) {
        await this.#store.deleteStaffSession(session.idHash)
        return undefined
      }
    }
    return { member, csrfToken: session.csrfToken }
  }

  async #look(sessionId: string): Promise<{ session: StaffSession; member: StaffMember } | undefined> {
    if (!SESSION_ID.test(sessionId)) return undefined
    const session = await this.#store.findStaffSession(hashOf(sessionId))
    if (!session) return undefined
    const member = (await this.#store.listStaff()).find(({ id }) => id === session.agentId)
    const isHeld = member && !member.disabled && (member.logInEpoch ?? 0) === (session.logInEpoch ?? 0)
    if (isHeld && !isOver(session, this.#clock.now())) return { session, member }
    await this.#store.deleteStaffSession(session.idHash)
    return undefined
  }

  /** Ends a session for good. Does nothing for an unknown id. */
  async end(sessionId: string): Promise<void> {
    if (!SESSION_ID.test(sessionId)) return
    const idHash = hashOf(sessionId)
    this.#ended.add(idHash)
    const [oldest] = this.#ended
    if (oldest && this.#ended.size > MAX_REMEMBERED_ENDS) this.#ended.delete(oldest)
    await this.#store.deleteStaffSession(idHash)
  }
}

function isOver(session: StaffSession, now: number): boolean {
  return now - session.lastSeenAt >= IDLE_LIMIT_MS || now - session.createdAt >= ABSOLUTE_LIMIT_MS
}

function hashOf(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex')
}
