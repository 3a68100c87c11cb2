import { AppError } from '../core/errors.ts'
import { agentId, isOwnId } from '../core/ids.ts'
import { normalizedEmail } from './log-in.ts'
import type { Passwords } from './passwords.ts'
import type { Clock, Ids, Role, StaffMember, Store } from './ports.ts'
import type { Viewer } from './staff-sessions.ts'

const PASSWORD_BYTES = 12

type Needs = {
  readonly store: Store
  readonly passwords: Passwords
  readonly clock: Clock
  readonly ids: Ids
}

/** What an admin changes of a member of staff; absent stays as it is. */
export type StaffChange = {
  readonly name?: string | undefined
  readonly role?: Role | undefined
  readonly disabled?: boolean | undefined
  /** A new password, or `true` for one that is generated. */
  readonly password?: string | true | undefined
}

/** A member of staff, with the password that was generated for them: it is told this once. */
export type ManagedStaff = { readonly member: StaffMember; readonly password?: string }

/** Adds and changes members of staff: the admin's part. Every change is in the audit trail. */
export class StaffDirectory {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Adds a member; without a password one is generated. Throws `conflict` for an e-mail that is taken. */
  async add(
    viewer: Viewer,
    wanted: { email: string; name: string; role: Role; password?: string | undefined },
  ): Promise<ManagedStaff> {
    const { store, passwords, clock, ids } = this.#needs
    const email = normalizedEmail(wanted.email)
    if ((await store.listStaff()).some((one) => normalizedEmail(one.email) === email)) {
      throw new AppError('conflict', 'email: somebody has this e-mail already')
    }
    const password = wanted.password ?? ids.secret(PASSWORD_BYTES)
    const member: StaffMember = {
      id: agentId(ids.id()),
      email: wanted.email.trim(),
      name: wanted.name.trim(),
      role: wanted.role,
      passwordHash: await passwords.hash(password),
      disabled: false,
      createdAt: clock.now(),
    }
    await store.saveStaff(member)
    await this.#audit(viewer, 'staff.added', member.id)
    return wanted.password === undefined ? { member, password } : { member }
  }

  /**
   * Changes a member; a new password or role, or disabling, ends the member's log-ins. Throws `not_found`, and
   * `conflict` when no enabled admin would be left.
   */
  async change(viewer: Viewer, id: string, change: StaffChange): Promise<ManagedStaff> {
    const { store, passwords, ids } = this.#needs
    const staff = await store.listStaff()
    const before = isOwnId(id) ? staff.find((one) => one.id === agentId(id)) : undefined
    if (before === undefined) throw new AppError('not_found', 'there is no such agent')
    const password = change.password === true ? ids.secret(PASSWORD_BYTES) : change.password
    const member: StaffMember = {
      ...before,
      name: change.name?.trim() ?? before.name,
      role: change.role ?? before.role,
      disabled: change.disabled ?? before.disabled,
      passwordHash: password === undefined ? before.passwordHash : await passwords.hash(password),
    }
    const admins = staff.map((one) => (one.id === member.id ? member : one)).filter(isActiveAdmin)
    if (admins.length === 0) {
      throw new AppError('conflict', 'this is the last admin; make another one first')
    }
    await store.saveStaff(member)
    // Whoever knew the old password, or had the old rights, must log in again (ASVS 7.2.4).
    const endsSessions = password !== undefined || member.disabled || member.role !== before.role
    if (endsSessions) await store.deleteStaffSessionsOf(member.id)
    await this.#audit(viewer, 'staff.changed', member.id)
    return change.password === true && password !== undefined ? { member, password } : { member }
  }

  async #audit(viewer: Viewer, action: string, about: string): Promise<void> {
    const at = this.#needs.clock.now()
    await this.#needs.store.appendAudit({ at, agentId: viewer.member.id, action, detail: about })
  }
}

function isActiveAdmin({ role, disabled }: StaffMember): boolean {
  return role === 'admin' && !disabled
}
