import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ProblemAnswerBody } from '../../src/http/schema.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'

/** Who may call what. A route that is not listed here, or listed and gone, fails the suite. */
const EXPECTED: Readonly<
  Record<string, 'public' | 'session' | 'signed' | 'operations' | 'staff' | 'lead' | 'admin'>
> = {
  'post /widget/v1/session': 'public',
  'post /widget/v1/messages': 'session',
  'get /widget/v1/messages': 'session',
  'get /widget/v1/stream': 'session',
  'post /widget/v1/rating': 'session',
  'post /widget/v1/typing': 'session',
  'post /widget/v1/read': 'session',
  'post /widget/v1/attachments': 'session',
  'get /widget/v1/attachments/:id': 'session',
  'post /desk/v1/tickets/:id/attachments': 'staff',
  'get /desk/v1/attachments/:id': 'staff',
  'post /desk/v1/tickets/:id/attachments/:attachmentId/remove': 'staff',
  'post /desk/v1/login': 'public',
  'post /desk/v1/logout': 'staff',
  'get /desk/v1/me': 'staff',
  'get /desk/v1/tickets': 'staff',
  'get /desk/v1/tickets/:id': 'staff',
  'get /desk/v1/conversations/:id': 'staff',
  'get /desk/v1/conversations/:id/history': 'staff',
  'get /desk/v1/tickets.csv': 'lead',
  'get /desk/v1/tickets.json': 'lead',
  'get /desk/v1/tickets/:id/export': 'staff',
  'get /desk/v1/views': 'staff',
  'post /desk/v1/views': 'staff',
  'post /desk/v1/views/remove': 'staff',
  'post /desk/v1/tickets/:id/claim': 'staff',
  'post /desk/v1/tickets/:id/release': 'staff',
  'post /desk/v1/tickets/:id/transfer': 'staff',
  'post /desk/v1/tickets/:id/reply': 'staff',
  'post /desk/v1/tickets/:id/notes': 'staff',
  'post /desk/v1/tickets/:id/resolve': 'staff',
  'post /desk/v1/tickets/:id/handback': 'staff',
  'post /desk/v1/tickets/:id/presence': 'staff',
  'post /desk/v1/conversations/:id/outbox/:seq/retry': 'staff',
  'get /desk/v1/agents': 'staff',
  'post /desk/v1/agents': 'admin',
  'patch /desk/v1/agents/:id': 'admin',
  'get /desk/v1/stats': 'staff',
  'get /desk/v1/vocabulary': 'staff',
  'get /desk/v1/canned-replies': 'staff',
  'get /desk/v1/audit': 'lead',
  'get /desk/v1/events': 'staff',
  'post /channels/slack/events': 'signed',
  'post /channels/slack/actions': 'signed',
  'get /channels/wechat': 'signed',
  'post /channels/wechat': 'signed',
  'get /livez': 'public',
  'get /readyz': 'public',
  'get /metrics': 'operations',
  'get /openapi.json': 'operations',
}

/** Sets of roles by a name of their own. */
const EVERYBODY = new Map([
  ['agent,lead,admin', 'staff'],
  ['lead,admin', 'lead'],
  ['admin', 'admin'],
])
const ROLES_OF: Readonly<Record<string, readonly string[]>> = { lead: ['lead', 'admin'], admin: ['admin'] }

type Caller = { readonly name: string; readonly headers: Record<string, string>; readonly kind: string }

let server: RunningServer
let callers: Caller[]

beforeAll(async () => {
  const clock = new SteadyClock()
  const settings = { opsToken: 'operator-token-0001' }
  server = await startServer({ clock, settings, slackApi: 'http://127.0.0.1:9' })
  const expired = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'agent'))
  const desks = { expired: withToken(expired) }
  clock.advance(24 * 3_600_000)
  const [widgetA, widgetB] = [await WidgetClient.open(server.url), await WidgetClient.open(server.url)]
  await widgetB.say('m-1', '人工')
  const disabled = await DeskClient.loggedIn(
    server.url,
    await addStaff(server.store, 'lead', { name: 'gone' }),
  )
  const lead = (await server.store.listStaff()).find(({ name }) => name === 'gone')
  if (!lead) throw new Error('the lead is missing')
  await server.store.saveStaff({ ...lead, disabled: true })
  const staff = async (role: 'agent' | 'lead' | 'admin'): Promise<Record<string, string>> => {
    const email = role === 'agent' ? 'agent@posdesk.test' : await addStaff(server.store, role)
    return withToken(await DeskClient.loggedIn(server.url, email))
  }
  callers = [
    // The forwarded header makes even a loopback caller an outsider for the operator's routes.
    { name: 'anonymous', kind: 'nobody', headers: {} },
    { name: 'widget A', kind: 'session', headers: widgetA.authorization },
    { name: 'widget B', kind: 'session', headers: widgetB.authorization },
    { name: 'expired agent', kind: 'nobody', headers: desks.expired },
    { name: 'disabled lead', kind: 'nobody', headers: withToken(disabled) },
    { name: 'agent', kind: 'staff', headers: await staff('agent') },
    { name: 'lead', kind: 'staff', headers: await staff('lead') },
    { name: 'admin', kind: 'staff', headers: await staff('admin') },
    { name: 'operator', kind: 'operations', headers: { Authorization: 'Bearer operator-token-0001' } },
    { name: 'wrong operator', kind: 'nobody', headers: { Authorization: 'Bearer operator-token-0002' } },
  ]
})

