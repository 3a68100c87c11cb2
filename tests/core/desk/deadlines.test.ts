import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../../src/core/conversation.ts'
import { claim } from '../../../src/core/desk/change-hands.ts'
import { fireDeadlines, nextDeadline, withDeadlines } from '../../../src/core/desk/deadlines.ts'
import { reply } from '../../../src/core/desk/reply.ts'
import { agentId } from '../../../src/core/ids.ts'
import { understand } from '../../../src/core/nlu/understand.ts'
import { takeTurn } from '../../../src/core/turn.ts'
import { caseId, caseOf, idOf, quietTalk, shop, talkId } from '../../contracts/shop-talk.ts'
import { shippedContent } from '../../fixtures/content.ts'

const content = shippedContent()
const MINUTE = 60_000
const START = Date.UTC(2026, 10, 25, 1, 0, 0)
const at = (now: number) => ({ now, ticketId: caseId(7), ticketNumber: '261125-00007' })
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
    const step = fireDeadlines(after, content, at(START + minute * MINUTE))
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

describe('a ticket that is not solved in time', () => {
  it('is overdue once, in silence', () => {
    const solving = withDeadlines(
      { ...inQueue, tickets: [caseOf(1, { dueAt: START + 15 * MINUTE, solveBy: START + 60 * MINUTE })] },
      content,
    )
    const { log, after } = run(solving, 3_000)
    expect(log).toEqual(['15 first_answer', '60 solution'])
    expect(after.tickets[0]?.isOverdue).toBe(true)
    expect(after.transcript).toHaveLength(1)
  })
})

