import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../../src/core/conversation.ts'
import { claim } from '../../../src/core/desk/change-hands.ts'
import { fireDeadlines, nextDeadline, withDeadlines } from '../../../src/core/desk/deadlines.ts'
import { reply } from '../../../src/core/desk/reply.ts'
import { agentId } from '../../../src/core/ids.ts'
import { caseId, caseOf, idOf, quietTalk, shop, talkId } from '../../contracts/shop-talk.ts'
import { shippedContent } from '../../fixtures/content.ts'

const content = shippedContent()
const MINUTE = 60_000
const START = Date.UTC(2026, 10, 25, 1, 0, 0)
const agent = { id: agentId(idOf('agent', 1)), name: '小李' }
const act = (now: number) => ({ ticketId: caseId(1), agent, now, content, nameOf: () => '小王' })

const inQueue = withDeadlines(
  {
    ...quietTalk(shop(1), talkId(1)),
    holder: 'queue',
    epoch: 1,
    tickets: [caseOf(1, { dueAt: START + 15 * MINUTE })],
  },
  content,
)
const midFlow: Conversation = withDeadlines(
  {
    ...quietTalk(shop(1), talkId(1)),
    updatedAt: START,
    dialogue: {
      ...quietTalk(shop(1), talkId(1)).dialogue,
      stack: [{ flow: 'card_fault', hash: '', step: 'CF1' }],
      prompt: { kind: 'step' },
      slots: { terminal_id: '12345678' },
    },
  },
  content,
)
/** Fires whatever is due minute by minute: what fired, and when, in minutes. */
function run(conversation: Conversation, minutes: number): { log: string[]; after: Conversation } {
  const log: string[] = []
  let after = conversation
  for (let minute = 0; minute <= minutes; minute++) {
    const step = fireDeadlines(after, content, START + minute * MINUTE)
    log.push(...step.fired.map((kind) => `${minute} ${kind}`))
    after = step.conversation
  }
  return { log, after }
}

describe('a ticket nobody answers', () => {
  it('is late once, and the merchant in the queue hears of it once', () => {
    const { log, after } = run(inQueue, 3_000)
    expect(log).toEqual(['15 first_answer'])
    expect(after.tickets[0]?.isLate).toBe(true)
    expect(after.transcript.map(({ author, text }) => [author, text])).toEqual([
      ['system', expect.stringContaining('让您久等了')],
    ])
    expect(nextDeadline(after)).toBeUndefined()
  })
})

describe('a silent agent', () => {
  const held = withDeadlines(claim(inQueue, act(START + MINUTE), 1), content)

  it('loses the ticket after half an hour, and the merchant is told', () => {
    const { log, after } = run(held, 3_000)
    expect(log).toEqual(['15 first_answer', '31 agent_silent'])
    expect(after).toMatchObject({ holder: 'queue', epoch: held.epoch + 1, tickets: [{ status: 'open' }] })
    expect(after.tickets[0]?.assignee).toBeUndefined()
    expect(after.transcript.at(-1)?.text).toContain('放回队列')
  })

  it('keeps it by answering', () => {
    const { conversation } = reply(held, act(START + 2 * MINUTE), { text: '您好', key: 'k' })
    if (conversation === undefined) throw new Error('no answer was written')
    expect(run(withDeadlines(conversation, content), 3_000).log).toEqual([])
  })
})

describe('a merchant who falls silent in a flow', () => {
  it('is asked once, and the talk is closed a day later with what was learnt of the shop', () => {
    const { log, after } = run(midFlow, 5_000)
    expect(log).toEqual(['10 merchant_silent', '1450 merchant_gone'])
    expect(after.transcript).toHaveLength(2)
    expect(after.dialogue).toMatchObject({ stack: [], prompt: null, slots: { terminal_id: '12345678' } })
    expect(nextDeadline(after)).toBeUndefined()
  })
})

describe('while the result of a payment is unknown', () => {
  const inTimeout: Conversation = withDeadlines(
    {
      ...midFlow,
      dialogue: {
        ...midFlow.dialogue,
        stack: [{ flow: 'txn_timeout', hash: '', step: 'TT2' }],
        slots: { terminal_id: '12345678', amount: 300 },
        moneyAtRisk: true,
      },
    },
    content,
  )

  it('every word to the merchant begins with 先别重刷, and the closed problem leaves no amount behind', () => {
    const { after } = run(inTimeout, 5_000)
    expect(after.transcript).toHaveLength(2)
    for (const { text } of after.transcript) expect(text).toMatch(/^先别重刷/u)
    expect(after.dialogue.slots).toEqual({ terminal_id: '12345678' })
  })

  it('the queue says so too', () => {
    const { after } = run({ ...inQueue, dialogue: { ...inQueue.dialogue, moneyAtRisk: true } }, 20)
    expect(after.transcript[0]?.text).toMatch(/^先别重刷/u)
    expect(run(inQueue, 20).after.transcript[0]?.text).not.toContain('先别重刷')
  })
})

describe('a late beat', () => {
  it('does everything that was due meanwhile, each once', () => {
    const { fired, conversation } = fireDeadlines(midFlow, content, START + 5_000 * MINUTE)
    // The day of grace begins when the merchant was really asked.
    expect(fired).toEqual(['merchant_silent'])
    expect(fireDeadlines(conversation, content, START + 5_000 * MINUTE).fired).toEqual([])
  })
})
