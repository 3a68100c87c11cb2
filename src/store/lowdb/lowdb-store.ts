import type {
  AuditEntry,
  Clock,
  DeliveryCounts,
  Figures,
  FirstAnswer,
  MerchantAddress,
  Rewriting,
  SavedView,
  StaffDecision,
  StaffMember,
  StaffSession,
  Store,
  TicketQuery,
  TicketRow,
  TryCount,
  TurnDecision,
} from '../../app/ports.ts'
import type { ChannelName, Conversation } from '../../core/conversation.ts'
import { AppError } from '../../core/errors.ts'
import type { AgentId, ConversationId, TicketId } from '../../core/ids.ts'
import type { TranscriptLine } from '../../core/transcript.ts'
import type { AttachmentFiles } from './attachment-files.ts'
import type { AuditFile } from './audit-file.ts'
import type { DeskFiles } from './desk-files.ts'
import { figuresOf } from './figures.ts'
import type { ConversationShelf } from './conversation-shelf.ts'
import type { ConversationIndex } from './conversation-index.ts'
import { ConversationReader } from './conversation-reader.ts'
import type { IndexFile } from './index-file.ts'
import { addressKey } from './indexed-conversation.ts'
import { rewriteTalks, type Talks } from './rewrite-talks.ts'
import { SerialQueue } from './serial-queue.ts'
import type { StaffFiles } from './staff-files.ts'

const MOST_WAITING_TURNS = 50

/** The embedded store: a file for each conversation, in a folder that one process holds. */
export class LowdbStore implements Store {
  readonly #shelf: ConversationShelf
  readonly #index: ConversationIndex
  readonly #talks: Talks
  readonly #staff: StaffFiles
  readonly #desk: DeskFiles
  readonly #audit: AuditFile
  readonly attachments: AttachmentFiles
  readonly #clock: Clock
  readonly #reader: ConversationReader
  readonly #release: () => Promise<void>
  readonly #turns = new SerialQueue()
  #closing: Promise<void> | undefined

  constructor(parts: {
    shelf: ConversationShelf
    index: ConversationIndex
    indexFile: IndexFile
    staff: StaffFiles
    desk: DeskFiles
    audit: AuditFile
    attachments: AttachmentFiles
    clock: Clock
    report: (message: string) => void
    /** Writes what is pending and gives the folder up; called once, when nothing runs any more. */
    release: () => Promise<void>
  }) {
    this.#shelf = parts.shelf
    this.#index = parts.index
    this.#talks = parts
    this.#staff = parts.staff
    this.#desk = parts.desk
    this.#audit = parts.audit
    this.attachments = parts.attachments
    this.#clock = parts.clock
    this.#reader = new ConversationReader({ ...parts, turns: this.#turns })
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
        const { conversation, audit, result } = decide(current?.conversation)
        if (conversation !== undefined && conversation !== current?.conversation) {
          if (audit !== undefined) await this.#audit.append(audit)
          await this.#shelf.save(address, current, conversation)
        }
        return result
      },
      MOST_WAITING_TURNS,
    )
  }

  async rewrite(address: MerchantAddress, rewriting: Rewriting): Promise<boolean> {
    this.#checkOpen()
    return this.#turns.run(addressKey(address), () => rewriteTalks(this.#talks, address, rewriting))
  }

  findCurrent(address: MerchantAddress): Promise<Conversation | undefined> {
    return this.#reader.findCurrent(address)
  }

  findConversation(id: ConversationId): Promise<Conversation | undefined> {
    return this.#reader.find(id)
  }

  readTranscript(id: ConversationId): Promise<readonly TranscriptLine[]> {
    return this.#reader.transcript(id)
  }

  readLines(address: MerchantAddress, after: number, limit: number): Promise<readonly TranscriptLine[]> {
    return this.#reader.lines(address, after, limit)
  }

  async listConversations(
    address: MerchantAddress,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<{ conversations: readonly Conversation[]; next?: string }> {
    return this.#reader.history(address, page)
  }

  async listTickets(query: TicketQuery): Promise<{ rows: readonly TicketRow[]; next?: string }> {
    const { rows, next } = this.#index.tickets.page(query)
    return { rows: await this.#reader.ticketRows(rows), ...(next === undefined ? {} : { next }) }
  }

  async findTicket(id: TicketId): Promise<TicketRow | undefined> {
    const row = this.#index.tickets.find(id)
    return row === undefined ? undefined : this.#reader.ticketRow(row)
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

  deliveryCounts(now: number): Promise<DeliveryCounts> {
    return Promise.resolve(this.#index.deliveryCounts(now))
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

  async changeStaff<Result>(
    decide: (staff: readonly StaffMember[]) => StaffDecision<Result>,
  ): Promise<Result> {
    this.#checkOpen()
    return this.#staff.change(decide, (entry) => this.#audit.append(entry))
  }

  async changeTries<Result>(
    decide: (counts: readonly TryCount[]) => {
      readonly counts?: readonly TryCount[]
      readonly result: Result
    },
  ): Promise<Result> {
    this.#checkOpen()
    return this.#desk.changeTries(decide)
  }

  listViews(agent: AgentId): Promise<readonly SavedView[]> {
    return Promise.resolve(this.#desk.viewsOf(agent))
  }

  async changeViews(
    agent: AgentId,
    decide: (views: readonly SavedView[]) => readonly SavedView[],
  ): Promise<readonly SavedView[]> {
    this.#checkOpen()
    return this.#desk.changeViews(agent, decide)
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

  async secret(name: string, make: () => string): Promise<string> {
    this.#checkOpen()
    return this.#staff.secret(name, make)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.all([this.#turns.idle(), this.#staff.idle(), this.#desk.idle()])
    await Promise.all([this.#audit.close(), this.attachments.close()])
    await this.#release()
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new AppError('unavailable', 'the store is closed')
  }
}
