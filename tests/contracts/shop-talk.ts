import type { MerchantAddress, TurnDecision } from '../../src/app/ports.ts'
import { emptyDialogue } from '../../src/core/conversation.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { agentId, conversationId, ticketId } from '../../src/core/ids.ts'
import type { AgentId, ConversationId, TicketId } from '../../src/core/ids.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import type { TranscriptLine } from '../../src/core/transcript.ts'

const NINE_O_CLOCK = Date.UTC(2026, 10, 25, 1, 0, 0)

/** The n-th id of a kind: the same in every run. */
export function idOf(kind: string, n: number): string {
  return kind.padEnd(14, '0') + String(n).padStart(12, '0')
}

export const talkId = (n: number): ConversationId => conversationId(idOf('talk', n))
export const caseId = (n: number): TicketId => ticketId(idOf('case', n))
export const clerkId = (n: number): AgentId => agentId(idOf('clerk', n))

export function shop(n: number): MerchantAddress {
  return { channel: 'web', merchantKey: `shop-${n}` }
}

/** A conversation in which nothing has been said. */
export function quietTalk(
  address: MerchantAddress,
  id: ConversationId,
  previous?: Conversation,
): Conversation {
  const firstSeq = (previous?.lastSeq ?? 0) + 1
  return {
    id,
    channel: address.channel,
    merchantKey: address.merchantKey,
    createdAt: NINE_O_CLOCK,
    updatedAt: NINE_O_CLOCK,
    holder: 'bot',
    epoch: 0,
    dialogue: emptyDialogue(),
    firstSeq,
    lastSeq: firstSeq - 1,
    processedSeq: firstSeq - 1,
    transcript: [],
    tickets: [],
    dedupe: [],
    ...(previous === undefined ? {} : { previous: previous.id }),
    conversations: (previous?.conversations ?? 0) + 1,
  }
}

/** The conversation after a merchant's message `key` and the bot's answer to it. */
export function withMessage(talk: Conversation, key: string, text = key): Conversation {
  const seq = talk.lastSeq + 1
  const at = NINE_O_CLOCK + seq * 1000
  const lines: TranscriptLine[] = [
    { seq, author: 'merchant', text, at },
    { seq: seq + 1, author: 'bot', text: `收到：${text}`, choices: [{ id: 'yes', label: '能' }], at },
  ]
  return {
    ...talk,
    updatedAt: at,
    lastSeq: seq + 1,
    processedSeq: seq,
    transcript: [...talk.transcript, ...lines],
    dedupe: [...talk.dedupe, { key, seq, at }],
  }
}

/**
 * A turn that takes message `key`: a copy of one taken before changes nothing; the first message of a merchant
 * opens conversation `id`.
 */
export function take(
  address: MerchantAddress,
  id: ConversationId,
  key: string,
  text = key,
): (current: Conversation | undefined) => TurnDecision<{ seq: number; repeated: boolean }> {
  return (current) => {
    const known = current?.dedupe.find((entry) => entry.key === key)
    if (known !== undefined) return { result: { seq: known.seq, repeated: true } }
    const next = withMessage(current ?? quietTalk(address, id), key, text)
    return { conversation: next, result: { seq: next.processedSeq, repeated: false } }
  }
}

/** A case for staff; the parts that matter to a test are given. */
export function caseOf(n: number, parts: Partial<Ticket> = {}): Ticket {
  const priority = parts.priority ?? 'P3'
  return {
    id: caseId(n),
    number: `261125-${String(n).padStart(5, '0')}`,
    status: 'open',
    priority,
    reason: 'tree_exhausted',
    intent: 'card_fault',
    flow: 'card_fault',
    lastStep: 'CF5',
    createdAt: NINE_O_CLOCK + n * 1000,
    dueAt: NINE_O_CLOCK + 3_600_000,
    version: 1,
    isRaised: false,
    card: {
      intent: 'card_fault',
      confidence: 0.93,
      flow: 'card_fault',
      path: [{ step: 'CF1', question: '那张能读吗？', answer: 'no', said: '换了三张都不行' }],
      triedSteps: ['CF1'],
      slots: { terminal_model: 'A920' },
      moneyAtRisk: false,
      mood: 'calm',
      priority,
      priorityReason: 'terminal unusable',
      merchant: { id: `shop-${n}`, channel: 'web', conversations: 1 },
    },
    additions: [],
    ...parts,
  }
}
