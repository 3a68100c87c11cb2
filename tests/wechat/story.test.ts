import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sample } from '../fixtures/pictures.ts'
import { WechatApp } from './wechat-app.ts'

let shop: WechatApp

beforeAll(async () => {
  shop = await WechatApp.start()
})
afterAll(() => shop.stop())

describe('a merchant in WeChat', () => {
  it('is greeted once, however often the follow is pushed', async () => {
    const fields = { MsgType: 'event', Event: 'subscribe', CreateTime: '1764000000' }
    await Promise.all([1, 2, 3].map(() => shop.wechat.send('oFollower', fields)))
    expect(shop.wechat.phoneOf('oFollower')).toEqual(['您好，我是POS售后助手，请问遇到什么问题？'])
  })

  it('is led through a flow by numbers, labels and words, all in the answer to the push', async () => {
    const say = async (text: string): Promise<string> => {
      const { bodies } = await shop.wechat.say('oNoodles', text)
      return bodies.at(-1) ?? ''
    }
    expect(await say('老是提示卡片故障')).toBe(
      '请换一张别的银行卡试读，读到后按取消即可，那张能读吗？\n\n1. 别的卡能读\n2. 都读不了\n3. 没有别的卡\n\n回复 1 / 2 / 3，也可以直接打字说。',
    )
    expect(await say('２')).toMatch(/^机器是所有方式都读不了.*\n\n1\. 全都读不了\n2\. /)
    expect(await say('全都读不了')).toMatch(/^报错是在读卡时出现/)
    expect(await say('一')).toMatch(/^请看卡槽和键盘/)
    expect(await say('没有什么东西')).toMatch(/重启|关机/)
    expect(shop.wechat.calls.filter(({ path }) => path.endsWith('/custom/send'))).toEqual([])
  })

  it('is told what cannot be read, and asked again what was asked', async () => {
    await shop.wechat.say('oTea', '打印机不出纸')
    const { bodies } = await shop.wechat.send('oTea', { MsgType: 'voice', MediaId: 'v', MsgId: '901' })
    expect(bodies[0]).toMatch(
      /^抱歉，我听不了语音，请打字.*\n请换57毫米热敏纸.*\n\n1\. 好了\n2\. 还是不行\n/s,
    )
    const spoken = { MsgType: 'voice', MediaId: 'v', MsgId: '902', Recognition: '还是不行。' }
    expect((await shop.wechat.send('oTea', spoken)).bodies[0]).not.toMatch(/听不了/)
  })

  it('says a place where an address is asked for', async () => {
    await shop.wechat.say('oMoving', '我下礼拜店搬到河西去 机器能带过去用吗')
    const place = {
      MsgType: 'location',
      Location_X: '1',
      Location_Y: '2',
      Label: '北京市朝阳区建国路88号',
      MsgId: '903',
    }
    await shop.wechat.send('oMoving', place)
    const { tickets } = await (await shop.desk.get('/tickets?status=unresolved')).json()
    const cards = await Promise.all(
      tickets.map(async ({ id }: { id: string }) => (await shop.ticket(id)).card.slots),
    )
    expect(cards).toContainEqual(expect.objectContaining({ service_address: '北京市朝阳区建国路88号' }))
  })

  it('sends a picture that staff can see', async () => {
    shop.wechat.media.set('m-1', { type: 'image/jpeg', bytes: sample('camera.jpg') })
    const { bodies } = await shop.wechat.send('oPicture', { MsgType: 'image', MediaId: 'm-1', MsgId: '904' })
    expect(bodies[0]).toMatch(/^图片收到了/)
    const id = await shop.handOver('oPicture')
    const { transcript } = await shop.conversation(id)
    const [attachment] = transcript.find(({ attachments }) => attachments)?.attachments ?? []
    expect((await shop.desk.get(`/attachments/${attachment?.id}`)).status).toBe(200)
    const gone = await shop.wechat.send('oPicture2', { MsgType: 'image', MediaId: 'm-2', MsgId: '905' })
    expect(gone.bodies[0]).toMatch(/^抱歉，我看不了图片/)
  })
})

