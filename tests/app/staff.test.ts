import { describe, expect, it } from 'vitest'
import { ensureFirstAdmin } from '../../src/app/ensure-first-admin.ts'
import { createIds } from '../../src/app/ids.ts'
import { openDevice, sealDevice } from '../../src/app/known-devices.ts'
import { StaffSessions } from '../../src/app/staff-sessions.ts'
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
