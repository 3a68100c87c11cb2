import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ViewsAnswer } from '../../src/http/desk-schema.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'

const Refusal = z.object({ status: z.number(), code: z.string(), detail: z.string() })
const filters = { tab: 'open', priority: 'P1', q: '' } as const

let server: RunningServer
let email: string
let desk: DeskClient

beforeEach(async () => {
  server = await startServer()
  email = await addStaff(server.store, 'agent')
  desk = await DeskClient.loggedIn(server.url, email)
})

afterEach(async () => {
  await server.close()
})

const namesOf = async (client: DeskClient): Promise<string[]> =>
  ViewsAnswer.parse(await (await client.get('/views')).json()).views.map(({ name }) => name)

describe('saved views', () => {
  it('follow the agent to another browser, and are nobody else’s', async () => {
    await desk.post('/views', { name: '急件', filters })
    await desk.post('/views', { name: '我的', filters: { tab: 'mine', priority: '', q: '读卡' } })
    await desk.post('/views', { name: '急件', filters: { ...filters, q: '扣款' } })
    const elsewhere = await DeskClient.loggedIn(server.url, email)
    expect(ViewsAnswer.parse(await (await elsewhere.get('/views')).json())).toEqual({
      views: [
        { name: '急件', filters: { ...filters, q: '扣款' } },
        { name: '我的', filters: { tab: 'mine', priority: '', q: '读卡' } },
      ],
    })
    const other = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'lead'))
    expect(await namesOf(other)).toEqual([])
    await elsewhere.post('/views/remove', { name: '急件' })
    await elsewhere.post('/views/remove', { name: '没有这个' })
    expect(await namesOf(desk)).toEqual(['我的'])
  })

  it('are at most twenty, and the refusal says what to do', async () => {
    for (let n = 1; n <= 20; n += 1) {
      expect((await desk.post('/views', { name: `视图${n}`, filters })).status).toBe(200)
    }
    const refused = await desk.post('/views', { name: '又一个', filters })
    expect(Refusal.parse(await refused.json())).toMatchObject({
      status: 409,
      code: 'conflict',
      detail: '20 views are saved already; remove one first',
    })
    expect((await desk.post('/views', { name: '视图3', filters: { ...filters, q: 'x' } })).status).toBe(200)
    expect(await namesOf(desk)).toHaveLength(20)
  })

  it.each([
    { name: '', filters },
    { name: '  ', filters },
    { name: '字'.repeat(31), filters },
    { name: 'a\u0000b', filters },
    { name: 'x', filters: { ...filters, tab: 'none' } },
    { name: 'x', filters: { ...filters, q: '字'.repeat(101) } },
    { name: 'x', filters: { ...filters, owner: 'me' } },
    { name: 'x', filters, agentId: 'me' },
  ])('refuse %j', async (view) => {
    expect((await desk.post('/views', view)).status).toBe(400)
    expect(await namesOf(desk)).toEqual([])
  })

  it('keep no card number', async () => {
    await desk.post('/views', { name: '卡4111111111111111', filters: { ...filters, q: '4111111111111111' } })
    expect(await (await desk.get('/views')).text()).not.toContain('4111111111111111')
  })
})
