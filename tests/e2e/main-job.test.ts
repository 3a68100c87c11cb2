import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'

import { ConversationAnswer, TicketAnswer, TicketsAnswer } from '../../src/http/schema.ts'
import type { Content } from '../../src/core/content.ts'
import type { Flow } from '../../src/core/flow/flow.ts'
import { scratchFolder } from '../faults/scratch-folder.ts'
import { shippedContent } from '../fixtures/content.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'
import { ADMIN, type WholeApp, startWholeApp } from './whole-app.ts'

const root = scratchFolder('posdesk-e2e-')
const open: WholeApp[] = []
let folders = 0

async function start(folder: string, content?: Content): Promise<WholeApp> {
  const app = await startWholeApp(folder, content === undefined ? {} : { content })
  open.push(app)
  return app
}

const newFolder = (): string => join(root, `store${folders++}`)

async function stop(app: WholeApp): Promise<void> {
  open.splice(open.indexOf(app), 1)
  await app.close()
}

afterEach(async () => {
  for (const app of open.splice(0)) await app.close()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const LEADS_TO_A_TICKET = [
  '刷卡提示卡片故障',
  '换了三张都不行',
  '插卡刷卡都读不了',
  '一插进去就报',
  '没看到什么东西',
  '早就重启过了',
  '没有清洁卡啊',
  '没看到有升级',
]

async function sayAll(merchant: WidgetClient, texts: readonly string[], prefix = 'm'): Promise<void> {
  for (const [index, text] of texts.entries()) await merchant.say(`${prefix}${index}`, text)
}

describe('a merchant with a reader that is broken', () => {
  it('is led to a ticket that a human can act on at once', async () => {
    const app = await start(newFolder())
    const merchant = await WidgetClient.open(app.url)
    await sayAll(merchant, [...LEADS_TO_A_TICKET, '终端号12345678 新大陆N910 13812345678'])

    const { messages, holder, processedSeq, lastSeq } = await merchant.read()
    expect(holder).toBe('queue')
    expect(lastSeq).toBe(messages.length)
    expect(processedSeq).toBe(lastSeq - 1)
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1))
    expect(messages.at(-1)?.text).toMatch(/^已为您提交工单\d{6}-\d{5}，人工会联系5678。$/u)
    expect(JSON.stringify(messages)).not.toContain('13812345678')

    const desk = await DeskClient.loggedIn(app.url, ADMIN)
    const { tickets } = TicketsAnswer.parse(await (await desk.get('/tickets')).json())
    expect(tickets).toHaveLength(1)
    const [row] = tickets
    expect(row).toMatchObject({
      status: 'open',
      priority: 'P2',
      reason: 'tree_exhausted',
      flow: 'card_fault',
    })
    const { card, transcript } = TicketAnswer.parse(
      await (await desk.get(`/tickets/${row?.id ?? ''}`)).json(),
    )
    expect(card.path.map(({ step, answer }) => `${step}=${answer}`)).toEqual([
      'CF1=all_fail',
      'CF5=all',
      'CF6=read',
      'CF7=nothing',
      'CF8=no',
      'CF9=no_cleaning_card',
      'CF10=no_prompt',
    ])
    expect(card.path[0]?.said).toBe('换了三张都不行')
    expect(card.slots).toMatchObject({ terminal_id: '12345678', contact_phone: '13812345678' })
    expect(card.triedSteps).toContain('CF8')
    expect(transcript).toHaveLength(messages.length)

    const read = await (await desk.get(`/conversations/${row?.conversationId ?? ''}`)).json()
    const { conversation } = ConversationAnswer.parse(read)
    expect(conversation).toMatchObject({ holder: 'queue', flow: null, step: null, ticketId: row?.id })
    expect(conversation.slots['contact_phone']).toBe('138****5678')
  })

  it('finds the talk where it was after a restart between two messages', async () => {
    const folder = newFolder()
    const before = await start(folder)
    const merchant = await WidgetClient.open(before.url)
    await sayAll(merchant, LEADS_TO_A_TICKET.slice(0, 3))
    await stop(before)

    const after = await start(folder)
    const again = merchant.movedTo(after.url)
    expect((await again.read()).lastSeq).toBe(7)
    // A copy of a message from before the restart gets its first answer again and no second turn.
    expect(await again.say('m2', '插卡刷卡都读不了')).toBe(6)
    await sayAll(again, LEADS_TO_A_TICKET.slice(3, 4), 'n')
    expect((await again.read()).messages.at(-1)?.text).toContain('请看卡槽和键盘')
  })
})

describe('two messages at once', () => {
  it('get one turn each, in order', async () => {
    const app = await start(newFolder())
    const merchant = await WidgetClient.open(app.url)
    const texts = ['刷卡提示卡片故障', '都不行', '你好', '插的', '不知道', '谢谢', '2', '人工']
    await Promise.all(texts.map((text, index) => merchant.say(`p${index}`, text)))
    const { messages } = await merchant.read()
    const said = messages.filter(({ author }) => author === 'merchant').map(({ text }) => text)
    expect([...said].sort()).toEqual([...texts].sort())
    const authors = messages.slice(1).map(({ author }) => author)
    expect(authors).toEqual(texts.flatMap(() => ['merchant', 'bot']))
  })

  it('with the same id are one message and one answer', async () => {
    const app = await start(newFolder())
    const merchant = await WidgetClient.open(app.url)
    const seqs = await Promise.all(Array.from({ length: 12 }, () => merchant.say('same', '刷卡提示卡片故障')))
    expect(new Set(seqs)).toEqual(new Set([2]))
    expect((await merchant.read()).messages).toHaveLength(3)
  })
})

