import { AppError } from '../core/errors.ts'
import { agentId, isOwnId } from '../core/ids.ts'
import { normalizedEmail } from './log-in.ts'
import type { Passwords } from './passwords.ts'
import type { AuditAction, AuditEntry, Clock, Ids, Role, StaffMember, Store } from './ports.ts'
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

/**
 * Adds and changes members of staff: the admin's part. Each change is decided on what all changes before it left, and
 * stands in the audit trail.
 */
export class StaffDirectory {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * Adds a member; without a password one is generated. Throws `conflict` for an e-mail that is taken, `forbidden` when
   * the viewer is no admin any more.
   */
  async add(
    viewer: Viewer,
    wanted: { email: string; name: string; role: Role; password?: string | undefined },
  ): Promise<ManagedStaff> {
    const { store, passwords, clock, ids } = this.#needs
    const email = normalizedEmail(wanted.email)
    refuseTaken(await store.listStaff(), email)
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
    await store.changeStaff((staff) => {
      refuseFormerAdmin(staff, viewer)
      refuseTaken(staff, email)
      return { member, audit: this.#audit(viewer, 'staff.added', member.id), result: undefined }
    })
    return wanted.password === undefined ? { member, password } : { member }
  }

  /**
   * Changes a member; a new password or role, or disabling, ends the member's log-ins in the same write. Throws
   * `not_found`, `conflict` when no enabled admin would be left, and `forbidden` when the viewer is no admin any more.
   */
  async change(viewer: Viewer, id: string, change: StaffChange): Promise<ManagedStaff> {
    const { store, passwords, ids } = this.#needs
    getMember(await store.listStaff(), id)
    const password = change.password === true ? ids.secret(PASSWORD_BYTES) : change.password
    const hash = password === undefined ? undefined : await passwords.hash(password)
    const member = await store.changeStaff((staff) => {
      refuseFormerAdmin(staff, viewer)
      const changed = changedMember(getMember(staff, id), change, hash)
      if (!staff.map((one) => (one.id === changed.id ? changed : one)).some(isActiveAdmin)) {
        throw new AppError('conflict', 'this is the last admin; make another one first')
      }
      return {
        member: changed,
        audit: this.#audit(viewer, 'staff.changed', changed.id),
        result: changed,
      }
    })
    return change.password === true && password !== undefined ? { member, password } : { member }
  }

  #audit(viewer: Viewer, action: AuditAction, about: string): AuditEntry {
    return { at: this.#needs.clock.now(), agentId: viewer.member.id, action, detail: about }
  }
}

/** The member after a change. Whoever knew the old password, or had the old rights, must log in again (ASVS 7.2.4). */
function changedMember(before: StaffMember, change: StaffChange, hash: string | undefined): StaffMember {
  const after: StaffMember = {
    ...before,
    name: change.name?.trim() ?? before.name,
    role: change.role ?? before.role,
    disabled: change.disabled ?? before.disabled,
    passwordHash: hash ?? before.passwordHash,
  }
  const endsLogIns = hash !== undefined || after.role !== before.role || (after.disabled && !before.disabled)
  return endsLogIns ? { ...after, logInEpoch: (before.logInEpoch ?? 0) + 1 } : after
}

function getMember(staff: readonly StaffMember[], id: string): StaffMember {
  const found = isOwnId(id) ? staff.find((one) => one.id === agentId(id)) : undefined
  if (found === undefined) throw new AppError('not_found', 'there is no such agent')
  return found
}

function refuseTaken(staff: readonly StaffMember[], email: string): void {
  if (staff.some((one) => normalizedEmail(one.email) === email)) {
    throw new AppError('conflict', 'email: somebody has this e-mail already')
  }
}

/** Between the door and the change the viewer may have lost the role. */
function refuseFormerAdmin(staff: readonly StaffMember[], { member }: Viewer): void {
  if (!staff.some((one) => one.id === member.id && isActiveAdmin(one))) {
    throw new AppError('forbidden', 'your role may not do this')
  }
}

function isActiveAdmin({ role, disabled }: StaffMember): boolean {
  return role === 'admin' && !disabled
}
