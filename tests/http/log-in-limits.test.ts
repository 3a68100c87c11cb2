import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'

let server: RunningServer

beforeEach(async () => {
  server = await startServer()
})

afterEach(async () => {
  await server.close()
})

async function wrongTries(email: string, count: number, header?: (n: number) => string): Promise<number[]> {
  const tries = Array.from({ length: count }, async (_, n) => {
    const headers: Record<string, string> = header ? { 'X-Forwarded-For': header(n) } : {}
    return (await new DeskClient(server.url).logIn(email, `wrong-password-${n}`, headers)).status
  })
  return Promise.all(tries)
}

describe('wrong log-ins', () => {
  it('are looked at ten times for one account, also when they all come at once', async () => {
    const email = await addStaff(server.store, 'agent')
    const statuses = await wrongTries(email, 20)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(10)
    const locked = await new DeskClient(server.url).logIn(email)
    expect(locked.status).toBe(429)
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(1700)
  })

  it('lock an account that does not exist just the same', async () => {
    const statuses = await wrongTries('nobody@posdesk.test', 12)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  })

  it('of strangers do not lock out the owner on a known device', async () => {
    const email = await addStaff(server.store, 'agent')
    const owner = await DeskClient.loggedIn(server.url, email)
    await wrongTries(email, 12)
    expect((await new DeskClient(server.url).logIn(email)).status).toBe(429)
    expect((await owner.logIn(email)).status).toBe(200)
  })

  it('on a known device are limited too, and its mark helps nobody else', async () => {
    const email = await addStaff(server.store, 'agent')
    const other = await addStaff(server.store, 'lead')
    const owner = await DeskClient.loggedIn(server.url, email)
    const mark = owner.cookies.get('posdesk-device') ?? ''
    await wrongTries(other, 12)
    const thief = new DeskClient(server.url)
    thief.cookies.set('posdesk-device', mark)
    expect((await thief.logIn(other)).status).toBe(429)
    const forger = new DeskClient(server.url)
    forger.cookies.set('posdesk-device', `${mark.slice(0, -1)}${mark.endsWith('A') ? 'B' : 'A'}`)
    const statuses = []
    for (let n = 0; n < 12; n += 1) statuses.push((await thief.logIn(email, `wrong-password-${n}`)).status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect((await forger.logIn(email)).status).toBe(200)
  })

  it('over many accounts are limited for the whole network', async () => {
    const statuses = []
    for (let n = 0; n < 70; n += 1) {
      statuses.push((await new DeskClient(server.url).logIn(`guess-${n}@posdesk.test`, 'spring-2026')).status)
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(60)
  })

  it('are not hidden by a forged X-Forwarded-For', async () => {
    const email = await addStaff(server.store, 'agent')
    const statuses = await wrongTries(email, 15, (n) => `203.0.113.${n}`)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  })

  it('are forgiven when the password was right', async () => {
    const email = await addStaff(server.store, 'agent')
    for (let n = 0; n < 30; n += 1) {
      expect((await new DeskClient(server.url).logIn(email)).status).toBe(200)
    }
  })
})
