import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/core/conversation.ts'
import { HistoryAnswer, TicketAnswer } from '../../src/http/schema.ts'
import { caseId, caseOf, quietTalk, shop, talkId, withMessage } from '../contracts/shop-talk.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'

const SN = 'N9880001234'
const PROBLEM = { intent: 'printer_problem', flow: 'printer_problem', at: 1_764_000_000_000 }

let server: RunningServer
let desk: DeskClient

beforeEach(async () => {
  server = await startServer()
  desk = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'agent'))
})

afterEach(async () => {
  await server.close()
})

async function next(n: number, talk: number, parts: Partial<Conversation> = {}): Promise<void> {
  await server.store.turn(shop(n), (current) => ({
    conversation: { ...withMessage(quietTalk(shop(n), talkId(talk), current), `m${talk}`), ...parts },
    result: 0,
  }))
}

const onTerminal = (n: number, sn = SN) => {
  const ticket = caseOf(n)
  return { ...ticket, card: { ...ticket.card, slots: { terminal_sn: sn } } }
}

async function history(talk: number, query = '') {
  return HistoryAnswer.parse(await (await desk.get(`/conversations/${talkId(talk)}/history${query}`)).json())
}

describe('the history of a merchant', () => {
  it('tells of every conversation how it ended, newest first', async () => {
    await next(1, 1, { solvedProblems: [PROBLEM], solved: 1, ratings: [{ score: 5, at: 1 }] })
    const resolved = caseOf(2, { status: 'resolved', fix: 'CF5', resolvedAt: 1_764_000_000_000 })
    const ratings = [{ score: 2, comment: '太慢', at: 2, ticketId: caseId(2) }]
    await next(1, 2, { tickets: [resolved], ratings })
    await next(1, 3, { tickets: [caseOf(3)] })
    await next(2, 9, { tickets: [caseOf(9)] })
    const { conversations, next: more } = await history(2)
    expect(conversations).toMatchObject([
      { id: talkId(3), tickets: [{ id: caseId(3), status: 'open' }], solved: [] },
      { id: talkId(2), tickets: [{ fix: 'CF5', rating: { score: 2, comment: '太慢' } }] },
      { id: talkId(1), tickets: [], solved: [{ flow: 'printer_problem' }], rating: { score: 5 } },
    ])
    expect(conversations[1]).not.toHaveProperty('rating')
    expect(more).toBeNull()
    const seen = TicketAnswer.parse(await (await desk.get(`/tickets/${caseId(2)}`)).json())
    expect(seen.ticket.rating).toMatchObject({ score: 2, comment: '太慢' })
  })

  it('comes in pages', async () => {
    for (let talk = 1; talk <= 23; talk += 1) await next(1, talk)
    const seen: string[] = []
    for (let query = ''; ;) {
      const page = await history(5, query)
      seen.push(...page.conversations.map(({ id }) => id))
      if (page.next === null) break
      query = `?after=${page.next}`
    }
    expect(seen).toEqual(Array.from({ length: 23 }, (_, n) => talkId(23 - n)))
  })

  it('names the tickets of other merchants about the same terminal', async () => {
    await next(1, 1, { tickets: [onTerminal(1)] })
    await next(2, 2, { tickets: [onTerminal(2)] })
    await next(3, 3, { tickets: [onTerminal(3, `${SN}5`)] })
    await next(4, 4, { tickets: [onTerminal(4)] })
    expect((await history(1)).sameTerminal.map(({ id }) => id)).toEqual([caseId(4), caseId(2)])
    expect((await history(3)).sameTerminal).toEqual([])
  })

  it('is audited at each look, and foreign cursors and absent conversations give nothing', async () => {
    await next(1, 1)
    await next(2, 2)
    await history(1)
    await history(1)
    expect(server.store.audit.map(({ action, detail }) => [action, detail])).toEqual([
      ['history', talkId(1)],
      ['history', talkId(1)],
    ])
    expect((await desk.get(`/conversations/${talkId(1)}/history?after=${talkId(2)}`)).status).toBe(400)
    expect((await desk.get(`/conversations/${'z'.repeat(26)}/history`)).status).toBe(404)
    expect((await desk.get(`/conversations/${talkId(1)}/history?before=1`)).status).toBe(400)
  })
})
