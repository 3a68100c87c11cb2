import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from '../../src/core/errors.ts'
import { caseId, caseOf, clerkId, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'

const HOSTILE = '=HYPERLINK("http://evil.test";"点我")'
const PHONE = '13812345678'
const Exported = z.object({
  tickets: z.array(
    z.object({ number: z.string(), card: z.object({ slots: z.record(z.string(), z.unknown()) }) }),
  ),
})

let server: RunningServer
let lead: DeskClient
let agent: DeskClient

beforeEach(async () => {
  server = await startServer({ clock: new SteadyClock() })
  lead = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'lead'))
  agent = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'agent'))
})

afterEach(async () => {
  await server.close()
})

async function open(n: number, parts: Parameters<typeof caseOf>[1] = {}): Promise<void> {
  const base = caseOf(n, parts)
  const slots = { ...base.card.slots, contact_phone: PHONE, terminal_id: '00123456' }
  const ticket = { ...base, card: { ...base.card, slots } }
  const lines = [
    { seq: 1, author: 'merchant', text: '<script>alert(1)</script>', at: 1_764_000_000_000 },
    { seq: 2, author: 'agent', name: '林小雨', text: '您好，我来处理', at: 1_764_000_060_000 },
  ] as const
  await server.store.turn(shop(n), () => ({
    conversation: { ...quietTalk(shop(n), talkId(n)), transcript: lines, lastSeq: 2, tickets: [ticket] },
    result: undefined,
  }))
}

/** Rows of a quoted CSV. */
function rowsOf(csv: string): string[][] {
  return csv
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"/gu)].map(([, cell = '']) => cell.replaceAll('""', '"')),
    )
}

const actions = (): unknown[] =>
  server.store.audit
    .filter(({ action }) => action.startsWith('export'))
    .map(({ action, detail, ticketId }) => [action, detail ?? ticketId])

describe('the exported list', () => {
  it('is a table in Chinese that spreadsheets read, compute nothing of, and that shows no phone number', async () => {
    await open(1, { additions: [HOSTILE], fix: 'CF5', status: 'resolved' })
    const answer = await lead.get('/tickets.csv')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="tickets-2026-11-25.csv"')
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const [head = [], row = []] = rowsOf(bytes.subarray(3).toString('utf8'))
    const cell = (name: string): string | undefined => row[head.indexOf(name)]
    expect(cell('工单号')).toBe('261125-00001')
    expect(cell('状态')).toBe('已解决')
    expect(cell('创建时间')).toBe('2026-11-25 09:00')
    expect(cell('终端号')).toBe("'00123456")
    expect(cell('后来补充')).toBe(`'${HOSTILE}`)
    expect(bytes.toString('utf8')).not.toContain(PHONE)
    expect(bytes.toString('utf8')).toContain('138****5678')
  })

  it('holds every ticket of the filters, over many pages, and says in the audit trail how many', async () => {
    for (let n = 1; n <= 230; n += 1) await open(n, { priority: n % 2 === 0 ? 'P2' : 'P3' })
    const numbers = async (query: string): Promise<string[]> =>
      Exported.parse(await (await lead.get(`/tickets.json${query}`)).json()).tickets.map(
        ({ number }) => number,
      )
    expect(new Set(await numbers(''))).toHaveProperty('size', 230)
    expect(await numbers('?priority=P2')).toHaveLength(115)
    expect(await numbers('?q=00230')).toEqual(['261125-00230'])
    expect(await numbers('?status=claimed')).toEqual([])
    expect(actions()).toEqual([
      ['export', 'json'],
      ['export.done', 'json 230'],
      ['export', 'json'],
      ['export.done', 'json 115'],
      ['export', 'json'],
      ['export.done', 'json 1'],
      ['export', 'json'],
      ['export.done', 'json 0'],
    ])
  })

  it('says in the audit trail what somebody took who left early', async () => {
    for (let n = 1; n <= 120; n += 1) await open(n, { additions: ['很长'.repeat(20_000)] })
    const stop = new AbortController()
    const answer = await fetch(`${server.url}/desk/v1/tickets.csv`, {
      headers: lead.headers,
      signal: stop.signal,
    })
    await answer.body?.getReader().read()
    stop.abort()
    await expect.poll(() => actions().at(-1)).toEqual(['export.cut', 'csv 100'])
  })

  it('is for lead and admin, and takes no filter that is none', async () => {
    expect((await agent.get('/tickets.csv')).status).toBe(403)
    expect((await agent.get('/tickets.json')).status).toBe(403)
    expect((await lead.get('/tickets.csv?priority=P9')).status).toBe(400)
    expect((await lead.get('/tickets.csv?after=x')).status).toBe(400)
    expect(actions()).toEqual([])
  })

  it('gives nothing when the audit trail cannot be written', async () => {
    await open(1)
    server.store.appendAudit = () => Promise.reject(new AppError('unavailable', 'disk full'))
    const answer = await lead.get('/tickets.csv')
    expect(answer.status).toBe(503)
    expect(await answer.text()).not.toContain('261125')
  })
})

describe('one exported ticket', () => {
  it('is a page in which nothing runs, with card and transcript but without notes and phone number', async () => {
    await open(1, {
      notes: [{ seq: 1, agentId: clerkId(1), name: '林小雨', text: '内部备注', at: 1 }],
    })
    const answer = await agent.get(`/tickets/${caseId(1)}/export`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="ticket-261125-00001.html"')
    expect(answer.headers.get('content-security-policy')).toContain("sandbox; default-src 'none'")
    const page = await answer.text()
    for (const part of ['261125-00001', '那张能读吗？ → 否', '138****5678', '您好，我来处理', '客服 林小雨'])
      expect(page).toContain(part)
    for (const part of ['<script', PHONE, '内部备注']) expect(page).not.toContain(part)
    expect(actions()).toEqual([['export', caseId(1)]])
    expect((await agent.get(`/tickets/${'z'.repeat(26)}/export`)).status).toBe(404)
  })
})
