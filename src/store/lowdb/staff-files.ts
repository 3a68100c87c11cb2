import type { StaffMember, StaffSession } from '../../app/ports.ts'
import type { AgentId } from '../../core/ids.ts'
import { DurableDocument } from './durable-document.ts'
import type { DocumentAccess } from './durable-document.ts'
import { CorruptFileError } from './envelope.ts'
import type { StoreLayout } from './layout.ts'
import { secretsFileSchema, staffFileSchema, staffSessionsFileSchema } from './schema.ts'
import { SerialQueue } from './serial-queue.ts'

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
    return this.#queue.run('staff', () => {
      const staff = this.#staff.data
      const known = staff.some(({ id }) => id === member.id)
      return this.#staff.save(
        known ? staff.map((one) => (one.id === member.id ? member : one)) : [...staff, member],
      )
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

  deleteSessionsOf(agent: AgentId): Promise<void> {
    return this.#queue.run('sessions', async () => {
      await this.#sessions.save(this.#sessions.data.filter(({ agentId }) => agentId !== agent))
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
}
