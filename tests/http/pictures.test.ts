import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clearUnsent, UNSENT_KEPT_MS } from '../../src/app/clear-unsent.ts'
import { receiveMessage } from '../../src/app/receive-message.ts'
import { PICTURES_PER_HOUR } from '../../src/app/save-picture.ts'
import { attachmentId } from '../../src/core/ids.ts'
import { TicketAnswer } from '../../src/http/schema.ts'
import { AttachmentAnswer } from '../../src/http/widget-schema.ts'
import { shippedContent } from '../fixtures/content.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { hugePng, sample, withJpegSegment } from '../fixtures/pictures.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'
import { SteadyClock, SteadyIds } from '../fixtures/steady.ts'
import { formWith, WidgetClient } from '../fixtures/widget-client.ts'

let clock: SteadyClock
let server: RunningServer
let merchant: WidgetClient

/** The whole edge with the real turn behind it. */
async function start(limits = {}): Promise<void> {
  server = await startServer({
    clock,
    limits: { uploadsPerMinute: 1_000, ...limits },
    receive: (store) => receiveMessage({ store, content: shippedContent, clock, ids: new SteadyIds() }),
  })
  merchant = await WidgetClient.open(server.url)
}

beforeEach(async () => {
  clock = new SteadyClock()
  await start()
})

afterEach(async () => {
  await server.close()
})

async function deskOf(name = 'agent'): Promise<DeskClient> {
  return DeskClient.loggedIn(server.url, await addStaff(server.store, 'agent', { name }))
}

/** A ticket of the merchant's, taken by the member of staff. */
async function claimedTicket(desk: DeskClient): Promise<string> {
  await merchant.say('human', '人工')
  const { rows } = await server.store.listTickets({ limit: 1 })
  const ticket = rows[0]?.ticket
  if (ticket === undefined) throw new Error('no ticket was opened')
  const { version } = ticket
  expect((await desk.post(`/tickets/${ticket.id}/claim`, { version })).status).toBe(200)
  return ticket.id
}

const refusalOf = async (answer: Response): Promise<{ status: number; detail: string }> => answer.json()

