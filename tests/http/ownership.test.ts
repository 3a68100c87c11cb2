import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES, type Role } from '../../src/app/ports.ts'
import { agentId, type AgentId } from '../../src/core/ids.ts'
import { caseId, caseOf, quietTalk, shop, talkId } from '../contracts/shop-talk.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { sample } from '../fixtures/pictures.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'

const OBJECTS = ['own', 'another agent’s', 'nobody’s', 'absent'] as const
type Thing = (typeof OBJECTS)[number]

/** Statuses for one's own ticket, another agent's, one nobody has taken, and one that is not there. */
type Row = readonly [own: number, foreign: number, free: number, absent: number]
const EVERYBODY: Row = [200, 200, 200, 404]
/** Acts of the holder alone; a lead has to take the ticket first, as everybody would see. */
const HOLDER: Row = [200, 409, 409, 404]
const HELD: Row = [200, 200, 409, 404]

/** What each role may do with whose ticket, for every route about one. A route that is missing here fails the suite. */
const MAY: Readonly<Record<string, Readonly<Record<Role, Row>>>> = {
  'get /desk/v1/tickets/:id': same(EVERYBODY),
  'get /desk/v1/tickets/:id/export': same(EVERYBODY),
  'get /desk/v1/conversations/:id': same(EVERYBODY),
  'get /desk/v1/conversations/:id/history': same(EVERYBODY),
  'post /desk/v1/tickets/:id/presence': same(EVERYBODY),
  'post /desk/v1/tickets/:id/notes': same(HOLDER),
  'post /desk/v1/tickets/:id/claim': same([409, 409, 200, 404]),
  'post /desk/v1/tickets/:id/reply': same(HOLDER),
  'post /desk/v1/tickets/:id/attachments': same([201, 409, 409, 404]),
  'post /desk/v1/tickets/:id/release': { agent: HOLDER, lead: HELD, admin: HELD },
  'post /desk/v1/tickets/:id/transfer': { agent: HOLDER, lead: EVERYBODY, admin: EVERYBODY },
  'post /desk/v1/tickets/:id/resolve': same(HOLDER),
  'post /desk/v1/tickets/:id/handback': same(HOLDER),
}
/** Routes about something of a ticket; their own tests try whose it is. */
const ELSEWHERE = new Set([
  'get /desk/v1/attachments/:id',
  'post /desk/v1/tickets/:id/attachments/:attachmentId/remove',
  'post /desk/v1/conversations/:id/outbox/:seq/retry',
  'patch /desk/v1/agents/:id',
])

function same(row: Row): Readonly<Record<Role, Row>> {
  return { agent: row, lead: row, admin: row }
}

let server: RunningServer
let desks: Record<Role, { readonly client: DeskClient; readonly id: AgentId }>
let other: AgentId
let third: AgentId
let count = 0

beforeAll(async () => {
  server = await startServer()
  const join = async (role: Role, name: string) => {
    const client = await DeskClient.loggedIn(server.url, await addStaff(server.store, role, { name }))
    const member = (await server.store.listStaff()).find((one) => one.name === name)
    if (member === undefined) throw new Error(`${name} was not added`)
    return { client, id: agentId(member.id) }
  }
  desks = {
    agent: await join('agent', '甲'),
    lead: await join('lead', '乙'),
    admin: await join('admin', '丙'),
  }
  other = (await join('agent', '丁')).id
  third = (await join('agent', '戊')).id
})

afterAll(() => server.close())

/** A fresh ticket, so that what one try did is not what the next one meets. */
async function openFor(thing: Thing, own: AgentId): Promise<number> {
  count += 1
  const n = count
  if (thing === 'absent') return n
  const holder = thing === 'nobody’s' ? undefined : thing === 'own' ? own : other
  const held = holder === undefined ? {} : { status: 'claimed' as const, assignee: holder }
  await server.store.turn(shop(n), () => ({
    conversation: {
      ...quietTalk(shop(n), talkId(n)),
      holder: holder === undefined ? 'queue' : 'agent',
      epoch: 2,
      tickets: [caseOf(n, held)],
    },
    result: undefined,
  }))
  return n
}

const BODIES: Readonly<Record<string, object>> = {
  presence: { state: 'looking' },
  notes: { text: '备注' },
  claim: { version: 1 },
  reply: { clientMsgId: 'm-1', text: '您好' },
  release: {},
  resolve: { fix: '换了线' },
  handback: {},
}

async function call(role: Role, route: string, n: number): Promise<number> {
  const { client } = desks[role]
  const [method, path = ''] = route.split(' ')
  const id = path.includes('/conversations/') ? talkId(n) : caseId(n)
  const address = path.replace('/desk/v1', '').replace(':id', id)
  const act = address.split('/').at(-1) ?? ''
  if (method === 'get') return (await client.get(address)).status
  if (act === 'attachments') return (await client.upload(address, sample('plain.png'))).status
  return (await client.post(address, act === 'transfer' ? { agentId: third } : (BODIES[act] ?? {}))).status
}

describe('whose ticket it is', () => {
  it('is asked of every route about one', () => {
    const about = server.server.routes
      .filter(({ path }) => path.startsWith('/desk/v1/') && path.includes(':'))
      .map(({ method, path }) => `${method} ${path}`)
    expect(about.sort()).toEqual([...Object.keys(MAY), ...ELSEWHERE].sort())
  })

  it(
    'decides what each role may do, and an absent one looks the same to all',
    { timeout: 60_000 },
    async () => {
      const surprises: string[] = []
      for (const [route, rows] of Object.entries(MAY)) {
        for (const role of ROLES) {
          for (const [index, thing] of OBJECTS.entries()) {
            const status = await call(role, route, await openFor(thing, desks[role].id))
            const wanted = rows[role][index]
            if (status !== wanted) surprises.push(`${role} ${route}, ${thing}: ${status}, not ${wanted}`)
          }
        }
      }
      expect(surprises).toEqual([])
    },
  )

  it('shows a merchant’s picture to nobody else’s session', async () => {
    const [mine, theirs] = [await WidgetClient.open(server.url), await WidgetClient.open(server.url)]
    const picture = await mine.bring(sample('plain.png'))
    const look = async ({ authorization }: WidgetClient): Promise<number> =>
      (await fetch(`${server.url}/widget/v1/attachments/${picture}`, { headers: authorization })).status
    expect([await look(mine), await look(theirs)]).toEqual([200, 404])
  })
})
