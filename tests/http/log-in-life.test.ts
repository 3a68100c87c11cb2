import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES, type Role, type StaffMember } from '../../src/app/ports.ts'
import { ABSOLUTE_LIMIT_MS, IDLE_LIMIT_MS } from '../../src/app/staff-sessions.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, startServer, untilWatching, type RunningServer } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'

const MINUTE = 60_000
const CASES = 240
const BACKGROUND = { 'X-Background': '1' }

/** What may happen to a log-in. `stay` is work with pauses that are just short enough. */
type Event =
  | { readonly kind: 'wait' | 'stay'; readonly ms: number }
  | { readonly kind: 'call' | 'background' | 'presence' | 'forged' | 'log out' | 'log in' | 'rename' }
  | { readonly kind: 'plant'; readonly whose: 'own' | 'old' | 'other' | 'made up' }
  | { readonly kind: 'password' | 'role' | 'disable' }

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(
        1,
        MINUTE - 1,
        MINUTE,
        7 * MINUTE,
        IDLE_LIMIT_MS - 1,
        IDLE_LIMIT_MS,
        IDLE_LIMIT_MS + 1,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stay' as const),
      ms: fc.constantFrom(2 * 3_600_000, ABSOLUTE_LIMIT_MS - 1, ABSOLUTE_LIMIT_MS),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'call',
        'call',
        'background',
        'presence',
        'forged',
        'log out',
        'log in',
        'rename',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('plant' as const),
      whose: fc.constantFrom('own', 'old', 'other', 'made up'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('password', 'role', 'disable') }) },
)

const cases = fc.sample(fc.array(event, { minLength: 4, maxLength: 9 }), { numRuns: CASES, seed: 20261126 })

let clock: SteadyClock
let server: RunningServer
let admin: DeskClient
let adminEmail: string
let other: string

beforeAll(async () => {
  clock = new SteadyClock()
  server = await startServer({ clock })
  adminEmail = await addStaff(server.store, 'admin', { name: 'owner' })
  other = await addStaff(server.store, 'agent', { name: 'other' })
})

afterAll(async () => {
  await server.close()
})

/** The rules as PCI DSS and ASVS have them, beside the server's own. */
class Expected {
  createdAt = 0
  lastSeenAt = 0
  isEnded = true

  begin(): void {
    this.isEnded = false
    this.createdAt = this.lastSeenAt = clock.now()
  }

  get isOpen(): boolean {
    const now = clock.now()
    const isOver = now - this.lastSeenAt >= IDLE_LIMIT_MS || now - this.createdAt >= ABSOLUTE_LIMIT_MS
    if (isOver) this.isEnded = true
    return !this.isEnded
  }

  used(): void {
    // Signs of life are noted once a minute: the log-in ends up to a minute early, never late.
    if (this.isOpen && clock.now() - this.lastSeenAt >= MINUTE) this.lastSeenAt = clock.now()
  }
}

class Person {
  readonly #member: StaffMember
  readonly client = new DeskClient(server.url)
  readonly expected = new Expected()
  readonly oldIds: string[] = []

  constructor(member: StaffMember) {
    this.#member = member
  }

  get id(): string {
    return this.client.cookies.get('posdesk') ?? ''
  }

