import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ABSOLUTE_LIMIT_MS, IDLE_LIMIT_MS } from '../../src/app/staff-sessions.ts'
import { ConversationAnswer, TicketAnswer, TicketsAnswer } from '../../src/http/schema.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, PASSWORD, startServer, type RunningServer } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'
import { postJson, WidgetClient } from '../fixtures/widget-client.ts'

let clock: SteadyClock
let server: RunningServer
let email: string

beforeEach(async () => {
  clock = new SteadyClock()
  server = await startServer({ clock })
  email = await addStaff(server.store, 'agent')
})

afterEach(async () => {
  await server.close()
})

describe('logging in', () => {
  it('gives who it is, a token for changes, and a cookie scripts cannot read', async () => {
    const client = new DeskClient(server.url)
    const answer = await client.logIn(email)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      agent: { id: expect.stringMatching(/^[a-z0-9]{26}$/), name: 'agent', role: 'agent' },
      csrfToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const [session, device] = answer.headers.getSetCookie()
    expect(session).toMatch(/^posdesk=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(device).toMatch(/^posdesk-device=[^;]+; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Strict$/)
    expect((await client.get('/me')).status).toBe(200)
  })

  it('uses a cookie of secure origins only behind https', async () => {
    const secure = await startServer({ settings: { publicUrl: 'https://help.example' } })
    const answer = await new DeskClient(secure.url).logIn(await addStaff(secure.store, 'admin'))
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-posdesk=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    )
    await secure.close()
  })

  it('keeps only a hash of the cookie', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    const cookie = client.cookies.get('posdesk')
    expect(server.store.sessionHashes).toHaveLength(1)
    expect(server.store.sessionHashes[0]).not.toBe(cookie)
  })

  it('takes the e-mail in any spelling', async () => {
    expect((await new DeskClient(server.url).logIn(` ${email.toUpperCase()} `)).status).toBe(200)
  })

  it('answers alike for unknown, wrong and disabled', async () => {
    const gone = await addStaff(server.store, 'lead', { name: 'gone', disabled: true })
    const tries: [string, string][] = [
      [email, 'wrong-password'],
      ['nobody@posdesk.test', PASSWORD],
      [gone, PASSWORD],
      [gone, 'wrong-password'],
    ]
    const answers = []
    for (const [who, password] of tries) {
      const answer = await new DeskClient(server.url).logIn(who, password)
      const problem = { ...(await answer.json()), requestId: 'any' }
      answers.push({ status: answer.status, cookies: answer.headers.getSetCookie(), problem })
    }
    expect(answers[0]).toMatchObject({ status: 401, cookies: [], problem: { code: 'unauthorized' } })
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('is under a new id every time, and ends the old session of that browser', async () => {
    const client = new DeskClient(server.url)
    client.cookies.set('posdesk', 'f'.repeat(64))
    await client.logIn(email)
    const first = new Map(client.cookies)
    expect(first.get('posdesk')).not.toBe('f'.repeat(64))
    await client.logIn(email)
    const old = new DeskClient(server.url)
    for (const [name, value] of first) old.cookies.set(name, value)
    expect((await old.get('/me')).status).toBe(401)
    expect((await client.get('/me')).status).toBe(200)
    expect(server.store.sessionHashes).toHaveLength(1)
  })

  it('from a page of another site is refused', async () => {
    const client = new DeskClient(server.url)
    expect((await client.logIn(email, PASSWORD, { Origin: 'https://evil.example' })).status).toBe(403)
    expect((await client.logIn(email, PASSWORD, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    const form = await fetch(`${server.url}/desk/v1/login`, {
      method: 'POST',
      body: new URLSearchParams({ email, password: PASSWORD }),
    })
    expect(form.status).toBe(415)
  })
})

describe('a session', () => {
  it('ends at log-out', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    const stolen = new Map(client.cookies)
    expect((await client.post('/logout', {})).status).toBe(200)
    expect(client.cookies.has('posdesk')).toBe(false)
    for (const [name, value] of stolen) client.cookies.set(name, value)
    expect((await client.get('/me')).status).toBe(401)
  })

  it('ends when nobody used it for 15 minutes, and lives on while somebody does', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    for (let used = 0; used < 4; used += 1) {
      clock.advance(IDLE_LIMIT_MS - 60_000)
      expect((await client.get('/me')).status).toBe(200)
    }
    clock.advance(IDLE_LIMIT_MS)
    expect((await client.get('/me')).status).toBe(401)
    expect(server.store.sessionHashes).toEqual([])
  })

  it('ends after 12 hours whatever happens', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    for (let passed = 0; passed + 600_000 < ABSOLUTE_LIMIT_MS; passed += 600_000) {
      clock.advance(600_000)
      expect((await client.get('/me')).status).toBe(200)
    }
    clock.advance(600_000)
    expect((await client.get('/me')).status).toBe(401)
  })

  it('ends at once when its owner is disabled', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    const [member] = await server.store.listStaff()
    if (!member) throw new Error('the member of staff is missing')
    await server.store.saveStaff({ ...member, disabled: true })
    expect((await client.get('/me')).status).toBe(401)
  })

  it('writes down that it was used at most once a minute', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    const before = server.store.writes
    for (let used = 0; used < 20; used += 1) await client.get('/me')
    expect(server.store.writes).toBe(before)
    clock.advance(60_000)
    for (let used = 0; used < 20; used += 1) await client.get('/me')
    expect(server.store.writes).toBe(before + 1)
  })
})

