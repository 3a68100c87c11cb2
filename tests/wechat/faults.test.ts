import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../fixtures/fake-wechat.ts'
import { sample } from '../fixtures/pictures.ts'
import { WechatApp } from './wechat-app.ts'

const SEND = '/cgi-bin/message/custom/send'

let shop: WechatApp

beforeAll(async () => {
  shop = await WechatApp.start()
})
afterAll(() => shop.stop())

const timesShown = (openid: string, text: string): number =>
  shop.wechat.phoneOf(openid).filter((shown) => shown.includes(text)).length

describe('an answer of the staff', () => {
  it('whose fate WeChat keeps to itself is unknown, and never sent again by itself', async () => {
    const id = await shop.handOver('oCut')
    await expect.poll(() => timesShown('oCut', '已接入')).toBe(1)
    shop.wechat.fail(SEND, { kind: 'cut', accepted: true })
    expect(await shop.deliveryOf(id, await shop.reply(id, '第一句'))).toBe('unknown network')
    shop.wechat.fail(SEND, { kind: 'cut', accepted: false })
    expect(await shop.deliveryOf(id, await shop.reply(id, '第二句'))).toBe('unknown network')
    expect(await shop.deliveryOf(id, await shop.reply(id, '第三句'))).toBe('sent')
    await shop.restart()
    expect(await shop.deliveryOf(id, await shop.reply(id, '第四句'))).toBe('sent')
    expect(['第一句', '第二句', '第三句', '第四句'].map((text) => timesShown('oCut', text))).toEqual([
      1, 0, 1, 1,
    ])
  })

  it('that WeChat was too busy for, or whose token ran out, arrives once', async () => {
    const id = await shop.handOver('oBusy')
    await expect.poll(() => timesShown('oBusy', '已接入')).toBe(1)
    shop.wechat.fail(SEND, { kind: 'http', status: 502 }, { kind: 'errcode', errcode: -1 })
    const first = await shop.reply(id, '忙')
    shop.wechat.expireToken()
    const second = await shop.reply(id, '令牌')
    expect(await shop.deliveryOf(id, first)).toBe('sent')
    expect(await shop.deliveryOf(id, second)).toBe('sent')
    expect(shop.wechat.phoneOf('oBusy').slice(-2)).toEqual(['忙', '令牌'])
  })

  it('beyond the quota waits for the merchant and comes with the next answer', async () => {
    const id = await shop.handOver('oQuota')
    await expect.poll(() => timesShown('oQuota', '已接入')).toBe(1)
    shop.wechat.exhaust('oQuota')
    const [first, second] = [await shop.reply(id, '先关机'), await shop.reply(id, '再开机')]
    for (const seq of [first, second]) expect(await shop.deliveryOf(id, seq)).toBe('parked quota')
    expect((await shop.ticket(id)).quota?.remaining).toBe(0)
    const { bodies } = await shop.wechat.say('oQuota', '怎么弄')
    expect(bodies).toEqual(['先关机\n\n再开机'])
    for (const seq of [first, second]) expect(await shop.deliveryOf(id, seq)).toBe('sent')
  })

  it('after the window has failed for good, and says so', async () => {
    const id = await shop.handOver('oLate')
    await expect.poll(() => timesShown('oLate', '已接入')).toBe(1)
    shop.wechat.closeWindow('oLate')
    expect(await shop.deliveryOf(id, await shop.reply(id, '在吗'))).toBe('failed window_closed')
    expect((await shop.ticket(id)).quota).toEqual({ remaining: 0, windowEndsAt: null })
  })

  it('longer than a message is sent in parts', async () => {
    const id = await shop.handOver('oLong')
    const text = '请先关机再开机。'.repeat(120)
    expect(await shop.deliveryOf(id, await shop.reply(id, text))).toBe('sent')
    const parts = shop.wechat.phoneOf('oLong').slice(-2)
    expect(parts.join('')).toBe(text)
    expect((await shop.ticket(id)).quota?.remaining).toBe(2)
    shop.wechat.grant('oLong', { MsgType: 'text' })
    const taken: Fault = { kind: 'delay', ms: 0, accepted: true }
    shop.wechat.fail(SEND, taken, { kind: 'errcode', errcode: 45047 })
    expect(await shop.deliveryOf(id, await shop.reply(id, text))).toBe('unknown partly_sent')
  })
})

