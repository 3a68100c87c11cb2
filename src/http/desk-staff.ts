import type { StaffDirectory } from '../app/manage-staff.ts'
import { type Figures, ROLES, type Store } from '../app/ports.ts'
import type { StaffMember } from '../app/ports.ts'
import type { DeskContent } from '../core/content.ts'
import {
  AgentChangeBody,
  AgentsAnswer,
  AuditAnswer,
  AuditQuery,
  CannedRepliesAnswer,
  ManagedAgentAnswer,
  NewAgentBody,
  StatsAnswer,
  VocabularyAnswer,
} from './desk-schema.ts'
import { renderVocabulary } from './desk-words.ts'
import { Nothing, type Route, type RouteMaker } from './route.ts'

export type DeskStaffNeeds = {
  readonly store: Store
  readonly directory: StaffDirectory
  readonly content: () => DeskContent
}

const AUDIT_PAGE = 100

/** Staff, figures, the audit trail, and the names of things for people. */
export function createDeskStaffRoutes(make: RouteMaker, needs: DeskStaffNeeds): Route[] {
  const { store, directory } = needs
  const json = 'application/json'

  const getAgents = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/agents',
      summary: 'Lists the staff; e-mail addresses only for an admin',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: json, schema: AgentsAnswer },
    },
    async (_call, viewer) => {
      const isAdmin = viewer.member.role === 'admin'
      return {
        status: 200,
        json: { agents: (await store.listStaff()).map((member) => renderAgent(member, isAdmin)) },
      }
    },
  )

  const addAgent = make.forStaff(
    ['admin'],
    {
      method: 'post',
      path: '/desk/v1/agents',
      summary: 'Adds a member of staff; a generated password is told this once',
      body: NewAgentBody,
      query: Nothing,
      answer: { status: 201, type: json, schema: ManagedAgentAnswer },
    },
    async ({ body }, viewer) => {
      const { member, password } = await directory.add(viewer, body)
      return { status: 201, json: { agent: renderAgent(member, true), ...(password && { password }) } }
    },
  )

  const changeAgent = make.forStaff(
    ['admin'],
    {
      method: 'patch',
      path: '/desk/v1/agents/:id',
      summary: 'Changes name, role or password of a member of staff, or disables the account',
      body: AgentChangeBody,
      query: Nothing,
      answer: { status: 200, type: json, schema: ManagedAgentAnswer },
    },
    async ({ request, body }, viewer) => {
      const { member, password } = await directory.change(viewer, String(request.params['id']), body)
      return { status: 200, json: { agent: renderAgent(member, true), ...(password && { password }) } }
    },
  )

  const getStats = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/stats',
      summary: 'Plain figures of the desk',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: json, schema: StatsAnswer },
    },
    async () => ({ status: 200, json: renderStats(await store.figures()) }),
  )

  const getVocabulary = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/vocabulary',
      summary: 'Names of intents, flows, steps, slots, reasons and answers',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: json, schema: VocabularyAnswer },
    },
    async () => ({ status: 200, json: renderVocabulary(needs.content()) }),
  )

  const getCannedReplies = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/canned-replies',
      summary: 'Sentences agents insert; {…} is a slot or the number of the ticket',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: json, schema: CannedRepliesAnswer },
    },
    async () => ({ status: 200, json: { replies: needs.content().cannedReplies } }),
  )

  const getAudit = make.forStaff(
    ['lead', 'admin'],
    {
      method: 'get',
      path: '/desk/v1/audit',
      summary: 'The audit trail, newest first',
      body: Nothing,
      query: AuditQuery,
      answer: { status: 200, type: json, schema: AuditAnswer },
    },
    async ({ query }) => {
      const { after } = query
      const page = await store.listAudit({ limit: AUDIT_PAGE, ...(after === undefined ? {} : { after }) })
      const names = new Map((await store.listStaff()).map(({ id, name }) => [id, name]))
      const entries = page.entries.map((entry) => ({
        ...entry,
        at: new Date(entry.at).toISOString(),
        name: names.get(entry.agentId) ?? '',
      }))
      return { status: 200, json: { entries, next: page.next ?? null } }
    },
  )

  return [getAgents, addAgent, changeAgent, getStats, getVocabulary, getCannedReplies, getAudit]
}

function renderAgent({ id, name, role, disabled, email }: StaffMember, withEmail: boolean): object {
  return { id, name, role, disabled, ...(withEmail && { email }) }
}

function renderStats(figures: Figures): object {
  const { open, answerMinutes, scores } = figures
  const sorted = [...answerMinutes].sort((a, b) => a - b)
  return {
    open,
    unresolved: Object.values(open).reduce((sum, count) => sum + count, 0),
    firstAnswer: { count: sorted.length, medianMinutes: rounded(sorted[Math.floor(sorted.length / 2)]) },
    resolved: { bot: figures.solvedByBot, staff: figures.resolvedByStaff },
    escalated: figures.byReason,
    rating: {
      count: scores.length,
      average:
        scores.length === 0 ? null : rounded(scores.reduce((sum, score) => sum + score, 0) / scores.length),
    },
  }
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10
}
