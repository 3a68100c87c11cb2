import { beforeEach, describe, expect, it } from 'vitest'
import { ensureFirstAdmin } from '../../src/app/ensure-first-admin.ts'
import { createIds } from '../../src/app/ids.ts'
import { openDevice, sealDevice } from '../../src/app/known-devices.ts'
import { StaffDirectory } from '../../src/app/manage-staff.ts'
import { StaffSessions, type Viewer } from '../../src/app/staff-sessions.ts'
import { AppError } from '../../src/core/errors.ts'
import { agentId } from '../../src/core/ids.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { addStaff, cheapPasswords } from '../fixtures/running-server.ts'
import { SteadyClock } from '../fixtures/steady.ts'

const needs = { passwords: cheapPasswords, clock: new SteadyClock(), ids: createIds() }

describe('the first admin', () => {
  it('is created with a generated password, which is given once', async () => {
    const store = new MemoryStore()
    const made = await ensureFirstAdmin(store, { email: 'chef@posdesk.test' }, needs)
    expect(made).toEqual({ email: 'chef@posdesk.test', password: expect.stringMatching(/^[0-9a-f]{24}$/) })
    const [admin] = await store.listStaff()
    expect(admin).toMatchObject({ email: 'chef@posdesk.test', role: 'admin', disabled: false })
    expect(await cheapPasswords.verify(made?.password ?? '', admin?.passwordHash)).toBe(true)
    expect(await ensureFirstAdmin(store, { email: 'chef@posdesk.test' }, needs)).toBeUndefined()
    expect(await store.listStaff()).toHaveLength(1)
  })

  it('has the configured password, which nobody is told', async () => {
    const store = new MemoryStore()
    const admin = { email: 'chef@posdesk.test', password: 'configured-password' }
    expect(await ensureFirstAdmin(store, admin, needs)).toBeUndefined()
    const [made] = await store.listStaff()
    expect(await cheapPasswords.verify('configured-password', made?.passwordHash)).toBe(true)
  })
})

describe('staff changed by two admins at once', () => {
  const store = new MemoryStore()
  const directory = new StaffDirectory({ ...needs, store })
  const codes = async (...changes: Promise<unknown>[]): Promise<unknown[]> =>
    (await Promise.allSettled(changes)).map((outcome) =>
      outcome.status === 'fulfilled' ? 'done' : outcome.reason instanceof AppError && outcome.reason.code,
    )
  const viewerOf = async (name: string): Promise<Viewer> => {
    const member = (await store.listStaff()).find((one) => one.name === name)
    if (!member) throw new Error(`${name} is missing`)
    return { member, csrfToken: '' }
  }
  const admins = async (): Promise<number> =>
    (await store.listStaff()).filter(({ role, disabled }) => role === 'admin' && !disabled).length

  beforeEach(async () => {
    for (const name of ['first', 'second']) {
      const known = (await store.listStaff()).find((one) => one.name === name)
      if (known) await store.saveStaff({ ...known, role: 'admin', disabled: false })
      else await addStaff(store, 'admin', { name })
    }
  })

  it.each([
    { role: 'agent' as const },
    { disabled: true },
    { role: 'lead' as const, password: true as const },
  ])('leaves one of them when each takes the other’s role: %j', async (change) => {
    const [first, second] = [await viewerOf('first'), await viewerOf('second')]
    const outcomes = await codes(
      directory.change(first, second.member.id, change),
      directory.change(second, first.member.id, change),
    )
    expect(outcomes.sort()).toEqual(['done', 'forbidden'])
    expect(await admins()).toBe(1)
  })

  it('leaves one of them when each gives up their own', async () => {
    const [first, second] = [await viewerOf('first'), await viewerOf('second')]
    const outcomes = await codes(
      directory.change(first, first.member.id, { role: 'agent' }),
      directory.change(second, second.member.id, { role: 'agent' }),
    )
    expect(outcomes.sort()).toEqual(['conflict', 'done'])
    expect(await admins()).toBe(1)
  })

  it('loses neither of two changes to one person, and takes one of two of the same e-mail', async () => {
    const [first, second] = [await viewerOf('first'), await viewerOf('second')]
    const { id } = second.member
    await codes(
      directory.change(first, id, { password: true }),
      directory.change(second, id, { name: '小赵' }),
    )
    const after = (await store.listStaff()).find((one) => one.id === id)
    expect(after).toMatchObject({ name: '小赵', logInEpoch: (second.member.logInEpoch ?? 0) + 1 })
    expect(after?.passwordHash).not.toBe(second.member.passwordHash)
    await store.saveStaff({ ...second.member })
    const wanted = { email: 'new@posdesk.test', name: '小王', role: 'agent' as const }
    expect((await codes(directory.add(first, wanted), directory.add(second, wanted))).sort()).toEqual([
      'conflict',
      'done',
    ])
    expect(store.audit.filter(({ action }) => action === 'staff.added')).toHaveLength(1)
  })
})

describe('staff sessions', () => {
  it('that end while they are being used stay ended', async () => {
    const store = new MemoryStore()
    const clock = new SteadyClock()
    const sessions = new StaffSessions(store, clock, createIds())
    await addStaff(store, 'agent')
    const [member] = await store.listStaff()
    if (!member) throw new Error('the member of staff is missing')
    const { sessionId } = await sessions.open(member)
    clock.advance(120_000)
    // The log-out runs between the look-up and the note that the session was used.
    const list = store.listStaff.bind(store)
    store.listStaff = async () => {
      store.listStaff = list
      await sessions.end(sessionId)
      return list()
    }
    expect(await sessions.find(sessionId)).toBeUndefined()
    expect(store.sessionHashes).toEqual([])
  })

  it('have ids that are not even looked up when they cannot be one', async () => {
    const store = new MemoryStore()
    const sessions = new StaffSessions(store, new SteadyClock(), createIds())
    let lookUps = 0
    store.findStaffSession = async () => {
      lookUps += 1
      return undefined
    }
    for (const id of ['', 'x', '../../etc/passwd', 'G'.repeat(64), 'a'.repeat(65)]) {
      expect(await sessions.find(id)).toBeUndefined()
      await sessions.end(id)
    }
    expect(lookUps).toBe(0)
  })
})

describe('the mark of a known device', () => {
  const owner = agentId('a'.repeat(26))
  const mark = sealDevice('secret', owner, '0'.repeat(32))

  it('is worth something to its owner and this server only', () => {
    expect(openDevice('secret', owner, mark)).toBe('0'.repeat(32))
    expect(openDevice('secret', agentId('b'.repeat(26)), mark)).toBeUndefined()
    expect(openDevice('other', owner, mark)).toBeUndefined()
    expect(openDevice('secret', owner, mark.replace('0', '1'))).toBeUndefined()
    expect(openDevice('secret', owner, '')).toBeUndefined()
  })
})