describe('a picture a merchant brings', () => {
  it('comes back without what the camera wrote, to its owner only, in headers that keep it a picture', async () => {
    const file = sample('camera.jpg')
    const answer = await merchant.upload(file)
    expect(answer.status).toBe(201)
    const { attachmentId: id, ...rest } = AttachmentAnswer.parse(await answer.json())
    expect(id).toMatch(/^[a-z0-9]{26}$/)
    expect(rest).toEqual({ mime: 'image/jpeg', width: 32, height: 48 })
    const shown = await merchant.get(`/attachments/${id}`)
    expect(shown.status).toBe(200)
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-disposition': `inline; filename="${id}.jpg"`,
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=3600, immutable',
      'cross-origin-resource-policy': 'same-origin',
    })
    const bytes = Buffer.from(await shown.arrayBuffer())
    expect(bytes.includes('SECRET')).toBe(false)
    expect(bytes.length).toBeGreaterThan(500)
    const stranger = await WidgetClient.open(server.url)
    const answers = await Promise.all(
      [id, 'a'.repeat(26), '..%2f..%2fsecrets', '%00'].map((one) => stranger.get(`/attachments/${one}`)),
    )
    const bodies = await Promise.all(answers.map(refusalOf))
    expect(bodies.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(new Set(bodies.map(({ detail }) => detail)).size).toBe(1)
    expect((await fetch(`${server.url}/widget/v1/attachments/${id}`)).status).toBe(401)
  })

  it('is asked for its type by its content, not by its name', async () => {
    for (const [file, mime] of [
      ['plain.png', 'image/png'],
      ['plain.webp', 'image/webp'],
    ] as const) {
      const answer = await merchant.upload(sample(file))
      expect(await answer.json()).toMatchObject({ mime })
    }
  })

  it.each([
    ['a GIF', sample('moving.gif'), 415, 'GIF'],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415, 'made of text'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 415, 'made of text'],
    ['a picture cut short', sample('plain.jpg').subarray(0, -20), 400, 'ends too soon'],
    ['one of too many pixels', hugePng(60_000, 60_000), 413, '60000 × 60000'],
    ['nothing', Buffer.alloc(0), 415, 'no picture'],
  ])('is refused with a word when it is %s', async (_name, file, status, detail) => {
    const refusal = await refusalOf(await merchant.upload(file))
    expect(refusal.status).toBe(status)
    expect(refusal.detail).toContain(detail)
  })

  it('is refused as soon as it is too large, and the connection goes on', async () => {
    await server.close()
    await start({ uploadBytes: 100_000 })
    for (const size of [100_001, 109_000, 3_000_000]) {
      const large = withJpegSegment(sample('plain.jpg'), 0xfe, Buffer.alloc(10))
      const refusal = await refusalOf(await merchant.upload(Buffer.concat([large, Buffer.alloc(size)])))
      expect([size, refusal.status]).toEqual([size, 413])
    }
    expect((await merchant.upload(sample('plain.jpg'))).status).toBe(201)
  })

  it.each([
    ['a JSON body', { body: '{}', headers: { 'Content-Type': 'application/json' } }, 415],
    ['a form without a border', { body: 'x', headers: { 'Content-Type': 'multipart/form-data' } }, 415],
    ['an empty border', { body: 'x', headers: { 'Content-Type': 'multipart/form-data; boundary=' } }, 400],
    [
      'a form that never begins',
      { body: 'x', headers: { 'Content-Type': 'multipart/form-data; boundary=b' } },
      400,
    ],
    ['two files', { body: formWith(sample('plain.png'), sample('plain.png')) }, 400],
    ['a word beside it', { body: formOfWords() }, 400],
    ['an empty form', { body: new FormData() }, 400],
  ])(
    'is refused in %s',
    async (_name, init: { body: BodyInit; headers?: Record<string, string> }, status) => {
      const answer = await fetch(`${server.url}/widget/v1/attachments`, {
        method: 'POST',
        body: init.body,
        headers: { ...merchant.authorization, ...init.headers },
      })
      expect((await refusalOf(answer)).status).toBe(status)
    },
  )

  it('whose sender goes away leaves nothing behind', async () => {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n`
    socket.write(
      `POST /widget/v1/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: ${merchant.authorization['Authorization'] ?? ''}\r\n` +
        `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n${head}`,
    )
    socket.destroy()
    // The place at the gate is free again: otherwise the seventh would be refused.
    for (let n = 0; n < 7; n += 1) expect((await merchant.upload(sample('plain.png'))).status).toBe(201)
    expect(server.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('is one of ten an hour, refused ones not counted', async () => {
    for (let n = 0; n < 3; n += 1) await merchant.upload(sample('moving.gif'))
    for (let n = 0; n < PICTURES_PER_HOUR; n += 1) {
      expect((await merchant.upload(sample('plain.png'))).status).toBe(201)
      clock.advance(60_000)
    }
    const refused = await merchant.upload(sample('plain.png'))
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBe(50 * 60)
    expect((await (await WidgetClient.open(server.url)).upload(sample('plain.png'))).status).toBe(201)
    clock.advance(50 * 60_000)
    expect((await merchant.upload(sample('plain.png'))).status).toBe(201)
  })

  it('is one of so many a minute from one network, good ones and bad', async () => {
    await server.close()
    await start({ uploadsPerMinute: 3 })
    const statuses = []
    for (let n = 0; n < 4; n += 1) statuses.push((await merchant.upload(Buffer.from('x'))).status)
    expect(statuses).toEqual([415, 415, 415, 429])
  })

  it('goes after a day when it was never sent, and stays when it was', async () => {
    const [sent, unsent] = [
      await merchant.bring(sample('plain.png')),
      await merchant.bring(sample('plain.png')),
    ]
    expect((await merchant.post({ clientMsgId: 'm', attachmentIds: [sent] })).status).toBe(200)
    clock.advance(UNSENT_KEPT_MS)
    expect(await clearUnsent({ store: server.store, clock })).toBe(0)
    clock.advance(1)
    expect(await clearUnsent({ store: server.store, clock })).toBe(1)
    expect((await merchant.get(`/attachments/${sent}`)).status).toBe(200)
    expect((await merchant.get(`/attachments/${unsent}`)).status).toBe(404)
  })
})

describe('a message with pictures', () => {
  it('is stored with them, with words or without, once however often it comes', async () => {
    const ids = [await merchant.bring(sample('plain.png')), await merchant.bring(sample('camera.jpg'))]
    const body = { clientMsgId: 'm', text: '屏幕是这样的', attachmentIds: ids }
    const first: unknown = await (await merchant.post(body)).json()
    for (const id of ids) await server.store.attachments.remove(attachmentId(id))
    expect(await (await merchant.post(body)).json()).toEqual(first)
    const { messages } = await merchant.read()
    const own = messages.filter(({ author }) => author === 'merchant')
    expect(own).toHaveLength(1)
    expect(own[0]).toMatchObject({
      text: '屏幕是这样的',
      attachments: [
        { id: ids[0], mime: 'image/png', width: 48, height: 32 },
        { id: ids[1], mime: 'image/jpeg', width: 32, height: 48 },
      ],
    })
    const stop = new AbortController()
    for await (const event of merchant.follow(0, stop.signal)) {
      if (event.id !== own[0]?.seq) continue
      expect(event.data).toEqual(own[0])
      stop.abort()
      break
    }
  })

  it('takes a picture alone, and the bot says that it cannot read it', async () => {
    const id = await merchant.bring(sample('plain.png'))
    expect((await merchant.post({ clientMsgId: 'm', attachmentIds: [id] })).status).toBe(200)
    const { messages } = await merchant.read()
    expect(messages.map(({ author, text }) => [author, text])).toEqual([
      ['bot', expect.any(String)],
      ['merchant', ''],
      ['bot', expect.stringContaining('我看不懂图片')],
    ])
  })

  it('is refused for pictures that are not there, foreign, staff’s, named twice or too many', async () => {
    const own = await merchant.bring(sample('plain.png'))
    const foreign = await (await WidgetClient.open(server.url)).bring(sample('plain.png'))
    const desk = await deskOf()
    const ticket = await claimedTicket(desk)
    const uploaded = await desk.upload(`/tickets/${ticket}/attachments`, sample('plain.png'))
    const staffs = AttachmentAnswer.parse(await uploaded.json()).attachmentId
    const five = await Promise.all([1, 2, 3, 4].map(() => merchant.bring(sample('plain.png'))))
    for (const attachmentIds of [
      ['a'.repeat(26)],
      [foreign],
      [staffs],
      [own, own],
      [own, ...five],
      ['../../x'],
      [],
      [7],
    ]) {
      const answer = await merchant.post({ clientMsgId: 'm-1', attachmentIds })
      expect([attachmentIds, answer.status]).toEqual([attachmentIds, 400])
    }
    expect((await merchant.post({ clientMsgId: 'm-1', attachmentIds: [own] })).status).toBe(200)
  })
})

describe('pictures at the desk', () => {
  it('are seen by staff, each look on the audit trail, and sent by who holds the ticket', async () => {
    const brought = await merchant.bring(sample('camera.jpg'))
    await merchant.post({ clientMsgId: 'm', text: '刷卡失败', attachmentIds: [brought] })
    const desk = await deskOf()
    const ticket = await claimedTicket(desk)
    const { transcript } = TicketAnswer.parse(await (await desk.get(`/tickets/${ticket}`)).json())
    expect(transcript.flatMap(({ attachments = [] }) => attachments.map(({ id }) => id))).toEqual([brought])
    const seen = await desk.get(`/attachments/${brought}`)
    expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    expect(server.store.audit.at(-1)).toMatchObject({ action: 'look_at_picture', detail: brought })
    for (const id of ['a'.repeat(26), '..%2fx'])
      expect((await desk.get(`/attachments/${id}`)).status).toBe(404)

    const uploaded = await desk.upload(`/tickets/${ticket}/attachments`, sample('plain.webp'))
    expect(uploaded.status).toBe(201)
    const id = AttachmentAnswer.parse(await uploaded.json()).attachmentId
    const body = { clientMsgId: 'r', text: '', attachmentIds: [id] }
    const first = await desk.post(`/tickets/${ticket}/reply`, body)
    expect(first.status).toBe(200)
    const seq: unknown = await first.json()
    await server.store.attachments.remove(attachmentId(id))
    expect(await (await desk.post(`/tickets/${ticket}/reply`, body)).json()).toEqual(seq)
    const last = (await merchant.read()).messages.at(-1)
    expect(last).toMatchObject({ author: 'agent', text: '', attachments: [{ id, mime: 'image/webp' }] })
  })

  it('are not taken from who does not hold the ticket, nor the merchant’s or a colleague’s sent again', async () => {
    const brought = await merchant.bring(sample('plain.png'))
    const [desk, other] = [await deskOf(), await deskOf('other')]
    const ticket = await claimedTicket(desk)
    expect((await other.upload(`/tickets/${ticket}/attachments`, sample('plain.png'))).status).toBe(409)
    expect((await desk.upload(`/tickets/${'a'.repeat(26)}/attachments`, sample('plain.png'))).status).toBe(
      404,
    )
    for (const attachmentIds of [[brought], ['a'.repeat(26)]]) {
      const answer = await desk.post(`/tickets/${ticket}/reply`, {
        clientMsgId: 'r',
        text: 'x',
        attachmentIds,
      })
      expect(answer.status).toBe(400)
    }
    expect((await desk.post(`/tickets/${ticket}/reply`, { clientMsgId: 'r', text: '' })).status).toBe(400)
    expect((await desk.post(`/tickets/${ticket}/reply`, { clientMsgId: 'r' })).status).toBe(400)
  })

  it('need the token of the log-in to be brought or taken away', async () => {
    const desk = await deskOf()
    const ticket = await claimedTicket(desk)
    desk.csrfToken = 'wrong'
    expect((await desk.upload(`/tickets/${ticket}/attachments`, sample('plain.png'))).status).toBe(403)
    expect((await desk.post(`/tickets/${ticket}/attachments/${'a'.repeat(26)}/remove`, {})).status).toBe(403)
  })

  it('that show a card are taken away for good, and the merchant is asked for another one', async () => {
    const brought = await merchant.bring(sample('plain.png'))
    await merchant.post({ clientMsgId: 'm', attachmentIds: [brought] })
    const desk = await deskOf()
    const ticket = await claimedTicket(desk)
    const path = `/tickets/${ticket}/attachments/${brought}/remove`
    expect((await desk.post(path, {})).status).toBe(200)
    expect((await merchant.get(`/attachments/${brought}`)).status).toBe(404)
    expect((await desk.get(`/attachments/${brought}`)).status).toBe(404)
    const { messages } = await merchant.read()
    expect(messages.flatMap(({ attachments = [] }) => attachments)).toEqual([
      { id: brought, mime: 'image/png', width: 48, height: 32, removed: true },
    ])
    expect(messages.at(-1)).toMatchObject({
      author: 'system',
      text: expect.stringContaining('请遮住后再拍一张'),
    })
    expect(server.store.audit.at(-1)?.action).toBe('remove_picture')
    // A second time there is nothing left, and nothing more is said.
    expect((await desk.post(path, {})).status).toBe(404)
    expect((await merchant.read()).messages).toHaveLength(messages.length)
  })

  it('of another merchant are not taken away through this ticket', async () => {
    const foreign = await (await WidgetClient.open(server.url)).bring(sample('plain.png'))
    const desk = await deskOf()
    const ticket = await claimedTicket(desk)
    expect((await desk.post(`/tickets/${ticket}/attachments/${foreign}/remove`, {})).status).toBe(404)
    expect(await server.store.attachments.find(attachmentId(foreign))).toBeDefined()
  })
})

function formOfWords(): FormData {
  const form = formWith(sample('plain.png'))
  form.append('holder', 'agent')
  return form
}