describe('a flow file edited between two messages', () => {
  const shipped = shippedContent()

  function withFlow(change: (flow: Flow) => Flow | undefined): Content {
    const flows = new Map(shipped.flows)
    const flow = flows.get('card_fault')
    const changed = flow === undefined ? undefined : change(flow)
    if (changed === undefined) flows.delete('card_fault')
    else flows.set('card_fault', changed)
    return { ...shipped, flows }
  }

  async function talkAcross(content: Content): Promise<{ merchant: WidgetClient; app: WholeApp }> {
    const folder = newFolder()
    const before = await start(folder)
    const merchant = await WidgetClient.open(before.url)
    await sayAll(merchant, LEADS_TO_A_TICKET.slice(0, 2))
    await stop(before)
    const app = await start(folder, content)
    return { merchant: merchant.movedTo(app.url), app }
  }

  it('goes on at the same question when that is still there', async () => {
    const { merchant } = await talkAcross(withFlow((flow) => ({ ...flow, hash: 'another' })))
    await merchant.say('next', '全都读不了')
    expect((await merchant.read()).messages.at(-1)?.text).toContain('报错是在读卡时出现')
  })

  it('begins again with what is still known when the question is gone', async () => {
    const { merchant } = await talkAcross(
      withFlow((flow) => {
        const steps = new Map([...flow.steps].filter(([id]) => id !== 'CF5'))
        const first = steps.get('CF1')
        const toCF7 = [{ target: { kind: 'step', step: 'CF7' }, say: [] }] as const
        if (first !== undefined) {
          steps.set('CF1', { ...first, answers: first.answers.map((answer) => ({ ...answer, go: toCF7 })) })
        }
        return { ...flow, steps, hash: 'another' }
      }),
    )
    await merchant.say('next', '全都读不了')
    const last = (await merchant.read()).messages.at(-1)
    expect(last?.text).toContain('处理步骤刚更新过')
    // CF1 was answered before: it is not asked again.
    expect(last?.text).toContain('请看卡槽和键盘')
  })

  it('hands over when the whole flow is gone', async () => {
    const { merchant } = await talkAcross(withFlow(() => undefined))
    await merchant.say('next', '全都读不了')
    const { messages, holder } = await merchant.read()
    expect(holder).toBe('queue')
    expect(messages.at(-1)?.text).toContain('转人工')
  })
})

describe('a turn that breaks', () => {
  it('keeps the message, tells the merchant and hands over', async () => {
    const shipped = shippedContent()
    const poisoned: Content = { ...shipped, notes: new Map([['broken', BREAKS_WHEN_READ]]) }
    const app = await start(newFolder(), poisoned)
    const merchant = await WidgetClient.open(app.url)
    await merchant.say('m1', '刷卡提示卡片故障')
    const { messages, holder } = await merchant.read()
    expect(holder).toBe('queue')
    expect(messages.map(({ author }) => author)).toEqual(['bot', 'merchant', 'bot'])
    expect(messages.at(-1)?.text).toContain('抱歉，系统出了点问题，我帮您转人工处理。')
    expect(app.logged.some((line) => line.includes('"turn.failed"'))).toBe(true)
    const desk = await DeskClient.loggedIn(app.url, ADMIN)
    const { tickets } = TicketsAnswer.parse(await (await desk.get('/tickets')).json())
    expect(tickets[0]).toMatchObject({ reason: 'error' })
  })
})

describe('card data', () => {
  it('is in no file of the store, no log line and no answer of the desk', async () => {
    const folder = newFolder()
    const app = await start(folder)
    const merchant = await WidgetClient.open(app.url)
    const secrets = ['4111111111111111', '6200000000000005', '378282246310005', '889123', '4444222']
    await sayAll(merchant, [
      '刷卡提示卡片故障，卡号4111 1111-1111 1111',
      '６２０００００００００００００５这张也不行',
      '安全码8891，密码是889123，验证码4444222',
      '378282246310005',
      '人工',
      '卡号4111111111111111 电话13812345678',
    ])
    const desk = await DeskClient.loggedIn(app.url, ADMIN)
    const list = await (await desk.get('/tickets')).text()
    const id = TicketsAnswer.parse(JSON.parse(list)).tickets[0]?.id ?? ''
    const ticket = await (await desk.get(`/tickets/${id}`)).text()
    await stop(app)
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    const stored = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    for (const text of [...stored, ...app.logged, list, ticket]) {
      for (const secret of secrets) expect(text).not.toContain(secret)
      expect(text).not.toMatch(/4111[ -]1111/u)
      expect(text).not.toContain('６２００')
    }
    expect(stored.join('')).toContain('[卡号****1111]')
  })

  it('is told once', async () => {
    const app = await start(newFolder())
    const merchant = await WidgetClient.open(app.url)
    await sayAll(merchant, ['卡号4111111111111111读不了', '密码123456', '又是4111111111111111'])
    const { messages } = await merchant.read()
    expect(messages.filter(({ text }) => text.includes('我已隐藏您发的敏感信息'))).toHaveLength(1)
  })
})

/** Words that cannot be read: whatever looks at them throws. */
const BREAKS_WHEN_READ: readonly string[] = new Proxy([], {
  get() {
    throw new Error('poison')
  },
})
