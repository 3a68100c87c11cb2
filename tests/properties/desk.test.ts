import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/core/conversation.ts'
import { claim, handBack, release, resolve, transfer } from '../../src/core/desk/change-hands.ts'
import { fireDeadlines, withDeadlines } from '../../src/core/desk/deadlines.ts'
import { reply } from '../../src/core/desk/reply.ts'
import { AppError } from '../../src/core/errors.ts'
import { agentId, ticketId } from '../../src/core/ids.ts'
import { takeTurn } from '../../src/core/turn.ts'
import { caseId, idOf, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { shippedContent } from '../fixtures/content.ts'
import { understand } from '../../src/core/nlu/understand.ts'

const RUNS = Number(process.env['POSDESK_DESK_RUNS'] ?? 10_000)
const content = shippedContent()
const agents = [1, 2].map((n) => ({ id: agentId(idOf('agent', n)), name: `客服${n}` }))
const START = Date.UTC(2026, 10, 25, 1, 0, 0)

/** What can happen next; agents act on what they saw `behind` events ago. */
const happening = fc.record({
  who: fc.constantFrom('merchant', 'timer', 'agent', 'agent', 'agent'),
  agent: fc.nat(1),
  act: fc.constantFrom('claim', 'claim', 'reply', 'reply', 'release', 'transfer', 'resolve', 'handback'),
  text: fc.constantFrom('人工', '刷卡提示卡片故障', '好了', '还有人吗', '5', '谢谢'),
  behind: fc.nat(3),
  minutes: fc.nat(40),
})

describe('bot, two agents, merchant and timers in any order', () => {
  it('never speak with two voices', () => {
    const understood = new Map(
      ['人工', '刷卡提示卡片故障', '好了', '还有人吗', '5', '谢谢'].map((text) => [
        text,
        understand(content, text, START),
      ]),
    )
    fc.assert(
      fc.property(fc.array(happening, { minLength: 4, maxLength: 25 }), (events) => {
        let talk: Conversation = { ...quietTalk(shop(1), talkId(1)), epoch: 1 }
        const seen: Conversation[] = [talk]
        let now = START
        let count = 0
        for (const event of events) {
          now += event.minutes * 60_000
          count += 1
          const before = talk
          const view = seen.at(-1 - event.behind) ?? talk
          const agent = agents[event.agent] ?? { id: agentId(idOf('agent', 9)), name: '' }
          if (event.who === 'merchant') {
            const understanding = understood.get(event.text)
            if (understanding === undefined) throw new Error('not understood beforehand')
            const context = { now, ticketId: ticketId(idOf('case', count)), ticketNumber: `n-${count}` }
            talk = takeTurn(
              talk,
              { text: event.text, understanding, hidden: false },
              content,
              context,
            ).conversation
            const news = talk.transcript.filter(({ seq }) => seq > before.lastSeq)
            if (before.holder === 'agent') expect(news.map(({ author }) => author)).toEqual(['merchant'])
          } else if (event.who === 'timer') {
            talk = fireDeadlines(talk, content, {
              now,
              ticketId: caseId(9),
              ticketNumber: '261125-00009',
            }).conversation
            const news = talk.transcript.filter(({ seq }) => seq > before.lastSeq)
            if (before.holder === 'agent') expect(news.every(({ author }) => author === 'system')).toBe(true)
          } else {
            talk = actOf(talk, view, event, agent, now, `k-${count}`)
          }
          talk = withDeadlines(talk, content)
          seen.push(talk)
          check(before, talk)
        }
      }),
      { numRuns: RUNS, seed: 20261126 },
    )
  })
})

function actOf(
  talk: Conversation,
  view: Conversation,
  event: { act: string; agent: number },
  agent: { id: ReturnType<typeof agentId>; name: string },
  now: number,
  key: string,
): Conversation {
  const ticket = view.tickets.at(-1)
  if (ticket === undefined) return talk
  const act = { ticketId: ticket.id, agent, now, content, nameOf: () => '别人' }
  const other = agents[1 - event.agent] ?? agent
  const held = talk.tickets.find(({ id }) => id === ticket.id)
  try {
    switch (event.act) {
      case 'claim': {
        const after = claim(talk, act, ticket.version)
        expect(held?.assignee).toBeUndefined()
        return after
      }
      case 'reply': {
        const { conversation } = reply(talk, act, { text: '您好', key, epoch: view.epoch })
        // It is spoken only by whoever holds the talk, under the epoch they saw.
        expect([held?.assignee, talk.holder, view.epoch]).toEqual([agent.id, 'agent', talk.epoch])
        return conversation ?? talk
      }
      case 'release':
        return release(talk, act, false)
      case 'transfer':
        return transfer(talk, act, other, false)
      case 'resolve':
        return resolve(talk, act, undefined)
      default:
        return handBack(talk, act)
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return talk
    throw error
  }
}

/** What must hold after every event. */
function check(before: Conversation, after: Conversation): void {
  const changedHands = before.holder !== after.holder || heldBy(before) !== heldBy(after)
  expect(after.epoch > before.epoch).toBe(changedHands)
  expect(after.holder === 'agent').toBe(heldBy(after) !== undefined)
  expect(after.transcript.map(({ seq }) => seq)).toEqual(after.transcript.map((_, at) => at + after.firstSeq))
  expect(after.tickets.filter(({ status }) => status !== 'resolved').length).toBeLessThanOrEqual(1)
}

function heldBy({ tickets }: Conversation): string | undefined {
  return tickets.find(({ status }) => status !== 'resolved')?.assignee
}
