import type { AgentId, TicketId } from './ids.ts'
import type { OutboxEntry } from './outbox.ts'

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const
export type Priority = (typeof PRIORITIES)[number]

export const TICKET_REASONS = [
  'tree_exhausted',
  'needs_staff',
  'asked_for_human',
  'misunderstood',
  'money_at_risk',
  'safety',
  'unknown_code',
  'complaint',
  'error',
] as const
export type TicketReason = (typeof TICKET_REASONS)[number]

export const TICKET_STATUSES = ['open', 'claimed', 'waiting', 'resolved'] as const
export type TicketStatus = (typeof TICKET_STATUSES)[number]

/** A question the bot asked and the answer it got: the row of a hand-over path. */
export type PathEntry = {
  readonly flow: string
  readonly step: string
  readonly question: string
  /** Answer id of the flow file. */
  readonly answer: string
  /** The merchant's own words, masked. */
  readonly said: string
}

export const MOODS = ['calm', 'annoyed', 'angry'] as const
export type Mood = (typeof MOODS)[number]

/** The typed hand-over of contract.md §3: everything learnt, so that nothing is asked again. */
export type HandoverCard = {
  readonly intent: string
  readonly confidence: number
  readonly flow: string | null
  readonly path: readonly { step: string; question: string; answer: string; said: string }[]
  readonly triedSteps: readonly string[]
  readonly nextUntriedStep?: string
  readonly slots: Readonly<Record<string, string | number>>
  readonly responseCode?: { readonly code: string; readonly meaning: string; readonly class: string }
  readonly moneyAtRisk: boolean
  readonly mood: Mood
  readonly priority: Priority
  readonly priorityReason: string
  readonly merchant: {
    readonly id: string
    readonly channel: string
    readonly name?: string
    readonly conversations: number
  }
}

/** A private note; `seq` counts 1, 2, 3 … within its ticket. */
export type TicketNote = {
  readonly seq: number
  readonly agentId: AgentId
  readonly name: string
  readonly text: string
  readonly at: number
  /** Key of the request that wrote it: a copy gives the same note again. */
  readonly key?: string
}

/** A case for staff. It lives inside its conversation; times are epoch ms. */
export type Ticket = {
  readonly id: TicketId
  /** What people say and type: `261125-48273`. */
  readonly number: string
  readonly status: TicketStatus
  readonly priority: Priority
  readonly reason: TicketReason
  readonly intent: string
  readonly flow: string | null
  readonly lastStep: string | null
  readonly assignee?: AgentId
  readonly createdAt: number
  /** When it must have its first answer. */
  readonly dueAt: number
  /** When it must be solved; absent on tickets of before there was such a time. */
  readonly solveBy?: number
  readonly version: number
  /** True once its priority was raised one level: raises do not add up (domain guide §8, 21). */
  readonly isRaised: boolean
  readonly card: HandoverCard
  /** New problems told after the ticket was opened, masked, oldest first. */
  readonly additions: readonly string[]
  /** When an agent first answered the merchant. */
  readonly answeredAt?: number
  readonly resolvedAt?: number
  /** What mended it, in the agent's words, masked. Absent after a hand-back. */
  readonly fix?: string
  /** True once nobody had answered when it was due. */
  readonly isLate?: boolean
  /** True once it was not solved in time. */
  readonly isOverdue?: boolean
  /** Private notes of the staff, masked, oldest first: no merchant ever reads them. */
  readonly notes?: readonly TicketNote[]
  /** The notice to staff that it was opened, on its way or settled; its `seq` is 0, as it is no line. */
  readonly notice?: OutboxEntry
}

/** The more urgent of two priorities. Pure. */
export function moreUrgent(a: Priority, b: Priority): Priority {
  return PRIORITIES.indexOf(a) <= PRIORITIES.indexOf(b) ? a : b
}

/** One level more urgent, at most P1. Pure. */
export function raised(priority: Priority): Priority {
  return PRIORITIES[Math.max(0, PRIORITIES.indexOf(priority) - 1)] ?? 'P1'
}

/** Why a ticket exists, in the words of the desk. */
export const REASON_WORDS: Readonly<Record<TicketReason, string>> = {
  tree_exhausted: '排查步骤已走完，故障仍在',
  needs_staff: '需要后台人员处理',
  asked_for_human: '商户要求人工',
  misunderstood: '机器人没能听懂',
  money_at_risk: '资金结果不明',
  safety: '涉及安全',
  unknown_code: '应答码查不到',
  complaint: '商户投诉',
  error: '系统出错，由人工接手',
}
