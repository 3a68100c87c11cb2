import { afterAll, beforeAll, expect, it } from 'vitest'
import { merchantKeyOf } from '../../src/channels/wechat/parse.ts'
import { FakeWechat } from '../fixtures/fake-wechat.ts'
import { type RunningServer, startServer } from '../fixtures/running-server.ts'

/** Messages that are pushed; the long form is 20,000. */
const MESSAGES = Number(process.env['POSDESK_DELIVERIES'] ?? '400')
const MERCHANTS = 50
const AT_ONCE = 8
const MOST_COPIES = 6

let server: RunningServer
const fake = new FakeWechat()

beforeAll(async () => {
  server = await startServer()
  await server.ready
  fake.connect(server.url)
})
afterAll(() => server.close())

type Push = { readonly openid: string; readonly content: string; readonly id: string }

/** Every message one to six times, in an order that looks random and is the same in every run. */
function shuffledCopies(): readonly Push[] {
  let state = 20_261_125
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const pushes = Array.from({ length: MESSAGES }, (_, n): Push => {
    const id = String(24_012_345_678_000_000n + BigInt(n))
    return { openid: `oMerchant${n % MERCHANTS}`, content: `第${n}号问题`, id }
  }).flatMap((push) => Array.from({ length: 1 + random(MOST_COPIES) }, () => push))
  for (let at = pushes.length - 1; at > 0; at -= 1) {
    const other = random(at + 1)
    const [a, b] = [pushes[at], pushes[other]]
    if (a !== undefined && b !== undefined) [pushes[at], pushes[other]] = [b, a]
  }
  return pushes
}

it(
  `takes ${MESSAGES} messages, each pushed up to six times in any order, once, and answers each once`,
  { timeout: 60_000 + MESSAGES * 100 },
  async () => {
    const waiting = [...shuffledCopies()]
    const times: number[] = []
    const failed: Push[] = []
    const work = async (): Promise<void> => {
      for (let push = waiting.pop(); push !== undefined; push = waiting.pop()) {
        const { openid, content, id } = push
        const startedAt = performance.now()
        const fields = { CreateTime: '1764000000', MsgType: 'text', Content: content, MsgId: id }
        if ((await fake.pushOnce(openid, fields)) === undefined) failed.push(push)
        times.push(performance.now() - startedAt)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    expect(failed).toEqual([])

    const stored = new Map<string, number>()
    for (let n = 0; n < MERCHANTS; n += 1) {
      const merchantKey = merchantKeyOf(`oMerchant${n}`, 'merchant-keys')
      const lines = await server.store.readLines({ channel: 'wechat', merchantKey }, 0, 1_000_000)
      for (const { text } of lines) stored.set(text, (stored.get(text) ?? 0) + 1)
    }
    const shown = new Map<string, number>()
    for (const { text } of fake.shown) {
      for (const part of text.split('\n\n')) shown.set(part, (shown.get(part) ?? 0) + 1)
    }
    for (let n = 0; n < MESSAGES; n += 1) {
      const content = `第${n}号问题`
      const seen = [stored.get(content), stored.get(`收到：${content}`), shown.get(`收到：${content}`)]
      expect(seen, content).toEqual([1, 1, 1])
    }
    expect(shown.size).toBe(MESSAGES)
    times.sort((a, b) => a - b)
    expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(4_500)
  },
)