afterAll(async () => {
  await server.close()
})

function withToken(client: DeskClient): Record<string, string> {
  return { ...client.headers, 'X-CSRF-Token': client.csrfToken }
}

async function call(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const stop = new AbortController()
  const isPost = method === 'post' || method === 'patch'
  const answer = await fetch(server.url + path.replace(/:(?:id|attachmentId)/g, 'a'.repeat(26)), {
    // A browser sends lower-case "patch" as it is.
    method: method.toUpperCase(),
    signal: stop.signal,
    headers: {
      'X-Forwarded-For': '203.0.113.9',
      ...headers,
      ...(isPost && { 'Content-Type': 'application/json' }),
    },
    ...(isPost && { body: '{"junk":true}' }),
  })
  if (answer.status >= 400) ProblemAnswerBody.parse(await answer.json())
  stop.abort()
  return answer.status
}

describe('the route table', () => {
  it('is exactly what is expected, and express serves nothing else', () => {
    const served = server.server.routes.map(({ method, path, policy }) => {
      const kind = typeof policy === 'string' ? policy : (EVERYBODY.get(policy.join()) ?? policy.join())
      return [`${method} ${path}`, kind]
    })
    expect(Object.fromEntries(served)).toEqual(EXPECTED)
  })

  it('lets in whom the policy names and refuses everybody else', async () => {
    const surprises: string[] = []
    for (const [route, policy] of Object.entries(EXPECTED)) {
      const [method = '', path = ''] = route.split(' ')
      for (const { name, kind, headers } of callers) {
        const status = await call(method, path, headers)
        const mayCall =
          policy === 'public' || policy === kind || (kind === 'staff' && ROLES_OF[policy]?.includes(name))
        const isKnown = kind === 'staff' && ROLES_OF[policy] !== undefined
        const refusal = isKnown || route.endsWith('/channels/wechat') ? 403 : 401
        // Whoever may call gets past the door: to the refusal of the junk body, to a missing object, or to the answer.
        const isFine = mayCall ? [200, 400, 404, 415].includes(status) : status === refusal
        if (!isFine) surprises.push(`${name} ${route}: ${status}`)
      }
    }
    expect(surprises).toEqual([])
  })

  it('gives the operator’s pages to this machine without a token, but not through a proxy or a foreign name', async () => {
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200)
    expect((await fetch(`${server.url}/openapi.json`)).status).toBe(200)
    for (const headers of [{ 'X-Forwarded-For': '127.0.0.1' }, { Forwarded: 'for=127.0.0.1' }]) {
      expect((await fetch(`${server.url}/metrics`, { headers })).status).toBe(401)
    }
  })
})

describe('a wrong method or address', () => {
  it('is refused with what the address does take', async () => {
    const answer = await fetch(`${server.url}/widget/v1/messages`, { method: 'DELETE' })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST, GET, HEAD')
    for (const method of ['PUT', 'PATCH', 'OPTIONS']) {
      expect((await fetch(`${server.url}/desk/v1/login`, { method })).status).toBe(405)
    }
  })

  it('is not found, whoever asks', async () => {
    for (const path of [
      '/nothing',
      '/LIVEZ',
      '/livez/',
      '//livez',
      '/widget/v1',
      '/console',
      '/.env',
      '/desk/v1/users',
    ]) {
      for (const { headers } of callers) {
        const answer = await fetch(server.url + path, { headers })
        expect([path, answer.status]).toEqual([path, 404])
      }
    }
  })

  it('is refused when it cannot be decoded', async () => {
    expect((await fetch(`${server.url}/desk/v1/tickets/%E0%A4%A`)).status).toBe(400)
  })
})
