import { AppError } from '../core/errors.ts'
import { openDevice, sealDevice } from './known-devices.ts'
import { LogInTries, type Tryer } from './log-in-tries.ts'
import type { Passwords } from './passwords.ts'
import type { Clock, Ids, StaffMember, Store } from './ports.ts'
import type { StaffSessions } from './staff-sessions.ts'

const NONCE_BYTES = 16

export type LogInRequest = {
  readonly email: string
  readonly password: string
  /** The caller's network, for the limit over all accounts. */
  readonly network: string
  /** Mark of an earlier log-in from the same browser. */
  readonly deviceMark: string | undefined
  /** Session the browser still holds; it ends with this log-in. */
  readonly oldSessionId: string | undefined
}

export type LoggedIn = {
  readonly member: StaffMember
  readonly sessionId: string
  readonly csrfToken: string
  readonly deviceMark: string
}

type Needs = {
  readonly store: Store
  readonly passwords: Passwords
  readonly sessions: StaffSessions
  readonly clock: Clock
  readonly ids: Ids
  readonly deviceSecret: string
}

/**
 * Logs a member of staff in by e-mail and password, always under a new session id.
 *
 * Throws `unauthorized` alike for unknown, disabled and wrong, `too_many` after too many wrong tries, known account
 * or not, and `unavailable` when too many log in at once.
 */
export class LogIn {
  readonly #needs: Needs
  readonly #tries: LogInTries

  constructor(needs: Needs) {
    this.#needs = needs
    this.#tries = new LogInTries(needs.store, needs.clock, needs.deviceSecret)
  }

  async run(request: LogInRequest): Promise<LoggedIn> {
    const { store, passwords, sessions, ids, deviceSecret } = this.#needs
    const email = normalizedEmail(request.email)
    const member = (await store.listStaff()).find((one) => normalizedEmail(one.email) === email)
    const mark = request.deviceMark
    const knownDevice = member && mark ? openDevice(deviceSecret, member.id, mark) : undefined
    const tryer: Tryer = { email, network: request.network, ...(knownDevice && { knownDevice }) }
    await this.#tries.charge(tryer)
    const isRight = await passwords.verify(request.password, member?.passwordHash)
    if (!member || !isRight || member.disabled) {
      throw new AppError('unauthorized', 'e-mail or password is wrong')
    }
    await this.#tries.giveBack(tryer)
    if (request.oldSessionId) await sessions.end(request.oldSessionId)
    const opened = await sessions.open(member)
    const deviceMark =
      knownDevice && mark ? mark : sealDevice(deviceSecret, member.id, ids.secret(NONCE_BYTES))
    return { member, ...opened, deviceMark }
  }
}

/** The one form in which e-mail addresses are compared. Pure. */
export function normalizedEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase()
}
