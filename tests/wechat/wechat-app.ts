import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { z } from 'zod'
import { ConversationAnswer, MovedTicketAnswer, TicketAnswer, TicketsAnswer } from '../../src/http/schema.ts'
import { ADMIN, startWholeApp, type WholeApp } from '../e2e/whole-app.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { FakeWechat } from '../fixtures/fake-wechat.ts'
import { PASSWORD } from '../fixtures/running-server.ts'

type TicketView = z.output<typeof TicketAnswer>

/** The whole product beside a fake WeChat, with a member of staff logged in. */
export class WechatApp {
  readonly wechat = new FakeWechat()
  readonly folder = mkdtempSync(join(tmpdir(), 'posdesk-wechat-'))
  #app: WholeApp | undefined
  #desk: DeskClient | undefined
  #replies = 0

  static async start(): Promise<WechatApp> {
    const started = new WechatApp()
    await started.wechat.start()
    await started.run()
    return started
  }

  async run(): Promise<void> {
    this.#app = await startWholeApp(this.folder, { environment: this.wechat.environment })
    this.wechat.connect(this.#app.url)
    this.#desk = new DeskClient(this.#app.url)
    await this.#desk.logIn(ADMIN, PASSWORD)
  }

  async restart(): Promise<void> {
    await this.app.close()
    await this.run()
  }

  async stop(): Promise<void> {
    await this.app.close()
    await this.wechat.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get app(): WholeApp {
    if (this.#app === undefined) throw new Error('the product does not run')
    return this.#app
  }

  get desk(): DeskClient {
    if (this.#desk === undefined) throw new Error('nobody is logged in')
    return this.#desk
  }

  /** Lets a merchant ask for a person and has staff claim the ticket; gives the ticket's id. */
  async handOver(openid: string): Promise<string> {
    await this.wechat.say(openid, '转人工')
    await this.wechat.say(openid, '不用留')
    const { tickets } = TicketsAnswer.parse(await (await this.desk.get('/tickets?status=open')).json())
    const ticket = tickets.at(-1)
    if (ticket === undefined) throw new Error('there is no ticket')
    const claimed = await this.desk.post(`/tickets/${ticket.id}/claim`, { version: ticket.version })
    MovedTicketAnswer.parse(await claimed.json())
    return ticket.id
  }

  /** Answers as staff; gives the seq of the line. */
  async reply(ticketId: string, text: string): Promise<number> {
    this.#replies += 1
    const answer = await this.desk.post(`/tickets/${ticketId}/reply`, {
      clientMsgId: `r-${this.#replies}`,
      text,
    })
    const { seq }: { seq: number } = await answer.json()
    return seq
  }

  async ticket(ticketId: string): Promise<TicketView> {
    return TicketAnswer.parse(await (await this.desk.get(`/tickets/${ticketId}`)).json())
  }

  async conversation(ticketId: string): Promise<z.output<typeof ConversationAnswer>> {
    const { ticket } = await this.ticket(ticketId)
    const answer = await this.desk.get(`/conversations/${ticket.conversationId}`)
    return ConversationAnswer.parse(await answer.json())
  }

  /** Waits until a line has come to rest; gives its state and reason. */
  async deliveryOf(ticketId: string, seq: number): Promise<string> {
    const read = async (): Promise<string> => {
      const { delivery } = (await this.ticket(ticketId)).transcript.find((line) => line.seq === seq) ?? {}
      return [delivery?.state, delivery?.reason].filter((part) => part !== undefined).join(' ')
    }
    await expect.poll(read, { timeout: 15_000 }).not.toMatch(/^(?:|queued.*|sending)$/)
    return read()
  }

  /** Files of the store that hold a text. */
  filesWith(text: string): readonly string[] {
    return readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const path = join(this.folder, name)
      return statSync(path).isFile() && readFileSync(path).includes(text)
    })
  }
}