describe('the staff', () => {
  it('answer through the customer-service interface and see what may still be sent', async () => {
    const id = await shop.handOver('oDumplings')
    expect((await shop.conversation(id)).conversation.channel).toBe('wechat')
    const seq = await shop.reply(id, '您好，我来帮您看')
    expect(await shop.deliveryOf(id, seq)).toBe('sent')
    expect(shop.wechat.phoneOf('oDumplings').slice(-2)).toEqual([
      '客服Admin已接入，为您服务。',
      '您好，我来帮您看',
    ])
    const { quota } = await shop.ticket(id)
    expect(quota?.remaining).toBe(3)
    expect(shop.wechat.quotaOf('oDumplings')).toBe(3)
    const hours = (new Date(quota?.windowEndsAt ?? 0).getTime() - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(47.9)
    expect((await shop.conversation(id)).conversation.quota).toEqual(quota)
  })

  it('send a picture, and hear when WeChat does not take its kind', async () => {
    const id = await shop.handOver('oTofu')
    const bring = async (name: string): Promise<number> => {
      const uploaded = await shop.desk.upload(`/tickets/${id}/attachments`, sample(name))
      const { attachmentId }: { attachmentId: string } = await uploaded.json()
      const said = { clientMsgId: name.replace('.', '-'), text: '按图操作', attachmentIds: [attachmentId] }
      const { seq }: { seq: number } = await (await shop.desk.post(`/tickets/${id}/reply`, said)).json()
      return seq
    }
    expect(await shop.deliveryOf(id, await bring('plain.jpg'))).toBe('sent')
    expect(shop.wechat.phoneOf('oTofu').slice(-2)).toEqual(['按图操作', '[uploaded-1]'])
    expect((await shop.ticket(id)).quota?.remaining).toBe(2)
    expect(await shop.deliveryOf(id, await bring('plain.webp'))).toBe('failed picture_type')
    shop.wechat.fail('/cgi-bin/media/upload', { kind: 'cut', accepted: true })
    expect(await shop.deliveryOf(id, await bring('plain.png'))).toBe('sent')
    expect(shop.wechat.phoneOf('oTofu').filter((text) => text === '按图操作')).toHaveLength(2)
  })

  it('end a case with one message, which the merchant answers by a number', async () => {
    const id = await shop.handOver('oBuns')
    await shop.reply(id, '换了读卡头')
    expect((await shop.desk.post(`/tickets/${id}/resolve`, { fix: '换了读卡头' })).status).toBe(200)
    await expect
      .poll(() => shop.wechat.phoneOf('oBuns').at(-1))
      .toMatch(/^您的工单.*已处理完.*\n请给这次服务打个分.*\n回复 1 \/ 2/s)
    expect(shop.wechat.quotaOf('oBuns')).toBe(2)
    await shop.wechat.say('oBuns', '5')
    expect(shop.wechat.phoneOf('oBuns').at(-1)).toMatch(/^谢谢您的评价/)
    expect(await (await shop.desk.get('/stats')).json()).toMatchObject({ rating: { count: 1, average: 5 } })
  })

  it('keep the last two messages for themselves: the bot’s own wait for the merchant', async () => {
    const id = await shop.handOver('oRice')
    for (const text of ['一', '二']) await shop.deliveryOf(id, await shop.reply(id, text))
    await shop.desk.post(`/tickets/${id}/release`, {})
    const { transcript } = await shop.ticket(id)
    const released = transcript.at(-1)
    expect(released?.author).toBe('system')
    expect(await shop.deliveryOf(id, released?.seq ?? 0)).toBe('parked kept_for_staff')
    expect(shop.wechat.quotaOf('oRice')).toBe(2)
    await shop.wechat.say('oRice', '还在吗')
    expect(shop.wechat.phoneOf('oRice').at(-1)).toMatch(/^客服已把您的工单放回队列.*\n\n您的工单/s)
  })
})
