import { listTickets } from '../app/list-tickets.ts'
import type { LogIn } from '../app/log-in.ts'
import { type Clock, ROLES, type Store } from '../app/ports.ts'
import { readConversation } from '../app/read-conversation.ts'
import { readHistory } from '../app/read-history.ts'
import { readTicket } from '../app/read-ticket.ts'
import type { StaffSessions } from '../app/staff-sessions.ts'
import type { DeskCookies } from './cookies.ts'
import { networkOf } from './network.ts'
import {
  renderConversation,
  renderHistory,
  renderMe,
  renderTickets,
  renderTicketWithTranscript,
} from './render.ts'
import { Nothing, type Route, type RouteMaker } from './route.ts'
import {
  ConversationAnswer,
  HistoryAnswer,
  HistoryQuery,
  LogInBody,
  MeAnswer,
  TicketAnswer,
  TicketsAnswer,
  TicketsQuery,
} from './schema.ts'
import { toTicketQuery } from './ticket-query.ts'

export type DeskNeeds = {
  readonly store: Store
  readonly clock: Clock
  readonly sessions: StaffSessions
  readonly logIn: LogIn
  readonly cookies: DeskCookies
}

/** The staff's side: contract.md §3. */
export function createDeskRoutes(make: RouteMaker, needs: DeskNeeds): Route[] {
  const { store, sessions, cookies } = needs
  const json = 'application/json'

  const logIn = make.forAnyone(
    {
      method: 'post',
      path: '/desk/v1/login',
      summary: 'Logs a member of staff in',
      body: LogInBody,
      query: Nothing,
      answer: { status: 200, type: json, schema: MeAnswer },
    },
    async ({ request, response, body }) => {
      const { sessionId: oldSessionId, deviceMark } = cookies.read(request)
      const loggedIn = await needs.logIn.run({
        ...body,
        network: networkOf(request),
        deviceMark,
        oldSessionId,
      })
      cookies.set(response, loggedIn)
      return { status: 200, json: renderMe(loggedIn) }
    },
  )

  const logOut = make.forStaff(
    ROLES,
    {
      method: 'post',
      path: '/desk/v1/logout',
      summary: 'Ends the log-in',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: json, schema: Nothing },
    },
    async ({ request, response }) => {
      const { sessionId } = cookies.read(request)
      if (sessionId) await sessions.end(sessionId)
      cookies.clearSession(response)
      return { status: 200, json: {} }
    },
  )

  const me = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/me',
      summary: 'Says who is logged in, with the token for changing calls',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: json, schema: MeAnswer },
    },
    async (_call, viewer) => ({ status: 200, json: renderMe(viewer) }),
  )

  const getTickets = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/tickets',
      summary: 'Lists tickets by urgency, then age',
      body: Nothing,
      query: TicketsQuery,
      answer: { status: 200, type: json, schema: TicketsAnswer },
    },
    async ({ query }, viewer) => {
      const wanted = toTicketQuery(query, viewer)
      return {
        status: 200,
        json: renderTickets(await listTickets(store, viewer, wanted), await store.listStaff()),
      }
    },
  )

  const getTicket = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/tickets/:id',
      summary: 'Reads a ticket with its hand-over card and transcript',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: json, schema: TicketAnswer },
    },
    async ({ request }, viewer) => {
      const { row, ...told } = await readTicket(needs, viewer, String(request.params['id']))
      return { status: 200, json: renderTicketWithTranscript(row, told, await store.listStaff()) }
    },
  )

  const getConversation = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/conversations/:id',
      summary: 'Reads a conversation with its transcript',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: json, schema: ConversationAnswer },
    },
    async ({ request }, viewer) => {
      const view = await readConversation(needs, viewer, String(request.params['id']))
      return { status: 200, json: renderConversation(view) }
    },
  )

  const getHistory = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/conversations/:id/history',
      summary: 'What there was with the merchant of a conversation, newest first',
      body: Nothing,
      query: HistoryQuery,
      answer: { status: 200, type: json, schema: HistoryAnswer },
    },
    async ({ request, query }, viewer) => {
      const history = await readHistory(needs, viewer, String(request.params['id']), query.after)
      return { status: 200, json: renderHistory(history, await store.listStaff()) }
    },
  )

  return [logIn, logOut, me, getTickets, getTicket, getConversation, getHistory]
}
