import type { AgentId, ConversationId, TicketId } from '../core/ids.ts'
import type { ChannelName, Conversation, Rating } from '../core/conversation.ts'
import type { Priority, Ticket, TicketReason, TicketStatus } from '../core/ticket.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type { AttachmentStore } from './picture-ports.ts'

/** The wall clock, in epoch milliseconds. Tests set it by hand. */
export interface Clock {
  now(): number
}

/** A number from 0 up to 1, for waits that should differ. Tests give their own. */
export type Random = () => number

/** Makes ids and secrets. Tests make them in order. */
export interface Ids {
  /** 26 lower-case letters and digits, at least 128 random bits. */
  id(): string
  /** Hex of `bytes` random bytes. */
  secret(bytes: number): string
  /** A ticket number people can say: day and five digits, Asia/Shanghai. */
  ticketNumber(now: number): string
}

/** Who writes to us, in a channel's own terms. */
export type MerchantAddress = { readonly channel: ChannelName; readonly merchantKey: string }

/** A ticket with what a list shows of its conversation. */
export type TicketRow = {
  readonly ticket: Ticket
  readonly conversationId: ConversationId
  readonly channel: ChannelName
  readonly epoch: number
  /** How the merchant liked the help; absent while nobody has said. */
  readonly rating?: Rating
}

/** A page of tickets wanted by the desk. `q` is matched against number, intent, merchant key and slots. */
export type TicketQuery = {
  /** `taken`: somebody is at it, whoever's turn it is. */
  readonly status?: TicketStatus | 'unresolved' | 'taken'
  readonly priority?: Priority
  /** An agent, or `none` for tickets nobody holds. */
  readonly assignee?: AgentId | 'none'
  readonly q?: string
  /** Only tickets opened after this, epoch ms. */
  readonly openedAfter?: number
  /** Cursor of the last page. */
  readonly after?: string
  readonly limit: number
}