describe('an account without a customer-service interface', () => {
  it('answers in its responses, and gives what staff wrote with the next one', async () => {
    shop.wechat.canSend = false
    const id = await shop.handOver('oPersonal')
    const seq = await shop.reply(id, '请换一张卡')
    expect(await shop.deliveryOf(id, seq)).toBe('parked no_push')
    const { bodies } = await shop.wechat.say('oPersonal', '在吗')
    expect(bodies[0]).toBe('客服Admin已接入，为您服务。\n\n请换一张卡')
    expect(await shop.deliveryOf(id, seq)).toBe('sent')
    expect(shop.app.logged.some((line) => line.includes('"event":"wechat.refused","errcode":48001'))).toBe(
      true,
    )
    shop.wechat.canSend = true
    await shop.restart()
  })
})

describe('a merchant who leaves', () => {
  it('is sent nothing more, and erased once the open ticket is resolved', async () => {
    await shop.wechat.say('oLeaving', '我叫王麻子 打印机不出纸')
    shop.wechat.media.set('m-1', { type: 'image/jpeg', bytes: sample('plain.jpg') })
    await shop.wechat.send('oLeaving', { MsgType: 'image', MediaId: 'm-1', MsgId: '904' })
    const id = await shop.handOver('oLeaving')
    await shop.reply(id, '王麻子您好')
    await shop.wechat.event('oLeaving', 'unsubscribe')
    const before = shop.wechat.phoneOf('oLeaving').length
    expect(await shop.deliveryOf(id, await shop.reply(id, '还在吗王麻子'))).toBe('failed unsubscribed')
    expect((await shop.ticket(id)).transcript.some(({ text }) => text.includes('王麻子'))).toBe(true)
    const [attachment] = (await shop.ticket(id)).transcript.flatMap(({ attachments }) => attachments ?? [])
    const look = async (): Promise<number> => (await shop.desk.get(`/attachments/${attachment?.id}`)).status
    expect(await look()).toBe(200)
    await shop.desk.post(`/tickets/${id}/resolve`, { fix: '王麻子的打印头' })
    await expect.poll(() => shop.filesWith('王麻子'), { timeout: 10_000 }).toEqual([])
    expect(shop.filesWith('oLeaving')).toEqual([])
    expect(await look()).toBe(404)
    const { transcript, ticket } = await shop.ticket(id)
    expect(new Set(transcript.map(({ text }) => text))).toEqual(new Set(['（已删除）']))
    expect(ticket.status).toBe('resolved')
    expect(shop.wechat.phoneOf('oLeaving')).toHaveLength(before)
    expect(shop.app.logged.join('\n')).not.toMatch(/王麻子|oLeaving/)
  })

  it('is erased at once without an open ticket, and welcome again', async () => {
    const left = { MsgType: 'event', Event: 'unsubscribe', CreateTime: '1764000000' }
    await shop.wechat.say('oBack', '我叫赵小花')
    await shop.wechat.send('oBack', left)
    await expect.poll(() => shop.filesWith('赵小花'), { timeout: 10_000 }).toEqual([])
    await shop.wechat.event('oBack', 'subscribe')
    expect(shop.wechat.phoneOf('oBack').at(-1)).toMatch(/^您好/)
    await shop.wechat.say('oBack', '我叫赵小花')
    // A late copy of the farewell undoes nothing, also not a moment later.
    await shop.wechat.send('oBack', left)
    await pause(1_500)
    expect(shop.filesWith('赵小花').length).toBeGreaterThan(0)
    await shop.wechat.say('oBack', '打印机不出纸')
    expect(shop.wechat.phoneOf('oBack').at(-1)).toMatch(/^请换57毫米/)
  })
})

it('neither tokens nor secrets nor openids nor words are in the log', () => {
  const log = shop.app.logged.join('\n')
  expect(log).not.toMatch(
    /FAKE-TOKEN|fake-app-secret|pamtest|abcdefghijklmnopqrstuvwxyz0123|oPersonal|请换一张卡/,
  )
})
