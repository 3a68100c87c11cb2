import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page, Route } from 'playwright-core'
import { z } from 'zod'
import { cases, history, tickets, vocabulary, type FakeTicket } from './desk-data.ts'

export const ORIGIN = 'http://localhost:4'
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'nonce-test'",
  "connect-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';')

type Answer = { readonly status: number; readonly json: unknown; readonly headers?: Record<string, string> }
export type Call = {
  readonly method: string
  readonly path: string
  readonly body: unknown
  /** The page made it by itself, as it says in a header. */
  readonly isBackground: boolean
}

const View = z.object({ name: z.string() })

/** The desk's API as a page sees it, with the real built files; every part of it can be told to answer otherwise. */
export class FakeDesk {
  readonly calls: Call[] = []
  isLoggedIn = true
  role: 'agent' | 'lead' | 'admin' = 'agent'
  hasEvents = true
  tickets: FakeTicket[] = tickets()
  views: unknown[] = []
  readonly #assets: string
  readonly #special = new Map<string, Answer | 'away'>()

  constructor(assets: string) {
    this.#assets = assets
  }

  /** Answers calls like `POST /tickets/t1/claim` this way, until `undefined` takes it back. */
  answer(call: string, answer: Answer | 'away' | undefined): void {
    if (answer === undefined) this.#special.delete(call)
    else this.#special.set(call, answer)
  }

  sent(call: string): unknown[] {
    return this.calls.filter(({ method, path }) => `${method} ${path}` === call).map(({ body }) => body)
  }

  async serve(page: Page): Promise<void> {
    await page.route(`${ORIGIN}/**`, (route) => this.#serve(route))
  }

  async #serve(route: Route): Promise<void> {
    const request = route.request()
    const url = new URL(request.url())
    if (!url.pathname.startsWith('/desk/v1')) return this.#serveFile(route, url.pathname)
    const path = url.pathname.slice('/desk/v1'.length)
    const body: unknown = request.method() === 'GET' ? undefined : JSON.parse(request.postData() ?? '{}')
    const isBackground = request.headers()['x-background'] === '1'
    this.calls.push({ method: request.method(), path, body, isBackground })
    const special = this.#special.get(`${request.method()} ${path}`)
    if (special === 'away') return route.abort('connectionrefused')
    if (special === undefined && path === '/events') return this.#serveEvents(route)
    const answer = special ?? this.#answer(`${request.method()} ${path}`, url.searchParams, body)
    return route.fulfill({ status: answer.status, json: answer.json, headers: answer.headers ?? {} })
  }

  async #serveFile(route: Route, path: string): Promise<void> {
    const name = path === '/console' ? 'console.html' : path.replace(/^\/(?:assets\/)?/, '')
    const text = await readFile(join(this.#assets, name), 'utf8')
    const types: Record<string, string> = {
      html: 'text/html',
      css: 'text/css',
      js: 'text/javascript',
      svg: 'image/svg+xml',
    }
    await route.fulfill({
      body: text.replaceAll('__CSP_NONCE__', 'test'),
      headers: {
        'content-type': `${types[name.split('.').at(-1) ?? ''] ?? 'text/plain'}; charset=utf-8`,
        'content-security-policy': POLICY,
      },
    })
  }

  /** A mocked answer ends at once, and the browser takes that for a broken stream: so a living one never answers. */
  async #serveEvents(route: Route): Promise<void> {
    if (!this.hasEvents) await route.abort('connectionreset')
  }