export const ROLES = ['agent', 'lead', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A member of staff. `passwordHash` never leaves the server. */
export type StaffMember = {
  readonly id: AgentId
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly passwordHash: string
  readonly disabled: boolean
  readonly createdAt: number
  /** Grows when all log-ins of this member end: those under an older one are worth nothing any more. */
  readonly logInEpoch?: number
}

/** A staff log-in. `idHash` is SHA-256 hex of the cookie's value; the value itself is never stored. */
export type StaffSession = {
  readonly idHash: string
  readonly agentId: AgentId
  readonly csrfToken: string
  readonly createdAt: number
  readonly lastSeenAt: number
  /** `logInEpoch` of the member whose password was checked. */
  readonly logInEpoch?: number
}

/** Wrong log-ins of one account, known device or network within a time that ends at `until`. */
export type TryCount = { readonly key: string; readonly tries: number; readonly until: number }

export const QUEUE_TABS = ['open', 'mine', 'busy', 'resolved', 'all'] as const

/** Filters of the ticket queue that an agent keeps under a name. */
export type SavedView = {
  readonly name: string
  readonly filters: {
    readonly tab: (typeof QUEUE_TABS)[number]
    /** Empty for all. */
    readonly priority: Priority | ''
    readonly q: string
  }
}

export const AUDIT_ACTIONS = [
  'look',
  'look_at_picture',
  'history',
  'claim',
  'release',
  'transfer',
  'reply',
  'note',
  'remove_picture',
  'send_again',
  'resolve',
  'handback',
  'export',
  'export.done',
  'export.cut',
  'staff.added',
  'staff.changed',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** One look or change by a member of staff. Ids and kinds, never words of a merchant. */
export type AuditEntry = {
  readonly at: number
  readonly agentId: AgentId
  readonly action: AuditAction
  readonly ticketId?: TicketId
  readonly detail?: string
}

/** When a ticket got its first answer (epoch ms), and how many minutes after it was opened. */
export type FirstAnswer = { readonly at: number; readonly minutes: number }

/** Plain figures of the desk. Times are minutes. */
export type Figures = {
  readonly open: Readonly<Record<Priority, number>>
  /** Minutes from opening to the first answer, one for each answered ticket. */
  readonly answerMinutes: readonly number[]
  readonly resolvedByStaff: number
  readonly solvedByBot: number
  readonly byReason: Readonly<Partial<Record<TicketReason, number>>>
  readonly scores: readonly number[]
}

/** How deliveries stand. `overdueMs`: how long the most overdue conversation's next line should have been on its way. */
export type DeliveryCounts = {
  /** Conversations with lines on their way. */
  readonly outgoing: number
  readonly overdueMs: number
  /** Lines that have not arrived for sure. */
  readonly unsent: number
}

/**
 * What a turn decided: the conversation to store (absent: nothing changes), the line that says so in the audit trail
 * when it was staff who acted, and what the caller gets back.
 */
export type TurnDecision<Result> = {
  readonly conversation?: Conversation
  readonly audit?: AuditEntry
  readonly result: Result
}

/** What was decided about staff: the member to add or change (absent: nothing changes), with its audit line. */
export type StaffDecision<Result> = {
  readonly member?: StaffMember
  readonly audit?: AuditEntry
  readonly result: Result
}

/** How all talks of a merchant are rewritten. All of it is pure and may be done again after a crash. */
export type Rewriting = {
  /** Says of the newest conversation whether it is still wanted. */
  readonly isWanted: (newest: Conversation) => boolean
  readonly line: (line: TranscriptLine) => TranscriptLine
  readonly conversation: (conversation: Conversation) => Conversation
  /** The newest conversation once nothing of the former versions is left. */
  readonly finish: (newest: Conversation) => Conversation
}

/**
 * Where everything lasting lives. Two implementations, one contract-test suite.
 *
 * Every promise that resolves means durable: the data survives kill -9 and power loss.
 * Failures reject with `AppError`: `unavailable` when the disk or database refuses (try again later with the
 * same id), `internal` when stored data cannot be read.
 */
export interface Store {
  readonly attachments: AttachmentStore
  /**
   * Runs one turn for a merchant: locks, loads the merchant's newest conversation, calls `decide` and makes what
   * it returns durable in one atomic write. Turns of one merchant run one at a time, in order of the calls.
   * `decide` is pure and may be called again after a conflict. If it throws, nothing is written.
   *
   * An `audit` line is durable before the conversation is: a change by staff never stands without its line. When the
   * change itself is then refused by the disk, the line tells of a try, and the repeat writes another.
   */
  turn<Result>(
    address: MerchantAddress,
    decide: (current: Conversation | undefined) => TurnDecision<Result>,
  ): Promise<Result>
  /**
   * Rewrites every talk of a merchant, older lines included, in line with the merchant's turns; resolves to whether
   * it was wanted. Then nothing of the former versions is left in the store. Cut short, it is still wanted.
   */
  rewrite(address: MerchantAddress, rewriting: Rewriting): Promise<boolean>
  /** The merchant's newest conversation. */
  findCurrent(address: MerchantAddress): Promise<Conversation | undefined>
  findConversation(id: ConversationId): Promise<Conversation | undefined>
  /** A conversation's whole transcript, older segments included, oldest first. */
  readTranscript(id: ConversationId): Promise<readonly TranscriptLine[]>
  /**
   * A merchant's lines with `seq > after` over all their conversations, oldest first, at most `limit`.
   */
  readLines(address: MerchantAddress, after: number, limit: number): Promise<readonly TranscriptLine[]>
  /**
   * A merchant's conversations, newest first; `after` is the cursor of the last page. Damaged ones are left out. Throws
   * `invalid` for a cursor that is not of this merchant.
   */
  listConversations(
    address: MerchantAddress,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<{ conversations: readonly Conversation[]; next?: string }>
  /** Tickets by urgency then age, newest state; `next` is absent on the last page. */
  listTickets(query: TicketQuery): Promise<{ rows: readonly TicketRow[]; next?: string }>
  findTicket(id: TicketId): Promise<TicketRow | undefined>
  /** Place of an untaken ticket among all untaken ones, by urgency then age, 1 first; undefined when it is none. */
  queuePosition(id: TicketId): Promise<number | undefined>
  /** How long the newest first answers took, newest first. */
  recentAnswers(limit: number): Promise<readonly FirstAnswer[]>
  /** Number of tickets that are not resolved, and of conversations, for health and metrics. */
  counts(): Promise<{ conversations: number; openTickets: number }>

  /** Merchants whose conversation has a deadline at or before `now`, at most `limit`. */
  findDue(now: number, limit: number): Promise<readonly MerchantAddress[]>
  /**
   * Merchants of a channel whose outbox must be looked at at or before `now` (see `nextOutgoing`), the most overdue
   * first, at most `limit`. Entries left in `sending` count as due.
   */
  findOutgoing(channel: ChannelName, now: number, limit: number): Promise<readonly MerchantAddress[]>
  /** Conversations with lines that have not arrived for sure, the newest first, at most `limit`. */
  findUnsent(limit: number): Promise<readonly ConversationId[]>
  /** How deliveries stand at `now`, for metrics. */
  deliveryCounts(now: number): Promise<DeliveryCounts>
  /** Figures over all conversations for the desk's page. */
  figures(): Promise<Figures>
  /** Writes one entry of the audit trail, durably. */
  appendAudit(entry: AuditEntry): Promise<void>
  /** The audit trail, newest first; `after` is the cursor of the last page. */
  listAudit(query: {
    readonly after?: string
    readonly limit: number
  }): Promise<{ entries: readonly AuditEntry[]; next?: string }>

  listStaff(): Promise<readonly StaffMember[]>
  saveStaff(member: StaffMember): Promise<void>
  /**
   * Changes staff by what `decide` makes of all of them: one change at a time, so that no two are decided on the same
   * state. The audit line comes first, as in `turn`. If `decide` throws, nothing is written.
   */
  changeStaff<Result>(decide: (staff: readonly StaffMember[]) => StaffDecision<Result>): Promise<Result>
  findStaffSession(idHash: string): Promise<StaffSession | undefined>
  saveStaffSession(session: StaffSession): Promise<void>
  deleteStaffSession(idHash: string): Promise<void>
  /** Changes the counts of wrong log-ins, one change at a time; absent `counts` leave them as they are. */
  changeTries<Result>(
    decide: (counts: readonly TryCount[]) => {
      readonly counts?: readonly TryCount[]
      readonly result: Result
    },
  ): Promise<Result>
  /** The views an agent has saved. */
  listViews(agent: AgentId): Promise<readonly SavedView[]>
  /** Puts `decide`'s views in the place of an agent's, one change at a time. If it throws, nothing is written. */
  changeViews(
    agent: AgentId,
    decide: (views: readonly SavedView[]) => readonly SavedView[],
  ): Promise<readonly SavedView[]>
  /** A secret of this installation, made by `make` the first time it is asked for. */
  secret(name: string, make: () => string): Promise<string>

  /** Writes what is pending and gives the store up to the next process. */
  close(): Promise<void>
}

/** What is pushed to whoever watches a merchant's conversation. Carries no content: watchers read the store. */
export type BusEvent = { readonly address: MerchantAddress; readonly lastSeq: number }

/** In-process news that a conversation has new lines. Best effort: every reader also reads by seq. */
export interface Bus {
  publish(event: BusEvent): void
  /** Calls `listener` for each event of that merchant until the returned function is called. */
  subscribe(address: MerchantAddress, listener: (event: BusEvent) => void): () => void
  /** Calls `listener` for each event of every merchant: the desk's live lists. */
  subscribeAll(listener: (event: BusEvent) => void): () => void
}
