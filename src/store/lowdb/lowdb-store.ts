import type {
  AuditEntry,
  Clock,
  Figures,
  FirstAnswer,
  MerchantAddress,
  StaffMember,
  StaffSession,
  Store,
  TicketQuery,
  TicketRow,
  TurnDecision,
} from '../../app/ports.ts'
import type { ChannelName, Conversation } from '../../core/conversation.ts'
import { AppError } from '../../core/errors.ts'
import { isOwnId } from '../../core/ids.ts'
import type { AgentId, ConversationId, TicketId } from '../../core/ids.ts'
import type { TranscriptLine } from '../../core/transcript.ts'
import type { AttachmentFiles } from './attachment-files.ts'
import type { AuditFile } from './audit-file.ts'
import { figuresOf } from './figures.ts'
import type { ConversationShelf } from './conversation-shelf.ts'
import { CorruptFileError } from './envelope.ts'
import type { ConversationIndex } from './conversation-index.ts'
import { addressKey } from './indexed-conversation.ts'
import { SerialQueue } from './serial-queue.ts'
import type { StaffFiles } from './staff-files.ts'
import type { BoardRow } from './ticket-board.ts'

const MOST_WAITING_TURNS = 50

/** The embedded store: a file for each conversation, in a folder that one process holds. */
export class LowdbStore implements Store {
  readonly #shelf: ConversationShelf
  readonly #index: ConversationIndex
  readonly #staff: StaffFiles
  readonly #audit: AuditFile
  readonly attachments: AttachmentFiles
  readonly #clock: Clock
  readonly #report: (message: string) => void
  readonly #release: () => Promise<void>
  readonly #turns = new SerialQueue()
  #closing: Promise<void> | undefined

  constructor(parts: {
    shelf: ConversationShelf
    index: ConversationIndex
    staff: StaffFiles
    audit: AuditFile
    attachments: AttachmentFiles
    clock: Clock
    report: (message: string) => void
    /** Writes what is pending and gives the folder up; called once, when nothing runs any more. */
    release: () => Promise<void>
  }) {
    this.#shelf = parts.shelf
    this.#index = parts.index
    this.#staff = parts.staff
    this.#audit = parts.audit
    this.attachments = parts.attachments
    this.#clock = parts.clock
    this.#report = parts.report
    this.#release = parts.release
  }

