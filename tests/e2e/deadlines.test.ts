import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { TicketAnswer, TicketsAnswer } from '../../src/http/schema.ts'
import { shippedContent } from '../fixtures/content.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { PASSWORD } from '../fixtures/running-server.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'
import { ended, Processes, type Started } from './processes.ts'

const MINUTE = 60_000
const ADMIN = { POSDESK_ADMIN_EMAIL: 'owner@shop.example', POSDESK_ADMIN_PASSWORD: PASSWORD }
const { replies } = shippedContent()

const folder = mkdtempSync(join(tmpdir(), 'posdesk-deadlines-'))
const processes = new Processes()

afterEach(() => {
  processes.killAll()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The beginning of a sentence that a deadline says: what comes before its first fact. */
const beginning = (text: string): string => text.split(/[{。，]/u)[0] ?? ''

const SAID = {
  merchantSilent: beginning(replies.still_there),
  firstAnswer: beginning(replies.still_waiting),
  agentSilent: beginning(replies.agent_silent),
}

async function timesSaid(merchant: WidgetClient, { url }: Started, words: string): Promise<number> {
  const { messages } = await merchant.movedTo(url).read()
  return messages.filter(({ author, text }) => author !== 'merchant' && text.includes(words)).length
}

async function kill({ child }: Started): Promise<void> {
  child.kill('SIGKILL')
  await ended(child)
}

it('fire once after a kill -9, whether they came due before it, during it or never', async () => {
  const first = await processes.start(folder, ADMIN)
  const [silent, waiting, held] = [
    await WidgetClient.open(first.url),
    await WidgetClient.open(first.url),
    await WidgetClient.open(first.url),
  ]
  await silent.say('m-1', '刷卡提示卡片故障')
  await waiting.say('m-1', '店里着火了，机器在冒烟')
  await held.say('m-1', '人工')
  const desk = new DeskClient(first.url)
  await desk.logIn(ADMIN.POSDESK_ADMIN_EMAIL)
  const { tickets } = TicketsAnswer.parse(await (await desk.get('/tickets')).json())
  const ticket = tickets.find(({ priority }) => priority !== 'P1') ?? expect.fail('nobody asked for a human')
  expect(tickets.map(({ priority }) => priority)).toContain('P1')
  const { version } = TicketAnswer.parse(await (await desk.get(`/tickets/${ticket.id}`)).json()).ticket
  expect((await desk.post(`/tickets/${ticket.id}/claim`, { version })).status).toBe(200)
  await kill(first)

  // Ten silent minutes in the middle of a flow went by while nothing ran.
  const second = await processes.start(folder, ADMIN, 11 * MINUTE)
  await expect.poll(() => timesSaid(silent, second, SAID.merchantSilent), { timeout: 20_000 }).toBe(1)
  expect(await timesSaid(waiting, second, SAID.firstAnswer)).toBe(0)
  await kill(second)

  // Fifteen minutes until the first answer to the most urgent ticket; the merchant's silence fired before the kill.
  const third = await processes.start(folder, ADMIN, 16 * MINUTE)
  await expect.poll(() => timesSaid(waiting, third, SAID.firstAnswer), { timeout: 20_000 }).toBe(1)
  expect(await timesSaid(silent, third, SAID.merchantSilent)).toBe(1)
  expect(await timesSaid(held, third, SAID.agentSilent)).toBe(0)
  await kill(third)

  // Half an hour without a word of the agent. Whatever fired before would fire again in the same round.
  const fourth = await processes.start(folder, ADMIN, 31 * MINUTE)
  await expect.poll(() => timesSaid(held, fourth, SAID.agentSilent), { timeout: 20_000 }).toBe(1)
  expect(await timesSaid(silent, fourth, SAID.merchantSilent)).toBe(1)
  expect(await timesSaid(waiting, fourth, SAID.firstAnswer)).toBe(1)
  const late = await WidgetClient.open(fourth.url)
  await late.say('m-1', '刷卡提示卡片故障')
  await kill(fourth)

  // What comes due now shows that a round has run; nothing of before is said again.
  const after = await processes.start(folder, ADMIN, 42 * MINUTE)
  await expect.poll(() => timesSaid(late, after, SAID.merchantSilent), { timeout: 20_000 }).toBe(1)
  expect(await timesSaid(silent, after, SAID.merchantSilent)).toBe(1)
  expect(await timesSaid(waiting, after, SAID.firstAnswer)).toBe(1)
  expect(await timesSaid(held, after, SAID.agentSilent)).toBe(1)
}, 240_000)
