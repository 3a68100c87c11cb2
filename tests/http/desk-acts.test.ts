import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { MovedTicketAnswer, TicketAnswer, TicketsAnswer } from '../../src/http/schema.ts'
import { caseId, caseOf, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'

const Refusal = z.object({ status: z.number(), code: z.string(), detail: z.string() })
const Seq = z.object({ seq: z.number() })
const Agents = z.object({ agents: z.array(z.object({ id: z.string(), name: z.string() })) })

let server: RunningServer
let clock: SteadyClock
let desks: { first: DeskClient; second: DeskClient; lead: DeskClient; admin: DeskClient }
const id = caseId(1)

beforeEach(async () => {
  clock = new SteadyClock()
  server = await startServer({ clock })
  const desk = async (role: 'agent' | 'lead' | 'admin', name: string): Promise<DeskClient> =>
    DeskClient.loggedIn(server.url, await addStaff(server.store, role, { name }))
  desks = {
    first: await desk('agent', 'first'),
    second: await desk('agent', 'second'),
    lead: await desk('lead', 'lead'),
    admin: await desk('admin', 'admin'),
  }
  await server.store.turn(shop(1), () => ({
    conversation: { ...quietTalk(shop(1), talkId(1)), holder: 'queue', epoch: 2, tickets: [caseOf(1)] },
    result: undefined,
  }))
})

afterEach(async () => {
  await server.close()
})

const moved = async (answer: Response) => MovedTicketAnswer.parse(await answer.json()).ticket
const refused = async (answer: Response) => Refusal.parse(await answer.json())
const read = async () => TicketAnswer.parse(await (await desks.lead.get(`/tickets/${id}`)).json())
const claimed = async () => moved(await desks.first.post(`/tickets/${id}/claim`, { version: 1 }))
const idOf = async (name: string): Promise<string> => {
  const { agents } = Agents.parse(await (await desks.first.get('/agents')).json())
  return agents.find((agent) => agent.name === name)?.id ?? ''
}

describe('claiming', () => {
  it('is won by one of a hundred at once, and tells the others', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        (n % 2 ? desks.first : desks.second).post(`/tickets/${id}/claim`, { version: 1 }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const others = answers.filter(({ status }) => status !== 200)
    for (const refusal of await Promise.all(others.map(refused))) {
      expect(refusal).toMatchObject({ status: 409, code: 'conflict' })
      expect(refusal.detail).toMatch(/^(first|second) was faster/u)
    }
    expect(server.store.audit.filter(({ action }) => action === 'claim')).toHaveLength(1)
  })

  it('takes the conversation from the bot and tells the merchant who is there', async () => {
    expect(await claimed()).toMatchObject({
      status: 'claimed',
      assignee: await idOf('first'),
      assigneeName: 'first',
      epoch: 3,
      version: 2,
    })
    const talk = await server.store.findCurrent(shop(1))
    expect(talk).toMatchObject({ holder: 'agent', dialogue: { stack: [], prompt: null } })
    expect(talk?.transcript.at(-1)).toMatchObject({ author: 'system', text: '客服first已接入，为您服务。' })
  })

  it('needs the version that was read, also of the holder, and works again after a release', async () => {
    await claimed()
    expect((await desks.first.post(`/tickets/${id}/claim`, { version: 1 })).status).toBe(409)
    expect((await desks.first.post(`/tickets/${id}/claim`, { version: 2 })).status).toBe(409)
    const { version } = await moved(await desks.first.post(`/tickets/${id}/release`, {}))
    expect((await desks.second.post(`/tickets/${id}/claim`, { version: 1 })).status).toBe(409)
    expect((await desks.second.post(`/tickets/${id}/claim`, { version })).status).toBe(200)
  })
})

describe('answering', () => {
  it('reaches the merchant under the agent’s name, once for each key', async () => {
    const { epoch } = await claimed()
    const said = { clientMsgId: 'a-1', text: '您好，我来处理', epoch }
    const first = Seq.parse(await (await desks.first.post(`/tickets/${id}/reply`, said)).json())
    const copy = Seq.parse(await (await desks.first.post(`/tickets/${id}/reply`, said)).json())
    expect(copy).toEqual(first)
    const { ticket, transcript } = await read()
    expect(transcript.filter(({ author }) => author === 'agent')).toEqual([
      { seq: first.seq, author: 'agent', name: 'first', text: '您好，我来处理', at: expect.any(String) },
    ])
    expect(ticket).toMatchObject({ status: 'waiting', answeredAt: expect.any(String) })
  })

  it('is refused to everybody else, and under an old epoch', async () => {
    const said = { clientMsgId: 'a-1', text: '您好' }
    for (const desk of [desks.first, desks.second, desks.lead]) {
      expect((await desk.post(`/tickets/${id}/reply`, said)).status).toBe(409)
    }
    const { epoch } = await claimed()
    expect((await desks.lead.post(`/tickets/${id}/reply`, said)).status).toBe(409)
    expect((await desks.second.post(`/tickets/${id}/notes`, { text: '记一下' })).status).toBe(409)
    const old = await desks.first.post(`/tickets/${id}/reply`, { ...said, epoch: epoch - 1 })
    expect(await refused(old)).toMatchObject({ code: 'conflict', detail: /changed hands/ })
  })

  it('hides card numbers, and refuses what nobody can read', async () => {
    await claimed()
    await desks.first.post(`/tickets/${id}/reply`, { clientMsgId: 'a', text: '卡号4111111111111111对吗' })
    expect(JSON.stringify(await read())).not.toContain('4111111111111111')
    for (const text of ['', ' ', 'a\u0000b', '字'.repeat(4_001)]) {
      expect((await desks.first.post(`/tickets/${id}/reply`, { clientMsgId: 'b', text })).status).toBe(400)
    }
  })

  it('keeps notes away from the merchant', async () => {
    await claimed()
    expect(
      Seq.parse(await (await desks.first.post(`/tickets/${id}/notes`, { text: '像是读卡头坏了' })).json()),
    ).toEqual({ seq: 1 })
    expect((await read()).notes).toMatchObject([{ seq: 1, name: 'first', text: '像是读卡头坏了' }])
    const lines = await server.store.readLines(shop(1), 0, 100)
    expect(JSON.stringify(lines)).not.toContain('读卡头')
  })
})

describe('a note', () => {
  it('is written once for each key, also when the copy comes after the ticket has gone', async () => {
    await claimed()
    const note = { text: '像是读卡头坏了', clientMsgId: 'n-1' }
    const seqOf = async (desk: DeskClient, body: object) =>
      Seq.parse(await (await desk.post(`/tickets/${id}/notes`, body)).json()).seq
    const both = await Promise.all([seqOf(desks.first, note), seqOf(desks.first, note)])
    expect(both).toEqual([1, 1])
    expect(await seqOf(desks.first, { text: '像是读卡头坏了' })).toBe(2)
    await desks.first.post(`/tickets/${id}/transfer`, { agentId: await idOf('second') })
    expect(await seqOf(desks.first, note)).toBe(1)
    // The same key of somebody else is another note.
    expect(await seqOf(desks.second, note)).toBe(3)
    expect((await read()).notes.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(server.store.audit.filter(({ action }) => action === 'note')).toHaveLength(3)
    expect(JSON.stringify(await read())).not.toContain('n-1')
  })
})

describe('passing on', () => {
  it('gives the ticket to another, who answers from then on', async () => {
    await claimed()
    const second = await idOf('second')
    const after = await moved(await desks.first.post(`/tickets/${id}/transfer`, { agentId: second }))
    expect(after).toMatchObject({ assignee: second, epoch: 4 })
    const said = { clientMsgId: 'a-2', text: '我来' }
    expect((await desks.first.post(`/tickets/${id}/reply`, said)).status).toBe(409)
    expect((await desks.second.post(`/tickets/${id}/reply`, said)).status).toBe(200)
  })

  it('is a lead’s right for any ticket, an agent’s only for their own', async () => {
    await claimed()
    const second = await idOf('second')
    expect((await desks.second.post(`/tickets/${id}/release`, {})).status).toBe(409)
    expect((await desks.second.post(`/tickets/${id}/transfer`, { agentId: second })).status).toBe(409)
    expect((await desks.lead.post(`/tickets/${id}/transfer`, { agentId: second })).status).toBe(200)
    expect((await desks.lead.post(`/tickets/${id}/release`, {})).status).toBe(200)
    expect((await desks.lead.post(`/tickets/${id}/release`, {})).status).toBe(409)
    expect((await desks.lead.post(`/tickets/${id}/transfer`, { agentId: 'nobody' })).status).toBe(400)
  })
})

describe('closing', () => {
  it('tells the merchant, asks for a rating, and gives the talk to the bot', async () => {
    await claimed()
    const done = await desks.first.post(`/tickets/${id}/resolve`, { fix: '换了读卡头', note: '保修期内' })
    expect(await moved(done)).toMatchObject({ status: 'resolved', fix: '换了读卡头', epoch: 4 })
    const talk = await server.store.findCurrent(shop(1))
    expect(talk).toMatchObject({ holder: 'bot', dialogue: { prompt: { kind: 'rating', scored: false } } })
    expect(talk?.transcript.slice(-2)).toMatchObject([
      { author: 'system', text: expect.stringContaining('已处理完') },
      { author: 'bot', choices: [1, 2, 3, 4, 5].map((score) => ({ id: String(score) })) },
    ])
    expect(talk?.tickets[0]?.notes).toMatchObject([{ text: '保修期内' }])
    for (const act of ['resolve', 'handback', 'release']) {
      expect((await desks.first.post(`/tickets/${id}/${act}`, {})).status).toBe(409)
    }
  })

  it('without a fix hands back to the bot, and the old holder is silent', async () => {
    await claimed()
    expect(await moved(await desks.first.post(`/tickets/${id}/handback`, {}))).toMatchObject({
      status: 'resolved',
    })
    const late = await desks.first.post(`/tickets/${id}/reply`, { clientMsgId: 'z', text: '还在吗' })
    expect(late.status).toBe(409)
    expect((await server.store.findCurrent(shop(1)))?.holder).toBe('bot')
  })
})

describe('the list', () => {
  it('shows what nobody has taken, and what is not resolved', async () => {
    const numbers = async (query: string) =>
      TicketsAnswer.parse(await (await desks.first.get(`/tickets?${query}`)).json()).tickets.length
    expect([await numbers('assignee=none'), await numbers('status=unresolved')]).toEqual([1, 1])
    await claimed()
    expect([await numbers('assignee=none'), await numbers('assignee=me')]).toEqual([0, 1])
    await desks.first.post(`/tickets/${id}/resolve`, {})
    expect([await numbers('status=unresolved'), await numbers('status=resolved')]).toEqual([0, 1])
  })
})

describe('an absent ticket', () => {
  it('is not found, whatever is asked of it', async () => {
    const absent = 'z'.repeat(26)
    const bodies = {
      claim: { version: 1 },
      transfer: { agentId: 'x' },
      reply: { clientMsgId: 'a', text: '好' },
    }
    for (const [act, body] of Object.entries({ ...bodies, release: {}, resolve: {}, handback: {} })) {
      expect([act, (await desks.first.post(`/tickets/${absent}/${act}`, body)).status]).toEqual([act, 404])
    }
  })
})

describe('the audit trail', () => {
  it('has every look and change, for lead and admin only', async () => {
    await read()
    await claimed()
    await desks.first.post(`/tickets/${id}/reply`, { clientMsgId: 'a', text: '您好' })
    expect(server.store.audit.map(({ action }) => action)).toEqual(['look', 'claim', 'reply'])
    expect((await desks.first.get('/audit')).status).toBe(403)
    const page = z
      .object({ entries: z.array(z.object({ action: z.string(), name: z.string() })) })
      .parse(await (await desks.lead.get('/audit')).json())
    expect(page.entries[0]).toEqual({ action: 'reply', name: 'first' })
  })
})
