import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/core/conversation.ts'
import type { SendOutcome } from '../../src/core/outbox.ts'
import { claimEntry, recordOutcome } from '../../src/core/outbox-lane.ts'
import { withOutbox } from '../../src/core/outbox.ts'
import { ConversationAnswer, MovedTicketAnswer, TicketAnswer } from '../../src/http/schema.ts'
import { caseId, caseOf, quietTalk, talkId } from '../contracts/shop-talk.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { afterLines, pushed } from '../fixtures/push-talk.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'

const noodles = pushed(1)
const ticketId = caseId(1)

let server: RunningServer
let clock: SteadyClock
let desks: { first: DeskClient; second: DeskClient; lead: DeskClient }

beforeEach(async () => {
  clock = new SteadyClock()
  server = await startServer({ clock })
  const desk = async (role: 'agent' | 'lead', name: string): Promise<DeskClient> =>
    DeskClient.loggedIn(server.url, await addStaff(server.store, role, { name }))
  desks = {
    first: await desk('agent', 'first'),
    second: await desk('agent', 'second'),
    lead: await desk('lead', 'lead'),
  }
  await server.store.turn(noodles, () => ({
    conversation: {
      ...afterLines(undefined, noodles, 1, ['merchant', 'bot', 'bot', 'bot'], clock.now()),
      holder: 'queue',
      epoch: 2,
      tickets: [caseOf(1)],
    },
    result: undefined,
  }))
})

afterEach(() => server.close())

/** What became of a line. */
async function become(seq: number, outcome: SendOutcome): Promise<void> {
  await server.store.turn(noodles, (current) => ({
    conversation: recordOutcome(claimEntry(stored(current), seq), seq, outcome, {
      now: clock.now(),
      random: 0,
    }),
    result: undefined,
  }))
}

function stored(current: Conversation | undefined): Conversation {
  if (current === undefined) throw new Error('the conversation is missing')
  return current
}

const readCase = async () => TicketAnswer.parse(await (await desks.lead.get(`/tickets/${ticketId}`)).json())
const readTalk = async () =>
  ConversationAnswer.parse(await (await desks.lead.get(`/conversations/${talkId(1)}`)).json())
const retry = (desk: DeskClient, seq: number | string, talk: string = talkId(1)) =>
  desk.post(`/conversations/${talk}/outbox/${seq}/retry`, {})
const claim = async () =>
  MovedTicketAnswer.parse(await (await desks.first.post(`/tickets/${ticketId}/claim`, { version: 1 })).json())

describe('what staff see of a line', () => {
  it('is whether it reached the merchant, on the ticket and in the conversation', async () => {
    await become(2, { kind: 'sent', providerMessageId: 'p-1' })
    await become(3, { kind: 'unknown', reason: 'no_answer' })
    const wanted = [
      undefined,
      { state: 'sent' },
      { state: 'unknown', reason: 'no_answer' },
      { state: 'queued' },
    ]
    expect((await readCase()).transcript.map(({ delivery }) => delivery)).toEqual(wanted)
    expect((await readTalk()).transcript.map(({ delivery }) => delivery)).toEqual(wanted)
  })

  it('follows a line into the merchant’s next conversation', async () => {
    await become(2, { kind: 'sent' })
    await become(3, { kind: 'parked', reason: 'quota' })
    await server.store.turn(noodles, (current) => {
      const before = stored(current)
      const fresh = quietTalk(noodles, talkId(2), before)
      const line = { seq: fresh.firstSeq, author: 'merchant' as const, text: '在吗', at: clock.now() }
      const next = { ...fresh, lastSeq: line.seq, transcript: [line] }
      return { conversation: withOutbox(before, next, clock.now()), result: undefined }
    })
    await become(3, { kind: 'failed', reason: 'unreachable' })
    expect((await readTalk()).transcript.map(({ delivery }) => delivery?.state)).toEqual([
      undefined,
      'sent',
      'failed',
      'queued',
    ])
    expect((await retry(desks.lead, 3)).status).toBe(200)
    expect((await readTalk()).transcript[2]?.delivery).toEqual({ state: 'queued' })
    expect((await retry(desks.lead, 2)).status).toBe(409)
  })
})

describe('sending a line once more', () => {
  it('is for its holder, a lead or an admin, and audited', async () => {
    await become(2, { kind: 'failed', reason: 'busy' })
    expect((await retry(desks.first, 2)).status).toBe(409)
    await claim()
    expect((await retry(desks.second, 2)).status).toBe(409)
    expect((await readTalk()).transcript[1]?.delivery?.state).toBe('failed')
    expect((await retry(desks.first, 2)).status).toBe(200)
    expect((await readTalk()).transcript[1]?.delivery).toEqual({ state: 'queued' })
    await become(2, { kind: 'unknown', reason: 'no_answer' })
    const answer = await retry(desks.lead, 2)
    expect(await answer.json()).toEqual({ seq: 2 })
    const audited = server.store.audit.filter(({ action }) => action === 'send_again')
    expect(audited).toHaveLength(2)
    expect(audited[0]).toMatchObject({ ticketId, detail: talkId(1) })
  })

  it('is refused for what arrived, is on its way, or never was', async () => {
    await become(2, { kind: 'sent' })
    expect((await retry(desks.lead, 2)).status).toBe(409)
    expect((await retry(desks.lead, 3)).status).toBe(409)
    for (const seq of [1, 99, 'x', '-1', '2e0']) expect((await retry(desks.lead, seq)).status).toBe(404)
    expect((await retry(desks.lead, 2, talkId(9))).status).toBe(404)
  })
})

describe('what operators see', () => {
  it('is how many lines have not arrived, and for how long the next is overdue', async () => {
    await become(2, { kind: 'sent', providerMessageId: 'p-1' })
    await become(3, { kind: 'unknown', reason: 'no_answer' })
    clock.advance(90_000)
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toContain('posdesk_outgoing_conversations 1\n')
    expect(metrics).toContain('posdesk_outgoing_overdue_seconds 90\n')
    expect(metrics).toContain('posdesk_unsent_lines 2\n')
  })
})