describe('a changing call', () => {
  it('needs the token of its own session', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    const other = await DeskClient.loggedIn(server.url, email)
    for (const token of ['', 'x', other.csrfToken, `${client.csrfToken}0`]) {
      const answer = await client.post('/logout', {}, { 'X-CSRF-Token': token })
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ code: 'forbidden' })
    }
    expect((await client.get('/me')).status).toBe(200)
  })

  it('is refused from a foreign page even with the token, and before its body is looked at', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    const foreign = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ]
    for (const headers of foreign) {
      expect((await client.post('/logout', { junk: 1 }, headers)).status).toBe(403)
    }
    expect((await client.post('/logout', { junk: 1 })).status).toBe(400)
    expect((await client.post('/logout', {}, { Origin: server.url })).status).toBe(200)
  })

  it('is refused for want of a log-in before anything else', async () => {
    const answer = await postJson(
      `${server.url}/desk/v1/logout`,
      { junk: 1 },
      { Origin: 'https://evil.example' },
    )
    expect(answer.status).toBe(401)
  })
})

describe('reading', () => {
  async function handedOver(text = '人工'): Promise<WidgetClient> {
    const merchant = await WidgetClient.open(server.url)
    await merchant.say('m-1', text)
    return merchant
  }

  it('lists tickets in the shape of the contract, page by page', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    for (let n = 0; n < 3; n += 1) {
      await handedOver()
      clock.advance(1000)
    }
    const first = TicketsAnswer.parse(await (await client.get('/tickets?limit=2')).json())
    expect(first.tickets).toHaveLength(2)
    expect(first.tickets[0]).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{26}$/),
      number: expect.stringMatching(/^261125-\d{5}$/),
      epoch: 1,
      status: 'open',
      priority: 'P2',
      reason: 'asked_for_human',
      intent: 'card_fault',
      flow: 'card_fault',
      lastStep: 'CF1',
      channel: 'web',
      conversationId: expect.stringMatching(/^[a-z0-9]{26}$/),
      createdAt: '2026-11-25T01:00:00.000Z',
      dueAt: '2026-11-25T02:00:00.000Z',
      version: 1,
    })
    const second = TicketsAnswer.parse(
      await (await client.get(`/tickets?limit=2&after=${first.next}`)).json(),
    )
    expect(second.tickets).toHaveLength(1)
    expect(second.next).toBeNull()
    const ids = [...first.tickets, ...second.tickets].map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
  })

  it('filters, and refuses what is no filter', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    await handedOver()
    for (const [query, count] of [
      ['?status=open&priority=P2', 1],
      ['?status=resolved', 0],
      ['?priority=P1', 0],
      ['?assignee=me', 0],
      ['?q=card_fault', 1],
      ['?q=nothing', 0],
    ] as const) {
      const page = TicketsAnswer.parse(await (await client.get(`/tickets${query}`)).json())
      expect([query, page.tickets.length]).toEqual([query, count])
    }
    for (const query of ['?status=lost', '?priority=P9', '?assignee=x', '?foo=1', '?q=', '?limit=-1']) {
      expect([query, (await client.get(`/tickets${query}`)).status]).toEqual([query, 400])
    }
  })

  it('shows a ticket with its card and transcript; the phone in full on the card only', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    await handedOver()
    const [ticket] = TicketsAnswer.parse(await (await client.get('/tickets')).json()).tickets
    const shown = TicketAnswer.strict().parse(await (await client.get(`/tickets/${ticket?.id}`)).json())
    expect(shown.ticket).toEqual(ticket)
    expect(shown.card.slots).toEqual({ contact_phone: '13800138000' })
    expect(shown.transcript.map(({ author }) => author)).toEqual(['bot', 'merchant', 'bot'])
  })

  it('shows a conversation with the phone masked', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    const merchant = await handedOver()
    const [ticket] = TicketsAnswer.parse(await (await client.get('/tickets')).json()).tickets
    const text = await (await client.get(`/conversations/${ticket?.conversationId}`)).text()
    const shown = ConversationAnswer.strict().parse(JSON.parse(text))
    expect(shown.conversation).toEqual({
      id: merchant.session.conversationId,
      channel: 'web',
      holder: 'queue',
      flow: null,
      step: null,
      slots: { contact_phone: '138****8000', amount: 46 },
      triedSteps: ['card_fault/CF1'],
      ticketId: ticket?.id,
    })
    expect(shown.transcript).toEqual((await merchant.read()).messages)
    expect(text).not.toContain('13800138000')
  })

  it('tells absent, malformed and foreign ids apart in nothing', async () => {
    const client = await DeskClient.loggedIn(server.url, email)
    const merchant = await handedOver()
    const known = merchant.session.conversationId
    for (const door of ['tickets', 'conversations']) {
      const answers = []
      for (const id of [
        'a'.repeat(26),
        'x',
        '..%2f..%2fetc',
        '%00',
        '__proto__',
        `${known}0`,
        known.toUpperCase(),
      ]) {
        const answer = await client.get(`/${door}/${id}`)
        const problem = { ...(await answer.json()), requestId: 'any' }
        answers.push({ status: answer.status, problem })
      }
      expect(answers[0]).toMatchObject({ status: 404, problem: { code: 'not_found' } })
      for (const answer of answers) expect(answer).toEqual(answers[0])
    }
    expect((await client.get(`/tickets/${known}`)).status).toBe(404)
  })
})
