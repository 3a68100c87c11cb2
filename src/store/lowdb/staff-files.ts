import type { AuditEntry, StaffDecision, StaffMember, StaffSession } from '../../app/ports.ts'
import { DurableDocument } from './durable-document.ts'
import type { DocumentAccess } from './durable-document.ts'
import { CorruptFileError } from './envelope.ts'
import type { StoreLayout } from './layout.ts'
import { SerialQueue } from './serial-queue.ts'
import { secretsFileSchema, staffFileSchema, staffSessionsFileSchema } from './staff-schema.ts'

// Far beyond any log-in's life: this only keeps the file from growing for ever.
const SESSION_KEPT_MS = 30 * 24 * 60 * 60 * 1000

type Secret = { readonly name: string; readonly value: string }

/** Staff, their log-ins and the installation's secrets: a small file each, rewritten whole. */
export class StaffFiles {
  readonly #staff: DurableDocument<readonly StaffMember[]>
  readonly #sessions: DurableDocument<readonly StaffSession[]>
  readonly #secrets: DurableDocument<readonly Secret[]>
  readonly #queue = new SerialQueue()

  constructor(access: DocumentAccess, layout: StoreLayout) {
    this.#staff = DurableDocument.of<readonly StaffMember[]>(access, layout.staff, staffFileSchema, [])
    this.#sessions = DurableDocument.of<readonly StaffSession[]>(
      access,
      layout.staffSessions,
      staffSessionsFileSchema,
      [],
    )
    this.#secrets = DurableDocument.of<readonly Secret[]>(access, layout.secrets, secretsFileSchema, [])
  }

  /**
   * Reads the files. Throws `CorruptFileError` for staff and secrets, which cannot be made up; damaged log-ins
   * are reported and dropped: everybody logs in again.
   */
  async load(report: (message: string) => void): Promise<void> {
    await Promise.all([this.#staff.load(), this.#secrets.load()])
    await this.#sessions.load().catch((error: unknown) => {
      if (!(error instanceof CorruptFileError)) throw error
      report(`${error.message}; all staff must log in again`)
    })
  }

  list(): readonly StaffMember[] {
    return this.#staff.data
  }

  save(member: StaffMember): Promise<void> {
    return this.#queue.run('staff', () => this.#put(member))
  }

  /** Changes staff by a decision on all of them; `audit` makes its line durable before anything is changed. */
  change<Result>(
    decide: (staff: readonly StaffMember[]) => StaffDecision<Result>,
    audit: (entry: AuditEntry) => Promise<void>,
  ): Promise<Result> {
    return this.#queue.run('staff', async () => {
      const decided = decide(this.#staff.data)
      if (decided.member !== undefined) {
        if (decided.audit !== undefined) await audit(decided.audit)
        await this.#put(decided.member)
      }
      return decided.result
    })
  }

  findSession(idHash: string): StaffSession | undefined {
    return this.#sessions.data.find((session) => session.idHash === idHash)
  }

  saveSession(session: StaffSession, now: number): Promise<void> {
    return this.#queue.run('sessions', () => {
      const kept = this.#sessions.data.filter(
        ({ idHash, lastSeenAt }) => idHash !== session.idHash && now - lastSeenAt < SESSION_KEPT_MS,
      )
      return this.#sessions.save([...kept, session])
    })
  }

  deleteSession(idHash: string): Promise<void> {
    return this.#queue.run('sessions', async () => {
      if (this.findSession(idHash) === undefined) return
      await this.#sessions.save(this.#sessions.data.filter((session) => session.idHash !== idHash))
    })
  }

  secret(name: string, make: () => string): Promise<string> {
    return this.#queue.run('secrets', async () => {
      const known = this.#secrets.data.find((secret) => secret.name === name)
      if (known !== undefined) return known.value
      const value = make()
      await this.#secrets.save([...this.#secrets.data, { name, value }])
      return value
    })
  }

  idle(): Promise<void> {
    return this.#queue.idle()
  }

  #put(member: StaffMember): Promise<void> {
    const staff = this.#staff.data
    const known = staff.some(({ id }) => id === member.id)
    return this.#staff.save(
      known ? staff.map((one) => (one.id === member.id ? member : one)) : [...staff, member],
    )
  }
}
