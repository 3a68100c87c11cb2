import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/core/conversation.ts'
import { conversationId } from '../../src/core/ids.ts'
import { AppError } from '../../src/core/errors.ts'
import { GREETING } from '../fixtures/echo-receive.ts'
import { startServer, untilWatching, type RunningServer } from '../fixtures/running-server.ts'
import { postJson, WidgetClient } from '../fixtures/widget-client.ts'

let server: RunningServer

beforeEach(async () => {
  server = await startServer()
})

afterEach(async () => {
  await server.close()
})

describe('POST /widget/v1/session', () => {
  it('gives a token, the id of the conversation to come and what to show', async () => {
    const answer = await postJson(`${server.url}/widget/v1/session`, { locale: 'zh-CN' })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toEqual({
      sessionToken: expect.stringMatching(/^[a-z0-9]{26}\.[A-Za-z0-9_-]{43}$/),
      conversationId: expect.stringMatching(/^[a-z0-9]{26}$/),
      lastSeq: 0,
      config: {
        greeting: GREETING,
        name: '示例支付',
        hotline: '400-000-0000',
        locale: 'zh-CN',
        limits: { text: 4000 },
      },
    })
  })

  it('takes a request without a body', async () => {
    const answer = await fetch(`${server.url}/widget/v1/session`, { method: 'POST' })
    expect(answer.status).toBe(201)
  })

  it('writes nothing, nor does looking at an empty talk', async () => {
    const client = await WidgetClient.open(server.url)
    expect(await client.read()).toEqual({ messages: [], lastSeq: 0, processedSeq: 0, holder: 'bot' })
    expect(server.store.writes).toBe(0)
  })

  it('refuses an identity token when no secret is shared', async () => {
    const answer = await postJson(`${server.url}/widget/v1/session`, { identityToken: 'a.b.c' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'invalid' })
  })

  it('refuses a browser that comes from another site', async () => {
    const url = `${server.url}/widget/v1/session`
    const foreign = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site', Origin: server.url },
    ]
    for (const headers of foreign) expect((await postJson(url, {}, headers)).status).toBe(403)
    expect((await postJson(url, {}, { Origin: server.url, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(
      201,
    )
  })
})

describe('POST /widget/v1/messages', () => {
  it('answers with the seq of the stored line, whose turn is then complete', async () => {
    const client = await WidgetClient.open(server.url)
    const seq = await client.say('m-1', '刷卡没反应')
    const page = await client.read()
    expect(seq).toBe(2)
    expect(page).toMatchObject({ lastSeq: 3, processedSeq: 2, holder: 'bot' })
    expect(page.messages.map(({ author, text }) => [author, text])).toEqual([
      ['bot', GREETING],
      ['merchant', '刷卡没反应'],
      ['bot', '收到：刷卡没反应'],
    ])
    expect(page.messages[0]?.choices).toEqual([{ id: 'card_fault', label: '卡片故障' }])
  })

  it('opens the conversation under the id that the session gave', async () => {
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    const stored = await server.store.findConversation(conversationId(client.session.conversationId))
    expect(stored?.lastSeq).toBe(3)
  })

  it('takes a choice', async () => {
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    const answer = await client.post({ clientMsgId: 'm-2', choice: { id: 'card_fault', promptSeq: 1 } })
    expect(await answer.json()).toEqual({ seq: 4 })
  })

  it('takes an empty list of attachments and no other', async () => {
    const client = await WidgetClient.open(server.url)
    expect((await client.post({ clientMsgId: 'm-1', text: '你好', attachmentIds: [] })).status).toBe(200)
    expect((await client.post({ clientMsgId: 'm-2', text: '你好', attachmentIds: ['a'] })).status).toBe(400)
  })

  it('gives the same answer for the same id, one after another', async () => {
    const client = await WidgetClient.open(server.url)
    const first = await client.say('m-1', '你好')
    expect(await client.say('m-1', '你好')).toBe(first)
    expect(await client.say('m-1', '别的话')).toBe(first)
    expect((await client.read()).messages).toHaveLength(3)
  })

  it('takes one turn for fifty copies at once, and for each of twenty messages', async () => {
    const client = await WidgetClient.open(server.url)
    const copies = Array.from({ length: 50 }, () => client.say('same', '你好'))
    expect(new Set(await Promise.all(copies))).toEqual(new Set([2]))
    const texts = Array.from({ length: 20 }, (_, n) => `第${n}句`)
    const sends = texts.flatMap((text, n) => [client.say(`m-${n}`, text), client.say(`m-${n}`, text)])
    const seqs = await Promise.all(sends)
    expect(new Set(seqs).size).toBe(20)
    const { messages } = await client.read()
    const said = messages.filter(({ author }) => author === 'merchant').map(({ text }) => text)
    expect(said).toEqual(['你好', ...texts])
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1))
  })

  it('keeps the same id of two merchants apart', async () => {
    const [noodles, tea] = [await WidgetClient.open(server.url), await WidgetClient.open(server.url)]
    await noodles.say('m-1', '面馆')
    await tea.say('m-1', '茶铺')
    expect((await noodles.read()).messages[1]?.text).toBe('面馆')
    expect((await tea.read()).messages[1]?.text).toBe('茶铺')
  })

  it('answers 503 with a time to come back when nothing can be stored, and takes the message then', async () => {
    const client = await WidgetClient.open(server.url)
    server.store.failure = new AppError('unavailable', 'the disk is full', { retryAfterMs: 2_000 })
    const refused = await client.post({ clientMsgId: 'm-1', text: '你好' })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(await refused.json()).toMatchObject({ code: 'unavailable' })
    server.store.failure = undefined
    expect(await client.say('m-1', '你好')).toBe(2)
  })
})

describe('GET /widget/v1/messages', () => {
  it('pages by seq over all conversations of the merchant', async () => {
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    const address = { channel: 'web' as const, merchantKey: client.session.sessionToken.slice(0, 26) }
    await server.store.turn(address, (current) => {
      if (!current) throw new Error('the first conversation is missing')
      return { conversation: nextConversation(current), result: undefined }
    })
    await client.say('m-2', '又来了')
    const whole = await client.read()
    expect(whole.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    const second = await client.read('?after=2&limit=2')
    expect(second.messages.map(({ seq }) => seq)).toEqual([3, 4])
    expect(second.lastSeq).toBe(5)
    expect((await client.read('?after=5')).messages).toEqual([])
    const again = await postJson(`${server.url}/widget/v1/session`, {})
    expect(await again.json()).toMatchObject({ lastSeq: 0 })
  })

  it('waits for the next line and is woken by it', async () => {
    const client = await WidgetClient.open(server.url)
    const waiting = client.read('?after=0&wait=25')
    await untilWatching(server, 1)
    await client.say('m-1', '你好')
    expect((await waiting).messages.map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  it('comes back when the talk changes hands without a new line', async () => {
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    const waiting = client.read('?after=3&wait=25')
    await untilWatching(server, 1)
    const address = { channel: 'web' as const, merchantKey: client.session.sessionToken.slice(0, 26) }
    await server.store.turn(address, (current) => {
      if (!current) throw new Error('the conversation is missing')
      return { conversation: { ...current, holder: 'agent', epoch: current.epoch + 1 }, result: undefined }
    })
    server.bus.publish({ address, lastSeq: 3 })
    expect(await waiting).toMatchObject({ messages: [], holder: 'agent' })
  })

  it('answers at once when lines are there already, and after the wait when none come', async () => {
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    expect((await client.read('?after=1&wait=25')).messages).toHaveLength(2)
    expect((await client.read('?after=3&wait=1')).messages).toEqual([])
  })

  it('refuses a query that is not in the contract', async () => {
    const client = await WidgetClient.open(server.url)
    for (const query of [
      '?after=-1',
      '?after=x',
      '?after=1&after=2',
      '?limit=0',
      '?wait=1.5',
      '?foo=1',
      '?after=',
    ]) {
      const answer = await client.get(`/messages${query}`)
      expect([query, answer.status]).toEqual([query, 400])
    }
  })
})

describe('a session token', () => {
  it('is refused when it is missing, foreign or changed in any letter', async () => {
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    const other = await WidgetClient.open(server.url)
    const token = client.session.sessionToken
    const twisted = [...token].map(
      (letter, at) => token.slice(0, at) + (letter === 'a' ? 'b' : 'a') + token.slice(at + 1),
    )
    const mixed = other.session.sessionToken.slice(0, 26) + token.slice(26)
    for (const bad of ['', 'x', mixed, `${token}a`, token.slice(0, -1), ` ${token}`, ...twisted]) {
      const answer = await fetch(`${server.url}/widget/v1/messages`, {
        headers: { Authorization: `Bearer ${bad}` },
      })
      expect([bad, answer.status]).toEqual([bad, bad === ` ${token}` ? 401 : 401])
    }
    expect((await fetch(`${server.url}/widget/v1/messages`)).status).toBe(401)
    expect(
      (await fetch(`${server.url}/widget/v1/messages`, { headers: { Authorization: token } })).status,
    ).toBe(401)
  })
})

describe('a rating', () => {
  const rate = (client: WidgetClient, body: unknown): Promise<Response> =>
    postJson(`${server.url}/widget/v1/rating`, body, client.authorization)

  it('is kept, masked, once something was solved; a second one takes its place', async () => {
    const client = await WidgetClient.open(server.url)
    expect((await rate(client, { score: 5 })).status).toBe(409)
    await client.say('m-1', '你好')
    expect((await rate(client, { score: 5 })).status).toBe(409)
    const address = (await server.store.findConversation(conversationId(client.session.conversationId))) ?? {
      channel: 'web' as const,
      merchantKey: '',
    }
    await server.store.turn(address, (talk) => ({
      ...(talk && { conversation: { ...talk, solved: 1 } }),
      result: undefined,
    }))
    expect((await rate(client, { score: 4, comment: '卡号4111111111111111，挺快' })).status).toBe(200)
    expect((await rate(client, { score: 5 })).status).toBe(200)
    expect((await server.store.findCurrent(address))?.ratings).toMatchObject([
      { score: 5, comment: '卡号[卡号****1111]，挺快' },
    ])
  })

  it.each([
    { score: 0 },
    { score: 6 },
    { score: 4.5 },
    { score: 5, comment: 'a\u0000' },
    { score: 5, by: 'x' },
  ])('is refused as %j', async (body) => {
    const client = await WidgetClient.open(server.url)
    expect((await rate(client, body)).status).toBe(400)
  })
})

function nextConversation(last: Conversation): Conversation {
  return {
    ...last,
    id: conversationId('next'.padEnd(26, '0')),
    previous: last.id,
    firstSeq: last.lastSeq + 1,
    transcript: [],
    conversations: 2,
  }
}