  async turn<Result>(
    address: MerchantAddress,
    decide: (current: Conversation | undefined) => TurnDecision<Result>,
  ): Promise<Result> {
    this.#checkOpen()
    return this.#turns.run(
      addressKey(address),
      async () => {
        const current = await this.#shelf.openForTurn(address)
        const { conversation, result } = decide(current?.conversation)
        if (conversation !== undefined && conversation !== current?.conversation) {
          await this.#shelf.save(address, current, conversation)
        }
        return result
      },
      MOST_WAITING_TURNS,
    )
  }

  async findCurrent(address: MerchantAddress): Promise<Conversation | undefined> {
    const newest = this.#index.findNewest(address)
    return newest === undefined ? undefined : (await this.#open(newest.id))?.conversation
  }

  async findConversation(id: ConversationId): Promise<Conversation | undefined> {
    return (await this.#open(id))?.conversation
  }

  async readTranscript(id: ConversationId): Promise<readonly TranscriptLine[]> {
    const stored = await this.#open(id)
    return stored === undefined ? [] : this.#shelf.linesOf(stored, 0)
  }

  async readLines(
    address: MerchantAddress,
    after: number,
    limit: number,
  ): Promise<readonly TranscriptLine[]> {
    const newest = this.#index.findNewest(address)
    const parts: (readonly TranscriptLine[])[] = []
    for (let at = newest; at !== undefined && at.lastSeq > after; at = this.#before(at)) {
      const lines = await this.#linesOf(at.id, after, at.id === newest?.id)
      parts.unshift(lines)
      const first = lines[0]
      if (first !== undefined && first.seq <= after + 1) break
    }
    return parts.flat().slice(0, Math.max(0, limit))
  }

  async listTickets(query: TicketQuery): Promise<{ rows: readonly TicketRow[]; next?: string }> {
    const { rows, next } = this.#index.tickets.page(query)
    const read = await Promise.all(
      rows.map((row) => this.#ticketRow(row).catch((error: unknown) => this.#skipDamaged(error))),
    )
    return {
      rows: read.filter((row) => row !== undefined),
      ...(next === undefined ? {} : { next }),
    }
  }

  async findTicket(id: TicketId): Promise<TicketRow | undefined> {
    const row = this.#index.tickets.find(id)
    return row === undefined ? undefined : this.#ticketRow(row)
  }

  queuePosition(id: TicketId): Promise<number | undefined> {
    return Promise.resolve(this.#index.tickets.queuePosition(id))
  }

  recentAnswers(limit: number): Promise<readonly FirstAnswer[]> {
    return Promise.resolve(this.#index.tickets.recentAnswers(limit))
  }

  counts(): Promise<{ conversations: number; openTickets: number }> {
    return Promise.resolve({ conversations: this.#index.size, openTickets: this.#index.tickets.open })
  }

  findDue(now: number, limit: number): Promise<readonly MerchantAddress[]> {
    const due = this.#index.due(now, limit)
    return Promise.resolve(due.map(({ channel, merchantKey }) => ({ channel, merchantKey })))
  }

  findOutgoing(channel: ChannelName, now: number, limit: number): Promise<readonly MerchantAddress[]> {
    const due = this.#index.outgoing(channel, now, limit)
    return Promise.resolve(due.map(({ merchantKey }) => ({ channel, merchantKey })))
  }

  findUnsent(limit: number): Promise<readonly ConversationId[]> {
    return Promise.resolve(this.#index.unsent(limit).map(({ id }) => id))
  }

  figures(): Promise<Figures> {
    return Promise.resolve(figuresOf(this.#index.all()))
  }

  async appendAudit(entry: AuditEntry): Promise<void> {
    this.#checkOpen()
    await this.#audit.append(entry)
  }

  async listAudit(query: {
    readonly after?: string
    readonly limit: number
  }): Promise<{ entries: readonly AuditEntry[]; next?: string }> {
    return this.#audit.page(query)
  }

  listStaff(): Promise<readonly StaffMember[]> {
    return Promise.resolve(this.#staff.list())
  }

  async saveStaff(member: StaffMember): Promise<void> {
    this.#checkOpen()
    await this.#staff.save(member)
  }

  findStaffSession(idHash: string): Promise<StaffSession | undefined> {
    return Promise.resolve(this.#staff.findSession(idHash))
  }

  async saveStaffSession(session: StaffSession): Promise<void> {
    this.#checkOpen()
    await this.#staff.saveSession(session, this.#clock.now())
  }

  async deleteStaffSession(idHash: string): Promise<void> {
    this.#checkOpen()
    await this.#staff.deleteSession(idHash)
  }

  async deleteStaffSessionsOf(agent: AgentId): Promise<void> {
    this.#checkOpen()
    await this.#staff.deleteSessionsOf(agent)
  }

  async secret(name: string, make: () => string): Promise<string> {
    this.#checkOpen()
    return this.#staff.secret(name, make)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.all([this.#turns.idle(), this.#staff.idle(), this.#audit.close(), this.attachments.close()])
    await this.#release()
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new AppError('unavailable', 'the store is closed')
  }

  /** A conversation as last made durable. What is not in memory is read in line with its merchant's turns. */
  async #open(id: ConversationId): Promise<ReturnType<ConversationShelf['inMemory']>> {
    const known = isOwnId(id) ? this.#index.find(id) : undefined
    if (known === undefined) return undefined
    return this.#shelf.inMemory(id) ?? this.#turns.run(addressKey(known), () => this.#shelf.open(known))
  }

  #before(conversation: { readonly previous?: ConversationId }): ReturnType<ConversationIndex['find']> {
    return conversation.previous === undefined ? undefined : this.#index.find(conversation.previous)
  }

  /** Lines after `after`. Of an earlier conversation that is damaged there are none: the talk goes on. */
  async #linesOf(id: ConversationId, after: number, isNewest: boolean): Promise<readonly TranscriptLine[]> {
    try {
      const stored = await this.#open(id)
      return stored === undefined ? [] : await this.#shelf.linesOf(stored, after)
    } catch (error) {
      if (isNewest) throw error
      this.#skipDamaged(error)
      return []
    }
  }

  async #ticketRow({ ticket, conversation }: BoardRow): Promise<TicketRow | undefined> {
    const whole =
      ticket.open ??
      (await this.#open(conversation.id))?.conversation.tickets.find(({ id }) => id === ticket.id)
    if (whole === undefined) return undefined
    return {
      ticket: whole,
      conversationId: conversation.id,
      channel: conversation.channel,
      epoch: conversation.epoch,
    }
  }

  #skipDamaged(error: unknown): undefined {
    if (!(error instanceof CorruptFileError)) throw error
    this.#report(`${error.message}; left out`)
    return undefined
  }
}
