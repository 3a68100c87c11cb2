import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MovedTicketAnswer, TicketAnswer, TicketsAnswer } from '../../src/http/schema.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { PASSWORD } from '../fixtures/running-server.ts'
import { postJson, WidgetClient } from '../fixtures/widget-client.ts'
import { ADMIN, startWholeApp, type WholeApp } from './whole-app.ts'

let folder: string
let app: WholeApp

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posdesk-desk-'))
  app = await startWholeApp(folder)
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function deskOf(url: string): Promise<DeskClient> {
  const desk = new DeskClient(url)
  await desk.logIn(ADMIN, PASSWORD)
  return desk
}

it('goes from the bot to a person and back, survives a restart, and ends with a rating', async () => {
  let merchant = await WidgetClient.open(app.url)
  await merchant.say('m-1', '刷卡提示卡片故障')
  await merchant.say('m-2', '换了三张都不行')
  await merchant.say('m-3', '叫个人来吧')
  const waiting = await merchant.read()
  expect(waiting).toMatchObject({ holder: 'queue', waiting: { position: 1 } })

  let desk = await deskOf(app.url)
  const [queued] = TicketsAnswer.parse(await (await desk.get('/tickets?assignee=none')).json()).tickets
  if (queued === undefined) throw new Error('there is no ticket')
  const seen = TicketAnswer.parse(await (await desk.get(`/tickets/${queued.id}`)).json())
  expect(seen.card.path).toMatchObject([{ step: 'CF1', answer: 'all_fail', said: '换了三张都不行' }])
  const claimed = await desk.post(`/tickets/${queued.id}/claim`, { version: seen.ticket.version })
  const { epoch } = MovedTicketAnswer.parse(await claimed.json()).ticket

  const before = (await merchant.read()).lastSeq
  await merchant.say('m-4', '在吗')
  const silent = await merchant.read(`?after=${before}`)
  expect(silent).toMatchObject({ holder: 'agent', messages: [{ author: 'merchant', text: '在吗' }] })
  expect(silent.waiting).toBeUndefined()

  await app.close()
  app = await startWholeApp(folder)
  merchant = merchant.movedTo(app.url)
  desk = await deskOf(app.url)
  const said = { clientMsgId: 'a-1', text: '您好，师傅下午到店换读卡头', epoch }
  expect((await desk.post(`/tickets/${queued.id}/reply`, said)).status).toBe(200)
  expect((await merchant.read()).messages.at(-1)).toMatchObject({ author: 'agent', text: said.text })

  expect((await desk.post(`/tickets/${queued.id}/resolve`, { fix: '更换读卡头' })).status).toBe(200)
  const asked = (await merchant.read()).messages.at(-1)
  expect(asked).toMatchObject({ author: 'bot', text: expect.stringContaining('打个分') })
  const choice = { id: '5', promptSeq: asked?.seq }
  expect((await merchant.post({ clientMsgId: 'm-5', choice })).status).toBe(200)
  await merchant.say('m-6', '师傅很快就来了，挺好的')
  expect((await merchant.read()).messages.at(-1)?.text).toContain('都记下了')
  await merchant.say('m-7', '小票打出来是白的')
  expect((await merchant.read()).messages.at(-1)?.text).toContain('纸装反')

  const stats = await (await desk.get('/stats')).json()
  expect(stats).toMatchObject({
    unresolved: 0,
    resolved: { staff: 1 },
    escalated: { asked_for_human: 1 },
    rating: { count: 1, average: 5 },
  })
  const again = await postJson(`${app.url}/widget/v1/rating`, { score: 4 }, merchant.authorization)
  expect(again.status).toBe(200)
  expect(await (await desk.get('/stats')).json()).toMatchObject({ rating: { count: 1, average: 4 } })
})