describe('after hours', () => {
  // START is Wednesday 9:00 in Shanghai; the desk closes at 18:00.
  const staffHours = { workingDays: { from: 9 * 60, to: 18 * 60 } }
  const closing = { ...content, provider: { ...content.provider, staffHours } }
  const EVENING = START + 10 * 60 * MINUTE
  const held = claim(inQueue, { ...act(START + MINUTE), content: closing }, 1)
  const answered = reply(held, act(START + 2 * MINUTE), { text: '您好', key: 'k' }).conversation ?? held

  function wrote(before: Conversation, minute: number): Conversation {
    const line = { author: 'merchant' as const, text: '还在吗', at: EVENING + minute * MINUTE }
    const seq = before.lastSeq + 1
    const talk = { ...before, lastSeq: seq, transcript: [...before.transcript, { ...line, seq }] }
    const tickets = talk.tickets.map((ticket) => ({ ...ticket, status: 'claimed' as const }))
    return withDeadlines({ ...talk, tickets, updatedAt: line.at }, closing)
  }

  it('a merchant whom an agent holds hears once when staff are back, and keeps the agent overnight', () => {
    const first = fireDeadlines(wrote(answered, 0), closing, at(EVENING))
    expect(first.fired).toEqual(['after_hours'])
    expect(first.conversation.transcript.at(-1)).toMatchObject({
      author: 'system',
      text: '现在不是客服上班时间，明天9:00上班后会接着处理，您不用一直等着。',
    })
    const again = fireDeadlines(wrote(first.conversation, 5), closing, at(EVENING + 200 * MINUTE))
    expect(again.fired).toEqual([])
    const morning = reply(again.conversation, act(EVENING + 15 * 60 * MINUTE), { text: '早', key: 'k2' })
    const nextEvening = wrote(morning.conversation ?? held, 24 * 60)
    expect(fireDeadlines(nextEvening, closing, at(EVENING + 24 * 60 * MINUTE)).fired).toEqual(['after_hours'])
  })

  it('the most urgent case is answered at any hour, and goes back to the queue at night', () => {
    const urgent = wrote(answered, 0)
    const tickets = urgent.tickets.map((ticket) => ({ ...ticket, priority: 'P1' as const }))
    const { fired } = fireDeadlines(
      withDeadlines({ ...urgent, tickets }, closing),
      closing,
      at(EVENING + 31 * MINUTE),
    )
    expect(fired).toEqual(['agent_silent'])
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

  it('every word to the merchant begins with 先别重刷, and staff look into it when the merchant is gone', () => {
    const { log, after } = run(inTimeout, 1_460)
    expect(log).toEqual(['10 merchant_silent', '1450 merchant_gone'])
    expect(after.transcript).toHaveLength(2)
    for (const { text } of after.transcript) expect(text).toMatch(/^先别重刷/u)
    expect(after).toMatchObject({ holder: 'queue', epoch: inTimeout.epoch + 1 })
    expect(after.transcript[1]?.text).toContain('我已为您登记工单261125-00007')
    expect(after.tickets).toMatchObject([
      { reason: 'money_at_risk', flow: 'txn_timeout', lastStep: 'TT2', card: { moneyAtRisk: true } },
    ])
  })

  it('the queue says so too', () => {
    const { after } = run({ ...inQueue, dialogue: { ...inQueue.dialogue, moneyAtRisk: true } }, 20)
    expect(after.transcript[0]?.text).toMatch(/^先别重刷/u)
    expect(run(inQueue, 20).after.transcript[0]?.text).not.toContain('先别重刷')
  })
})

describe('a late beat', () => {
  it('does everything that was due meanwhile, each once', () => {
    const { fired, conversation } = fireDeadlines(midFlow, content, at(START + 5_000 * MINUTE))
    // The day of grace begins when the merchant was really asked.
    expect(fired).toEqual(['merchant_silent'])
    expect(fireDeadlines(conversation, content, at(START + 5_000 * MINUTE)).fired).toEqual([])
  })
})

describe('a merchant who only says thanks', () => {
  it.each([
    ['谢谢', 'waiting', undefined],
    ['还是不行', 'claimed', 'agent_silent'],
  ])('“%s” leaves the ticket %s', (text, status, fired) => {
    const held = claim(inQueue, act(START + MINUTE), 1)
    const answered =
      reply(held, act(START + 2 * MINUTE), { text: '重启一下试试', key: 'k' }).conversation ?? held
    const now = START + 3 * MINUTE
    const input = { text, understanding: understand(content, text, now), hidden: false }
    const ids = { ticketId: caseId(2), ticketNumber: '261125-00002' }
    const { conversation } = takeTurn(answered, input, content, { now, ...ids })
    expect(conversation.tickets[0]?.status).toBe(status)
    const later = fireDeadlines(withDeadlines(conversation, content), content, at(now + 40 * MINUTE))
    expect(later.fired.find((kind) => kind === 'agent_silent')).toBe(fired)
  })
})

describe('where the channel counts messages', () => {
  const quota = (remaining: number) => [
    { grant: 'message' as const, until: START + 48 * 60 * MINUTE, remaining },
  ]

  it('nothing is volunteered once only the staff’s messages are left', () => {
    const spent = run({ ...midFlow, quota: quota(2) }, 1460)
    expect(spent.after.transcript).toEqual([])
    expect(spent.after.dialogue.stack).toEqual([])
    const late = run({ ...inQueue, quota: quota(2) }, 20)
    expect(late.after.transcript).toEqual([])
    expect(late.after.tickets[0]?.isLate).toBe(true)
    expect(run({ ...midFlow, quota: quota(3) }, 20).after.transcript).toHaveLength(1)
  })

  it('and who left is due to be erased, once no ticket is open', () => {
    const left = { ...midFlow, leftAt: START }
    expect(withDeadlines(left, content).deadlines).toEqual([{ kind: 'erase', at: START }])
    expect(fireDeadlines(withDeadlines(left, content), content, at(START + 1)).fired).toEqual([])
    expect(nextDeadline(withDeadlines({ ...inQueue, leftAt: START }, content))).toBe(START + 15 * MINUTE)
  })
})
