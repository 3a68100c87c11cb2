import type { Clock, StaffMember } from '../app/ports.ts'
import type { AgentId, TicketId } from '../core/ids.ts'

/** Whoever is not heard of for this long has left. */
const FORGOTTEN_AFTER_MS = 20_000

export type Present = {
  readonly agentId: AgentId
  readonly name: string
  readonly state: 'looking' | 'typing'
}
export type PresenceEvent = { readonly ticketId: TicketId; readonly people: readonly Present[] }

/** Who looks at which ticket, in memory only: it is true for seconds. */
export class Presence {
  readonly #clock: Clock
  readonly #byTicket = new Map<TicketId, Map<AgentId, Present & { readonly at: number }>>()
  readonly #listeners = new Set<(event: PresenceEvent) => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  tell(ticketId: TicketId, member: StaffMember, state: 'looking' | 'typing' | 'left'): void {
    const people = this.#byTicket.get(ticketId) ?? new Map()
    if (state === 'left') people.delete(member.id)
    else people.set(member.id, { agentId: member.id, name: member.name, state, at: this.#clock.now() })
    if (people.size === 0) this.#byTicket.delete(ticketId)
    else this.#byTicket.set(ticketId, people)
    const event = { ticketId, people: this.at(ticketId) }
    for (const listener of this.#listeners) listener(event)
  }

  /** Who is at a ticket now. */
  at(ticketId: TicketId): readonly Present[] {
    const oldest = this.#clock.now() - FORGOTTEN_AFTER_MS
    return [...(this.#byTicket.get(ticketId)?.values() ?? [])]
      .filter(({ at }) => at > oldest)
      .map(({ agentId, name, state }) => ({ agentId, name, state }))
  }

  /** Says whether an agent has a ticket before them. */
  has(agent: AgentId, ticketId: TicketId): boolean {
    return this.at(ticketId).some(({ agentId }) => agentId === agent)
  }

  subscribe(listener: (event: PresenceEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
