import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ManagedAgentAnswer, StatsAnswer, VocabularyAnswer } from '../../src/http/desk-schema.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import {
  addStaff,
  cheapPasswords,
  PASSWORD,
  startServer,
  type RunningServer,
} from '../fixtures/running-server.ts'

let server: RunningServer
let admin: DeskClient
let agent: DeskClient

beforeAll(async () => {
  server = await startServer()
  admin = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'admin'))
  agent = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'agent'))
})

afterAll(async () => {
  await server.close()
})

describe('staff', () => {
  it('is added with a generated password that works', async () => {
    const wanted = { email: 'new@posdesk.test', name: '小王', role: 'agent' }
    const added = await admin.post('/agents', wanted)
    expect(added.status).toBe(201)
    const { password, agent: made } = ManagedAgentAnswer.parse(await added.json())
    expect(made).toMatchObject({ name: '小王', role: 'agent', disabled: false })
    const client = new DeskClient(server.url)
    expect((await client.logIn('new@posdesk.test', password)).status).toBe(200)
    expect((await admin.post('/agents', wanted)).status).toBe(409)

    expect((await admin.patch(`/agents/${made.id}`, { disabled: true })).status).toBe(200)
    expect((await client.get('/me')).status).toBe(401)
    const renewed = await admin.patch(`/agents/${made.id}`, { disabled: false, password: true })
    const fresh = ManagedAgentAnswer.parse(await renewed.json()).password
    expect((await client.logIn('new@posdesk.test', password)).status).toBe(401)
    expect((await client.logIn('new@posdesk.test', fresh)).status).toBe(200)
  })

  it('must log in again after a new password or role, and its streams end', async () => {
    const email = await addStaff(server.store, 'agent', { name: 'moved' })
    const id = (await server.store.listStaff()).find(({ name }) => name === 'moved')?.id ?? ''
    for (const change of [{ password: true }, { role: 'lead' }, { disabled: true }]) {
      const client = new DeskClient(server.url)
      await server.store.saveStaff({
        ...((await server.store.listStaff()).find((one) => one.id === id) ?? expect.fail('gone')),
        passwordHash: await cheapPasswords.hash(PASSWORD),
      })
      expect((await client.logIn(email)).status).toBe(200)
      const stream = await client.get('/events')
      expect(stream.status).toBe(200)
      expect((await admin.patch(`/agents/${id}`, change)).status).toBe(200)
      expect((await client.get('/me')).status).toBe(401)
      // The body ends only because the server ends it.
      expect(await stream.text()).toContain('retry:')
    }
    const other = await DeskClient.loggedIn(
      server.url,
      await addStaff(server.store, 'agent', { name: 'stays' }),
    )
    const stays = (await server.store.listStaff()).find(({ name }) => name === 'stays')?.id ?? ''
    expect((await admin.patch(`/agents/${stays}`, { name: '小赵' })).status).toBe(200)
    expect((await other.get('/me')).status).toBe(200)
  })

  it('is an admin’s business; e-mail addresses too', async () => {
    const someone = (await server.store.listStaff())[0]?.id ?? ''
    expect((await agent.post('/agents', { email: 'a@b.test', name: 'x', role: 'admin' })).status).toBe(403)
    expect((await agent.patch(`/agents/${someone}`, { role: 'admin' })).status).toBe(403)
    expect(await (await agent.get('/agents')).text()).not.toContain('@posdesk.test')
    expect(await (await admin.get('/agents')).text()).toContain('@posdesk.test')
  })

  it('never loses its last admin, and takes no field that is the server’s', async () => {
    const me = z.object({ agent: z.object({ id: z.string() }) }).parse(await (await admin.get('/me')).json())
    expect((await admin.patch(`/agents/${me.agent.id}`, { role: 'agent' })).status).toBe(409)
    expect((await admin.patch(`/agents/${me.agent.id}`, { disabled: true })).status).toBe(409)
    expect((await admin.patch(`/agents/${me.agent.id}`, { passwordHash: 'x' })).status).toBe(400)
    expect((await admin.patch(`/agents/${'z'.repeat(26)}`, { name: 'x' })).status).toBe(404)
    expect((await admin.post('/agents', { email: 'no', name: 'x', role: 'agent' })).status).toBe(400)
  })
})

describe('figures and names', () => {
  it('come in their published form', async () => {
    expect(StatsAnswer.parse(await (await agent.get('/stats')).json())).toMatchObject({
      unresolved: 0,
      firstAnswer: { count: 0, medianMinutes: null },
      rating: { count: 0, average: null },
    })
    const names = VocabularyAnswer.parse(await (await agent.get('/vocabulary')).json())
    expect(names.steps['card_fault/CF1']).toContain('换一张别的银行卡')
    expect(names.answers['card_fault/CF1/all_fail']).toBe('都读不了')
    expect(names.answers['card_fault/CF1/unsure']).toBe('不确定')
    expect(names.answers['duplicate_charge/DU1/two']).toMatch(/^告知.+、/u)
    expect(names.answers).toMatchObject({ yes: '是', no: '否', unsure: '不确定', cannot: '做不了' })
    expect(Object.values(names.answers).filter((words) => /^[a-z_]*$/u.test(words))).toEqual([])
    expect(await (await agent.get('/canned-replies')).json()).toMatchObject({
      replies: expect.arrayContaining([expect.objectContaining({ id: 'hello' })]),
    })
  })
})