  async logIn(): Promise<void> {
    const before = this.id
    expect((await this.client.logIn(this.#member.email)).status).toBe(200)
    expect(this.id).toMatch(/^[0-9a-f]{64}$/u)
    expect([...this.oldIds, before]).not.toContain(this.id)
    if (before !== '') this.oldIds.push(before)
    this.expected.begin()
  }

  /** Logs in while an id of somebody's choosing is in the browser. */
  async logInWith(planted: string): Promise<void> {
    this.client.cookies.set('posdesk', planted)
    await this.logIn()
  }

  async change(change: object): Promise<void> {
    expect((await admin.patch(`/agents/${this.#member.id}`, change)).status).toBe(200)
  }

  /** Puts the person back as they were, so that the next event finds them able to log in. */
  async restore(): Promise<void> {
    const now = (await server.store.listStaff()).find(({ id }) => id === this.#member.id)
    const { logInEpoch = 0 } = now ?? this.#member
    await server.store.saveStaff({ ...this.#member, logInEpoch })
  }
}

async function statusOf(id: string, headers: Record<string, string> = BACKGROUND): Promise<number> {
  const answer = await fetch(`${server.url}/desk/v1/me`, { headers: { Cookie: `posdesk=${id}`, ...headers } })
  return answer.status
}

async function happen(person: Person, event: Event): Promise<void> {
  const { client, expected } = person
  switch (event.kind) {
    case 'wait':
      clock.advance(event.ms)
      return
    case 'stay': {
      const end = clock.now() + event.ms
      while (clock.now() < end) {
        clock.advance(Math.min(14 * MINUTE, end - clock.now()))
        expected.used()
        await statusOf(person.id, {})
      }
      return
    }
    case 'call':
      expected.used()
      await statusOf(person.id, {})
      return
    case 'background':
    case 'presence': {
      const path = event.kind === 'presence' ? `/tickets/${'a'.repeat(26)}/presence` : '/views/remove'
      const body = event.kind === 'presence' ? { state: 'looking' } : { name: 'x' }
      const answer = await client.post(path, body, BACKGROUND)
      const status = event.kind === 'presence' ? 404 : 200
      expect(answer.status).toBe(expected.isOpen ? status : 401)
      return
    }
    case 'forged': {
      expected.used()
      const answer = await client.post('/views/remove', { name: 'x' }, { 'X-CSRF-Token': '0'.repeat(64) })
      expect(answer.status).toBe(expected.isOpen ? 403 : 401)
      return
    }
    case 'log out': {
      const id = person.id
      const wasOpen = expected.isOpen
      expect((await client.post('/logout', {})).status).toBe(wasOpen ? 200 : 401)
      person.oldIds.push(id)
      expected.isEnded = true
      return
    }
    case 'log in':
      await person.logIn()
      return
    case 'plant': {
      const planted = {
        own: person.id,
        old: person.oldIds[0] ?? '0'.repeat(64),
        other: (await DeskClient.loggedIn(server.url, other)).cookies.get('posdesk') ?? '',
        'made up': 'ab'.repeat(32),
      }[event.whose]
      await person.logInWith(planted)
      return
    }
    case 'rename':
      await person.change({ name: '新名字' })
      return
    case 'password':
    case 'role':
    case 'disable':
      await person.change(
        { password: { password: true }, role: { role: 'lead' }, disable: { disabled: true } }[event.kind],
      )
      expected.isEnded = true
      await person.restore()
  }
}

describe('a staff log-in, whatever happens to it', () => {
  it.each(cases.map((events, n) => [n + 1, events.map(({ kind }) => kind).join(', '), events] as const))(
    'no. %i keeps to its limits: %s',
    async (n, _names, events) => {
      admin = await DeskClient.loggedIn(server.url, adminEmail)
      const email = await addStaff(server.store, 'agent', { name: `person-${n}` })
      const member = (await server.store.listStaff()).find((one) => one.email === email)
      if (member === undefined) throw new Error('the member is missing')
      const person = new Person(member)
      await person.logIn()
      for (const event of events) {
        if (['password', 'role', 'disable', 'rename'].includes(event.kind)) {
          admin = await DeskClient.loggedIn(server.url, adminEmail)
        }
        await happen(person, event)
        expect([event, await statusOf(person.id)]).toEqual([event, person.expected.isOpen ? 200 : 401])
        for (const old of person.oldIds) expect([event, await statusOf(old)]).toEqual([event, 401])
      }
    },
  )
})

/** Ways a log-in ends while its stream of events is open. */
const ENDINGS: Readonly<Record<string, (client: DeskClient, id: string) => Promise<unknown>>> = {
  disabled: (_client, id) => admin.patch(`/agents/${id}`, { disabled: true }),
  'new password': (_client, id) => admin.patch(`/agents/${id}`, { password: true }),
  'new role': (_client, id) =>
    admin.patch(`/agents/${id}`, { role: 'lead', password: 'another-long-password' }),
  'log-out': (client) => client.post('/logout', {}),
  'log-in elsewhere with its cookie': (client) => client.logIn(other),
}

describe('the open stream of a log-in', () => {
  const rows = Object.keys(ENDINGS).flatMap((ending) => ROLES.map((role) => [ending, role] as const))

  async function streaming(name: string, role: Role) {
    const email = await addStaff(server.store, role, { name })
    const client = await DeskClient.loggedIn(server.url, email)
    const stream = await client.get('/events')
    expect(stream.status).toBe(200)
    const id = (await server.store.listStaff()).find((one) => one.email === email)?.id ?? ''
    return { client, stream, id }
  }

  it.each(rows)('is cut within two seconds after: %s (%s)', async (ending, role) => {
    admin = await DeskClient.loggedIn(server.url, adminEmail)
    const { client, stream, id } = await streaming(`${ending}-${role}`, role)
    const act = ENDINGS[ending] ?? expect.fail('no such ending')
    await act(client, id)
    const since = performance.now()
    expect(await stream.text()).toContain('retry:')
    expect(performance.now() - since).toBeLessThan(2_000)
  })

  it('does not keep an idle log-in alive, and ends with it', async () => {
    const open = await Promise.all(Array.from({ length: 10 }, (_, n) => streaming(`idle-${n}`, 'agent')))
    await untilWatching(server, 10)
    let looks = 0
    const find = server.store.findStaffSession.bind(server.store)
    server.store.findStaffSession = (idHash) => {
      looks += 1
      return find(idHash)
    }
    // The server looks at each stream's log-in every second: none of that is a sign of life.
    clock.advance(IDLE_LIMIT_MS - MINUTE)
    await expect.poll(() => looks, { timeout: 5_000 }).toBeGreaterThanOrEqual(10)
    clock.advance(MINUTE)
    const since = performance.now()
    for (const { stream } of open) expect(await stream.text()).toContain('retry:')
    expect(performance.now() - since).toBeLessThan(2_500)
    await untilWatching(server, 0)
  })
})