  #answer(call: string, query: URLSearchParams, body: unknown): Answer {
    const me = { agent: { id: 'a1', name: '林小雨', role: this.role }, csrfToken: 'csrf' }
    if (call === 'POST /login') {
      this.isLoggedIn = true
      return ok(me)
    }
    if (!this.isLoggedIn) return problem(401, 'unauthorized', 'log in first')
    if (call === 'GET /me') return ok(me)
    if (call === 'GET /tickets') return ok({ tickets: this.#list(query), next: null })
    if (call === 'GET /vocabulary') return ok(vocabulary)
    if (call.endsWith('/history')) return ok(history())
    if (call.startsWith('GET /conversations/')) return ok({ transcript: cases().transcript })
    if (call.includes(' /views')) return ok({ views: this.#changeViews(call, body) })
    if (/^GET \/tickets(\.|\/t1\/export)/.test(call)) return ok({ exported: [...query.entries()] })
    if (call === 'GET /canned-replies') return ok({ replies: CANNED })
    if (call === 'GET /agents') return ok({ agents: STAFF })
    if (call === 'POST /agents')
      return ok({ agent: { id: 'a9', name: '新同事', role: 'agent' }, password: 'generated-once-9' })
    if (call === 'GET /stats') return ok(STATS)
    if (call === 'GET /audit') return ok({ entries: AUDIT, next: null })
    const [, id = '', action = ''] = /\/tickets\/([^/]+)\/?(.*)/.exec(call) ?? []
    const ticket = this.tickets.find((one) => one.id === id)
    if (ticket === undefined)
      return call.includes('/tickets/') ? problem(404, 'not_found', 'no such ticket') : ok({})
    if (action === '') return ok({ ...cases(), ticket })
    if (action === 'claim') this.change(id, { status: 'claimed', assignee: 'a1', assigneeName: '林小雨' })
    if (action === 'resolve') this.change(id, { status: 'resolved' })
    if (action === 'reply' || action === 'notes') return ok({ seq: 99, body })
    return ok({ ticket: this.tickets.find((one) => one.id === id) })
  }

  change(id: string, part: Partial<FakeTicket>): void {
    this.tickets = this.tickets.map((one) =>
      one.id === id ? { ...one, ...part, version: one.version + 1 } : one,
    )
  }

  #changeViews(call: string, body: unknown): unknown[] {
    const name = View.safeParse(body).data?.name
    if (name !== undefined) this.views = this.views.filter((view) => View.parse(view).name !== name)
    if (call === 'POST /views') this.views.push(body)
    return this.views
  }

  #list(query: URLSearchParams): FakeTicket[] {
    const status = query.get('status')
    return this.tickets
      .filter(
        (one) =>
          status === null ||
          one.status === status ||
          (status === 'unresolved' && one.status !== 'resolved') ||
          (status === 'taken' && ['claimed', 'waiting'].includes(one.status)),
      )
      .filter((one) => query.get('assignee') !== 'me' || one.assignee === 'a1')
      .filter((one) => [null, String(one.priority)].includes(query.get('priority')))
      .filter((one) => `${one.number}${one.intent}`.includes(query.get('q') ?? ''))
  }
}

function ok(json: unknown): Answer {
  return { status: 200, json }
}

export function problem(status: number, code: string, detail: string): Answer {
  return { status, json: { status, code, detail } }
}

const CANNED = [
  { id: 'greet', title: '问候', text: '您好，我是客服，工单 {no} 由我处理。' },
  { id: 'check', title: '核对终端号', text: '请核对终端号 {terminal_id}，以及参考号 {ref_no}。' },
  { id: 'wait', title: '请稍等', text: '正在为您核查，请稍等，先不要再刷。' },
]

const STAFF = [
  { id: 'a1', name: '林小雨', role: 'admin', email: 'lin@example.cn', disabled: false },
  { id: 'a2', name: '王建国', role: 'agent', email: 'wang@example.cn', disabled: false },
  { id: 'a3', name: '陈思', role: 'lead', email: 'chen@example.cn', disabled: true },
]

const STATS = {
  open: { P1: 2, P2: 5, P3: 9, P4: 3 },
  unresolved: 19,
  firstAnswer: { count: 42, medianMinutes: 3.5 },
  resolved: { bot: 310, staff: 57 },
  escalated: { money_at_risk: 12, tree_exhausted: 21, asked_for_human: 17, complaint: 2 },
  rating: { count: 88, average: 4.6 },
}

const AUDIT = [
  { at: '2026-11-26T03:00:00.000Z', agentId: 'a1', name: '林小雨', action: 'ticket.claimed', ticketId: 't1' },
  {
    at: '2026-11-26T03:02:00.000Z',
    agentId: 'a1',
    name: '林小雨',
    action: 'ticket.replied',
    ticketId: 't1',
    detail: 'seq 12',
  },
]
