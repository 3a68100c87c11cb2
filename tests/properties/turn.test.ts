import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { loadContent } from '../../src/content/load-content.ts'
import { contentIn, projectRoot } from '../../src/content/project.ts'
import type { Content } from '../../src/core/content.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import type { TranscriptLine } from '../../src/core/transcript.ts'
import { shippedContent } from '../fixtures/content.ts'
import { Talk } from '../fixtures/talk.ts'

const content = shippedContent()
const runs = { numRuns: Number(process.env['POSDESK_PROPERTY_RUNS'] ?? 120), seed: 20261125 }

const phrases = [...content.flows.values()].flatMap((flow) =>
  [...flow.steps.values()].flatMap((step) =>
    step.answers.flatMap((answer) => [...answer.phrases, ...answer.told]),
  ),
)
const commands = Object.values(content.commands).flatMap((words) => [...words])
const urgent = content.interrupts.flatMap(({ words }) => words)
const risky = content.refusals.flatMap(({ words }) => words)

/** What merchants send: a problem, an answer, a number, a command, an alarm, a request to refuse, facts, noise. */
const message = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...content.classifier.lines.map(({ text }) => text)) },
  { weight: 5, arbitrary: fc.constantFrom(...phrases) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('1', '2', '３', '第二个', '是', '没有', '不行', '好了', '不知道', '没法弄'),
  },
  { weight: 1, arbitrary: fc.constantFrom(...commands) },
  { weight: 1, arbitrary: fc.constantFrom(...urgent) },
  { weight: 1, arbitrary: fc.constantFrom(...risky.map((word) => `可以${word}吗`)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '终端号12345678',
      '13812345678',
      '300块，刚才，尾号1234',
      '代码51',
      'A0',
      '说错了，都不行',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 30, unit: 'binary' }).filter((text) => text !== '') },
)
const talks = fc.array(message, { minLength: 1, maxLength: 14 })

/** The shipped content after a night's work by its authors: every step has another id. */
function rewrittenContent(): Content {
  const folder = mkdtempSync(join(tmpdir(), 'posdesk-rewritten-'))
  try {
    for (const name of ['intents', 'flows', 'data']) {
      cpSync(join(projectRoot, name), join(folder, name), {
        recursive: true,
        filter: (source) => !source.includes(join('data', 'store')),
      })
      for (const file of readdirSync(join(folder, name)).filter((file) => file.endsWith('.yaml'))) {
        const path = join(folder, name, file)
        writeFileSync(
          path,
          readFileSync(path, 'utf8').replace(
            /\b(?:CF|DC|TT|CN|DU|ST|RV|FR|RH|SI|TL|NW|PW|DF|PR|QR|SU|TS)\d[a-z]?\b/gu,
            '$&9',
          ),
        )
      }
    }
    const { loaded, problems } = loadContent(contentIn(folder))
    if (loaded === undefined) throw new Error(problems.map(({ message }) => message).join('\n'))
    return { ...loaded.content, classifier: content.classifier }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Talks through messages and looks at each turn with its conversation before and after. */
async function eachTurn(
  messages: readonly string[],
  look: (turn: {
    before: Conversation | undefined
    after: Conversation
    replies: readonly TranscriptLine[]
  }) => void,
): Promise<Talk> {
  const talk = new Talk(content)
  for (const text of messages) {
    const before = talk.last?.conversation
    const { conversation, replies } = await talk.say(text)
    look({ before, after: conversation, replies })
  }
  return talk
}

describe('whatever merchants say', () => {
  it('is answered, in order, with every line in its place', async () => {
    await fc.assert(
      fc.asyncProperty(talks, async (messages) => {
        await eachTurn(messages, ({ after, replies }) => {
          expect(replies.length).toBeGreaterThan(0)
          expect(replies.every(({ text }) => text.trim() !== '')).toBe(true)
          expect(after.transcript.map(({ seq }) => seq)).toEqual(
            after.transcript.map((_, index) => index + 1),
          )
          expect(after.lastSeq).toBe(after.transcript.length)
          expect(after.processedSeq).toBe(after.lastSeq - replies.length)
        })
      }),
      runs,
    )
  })

  it('moves the conversation forward only: hands, epoch, tickets', async () => {
    await fc.assert(
      fc.asyncProperty(talks, async (messages) => {
        await eachTurn(messages, ({ before, after }) => {
          expect(after.tickets.filter(({ status }) => status !== 'resolved').length).toBeLessThanOrEqual(1)
          if (before === undefined) return
          expect(after.epoch - before.epoch).toBe(before.holder === after.holder ? 0 : 1)
          if (before.holder === 'queue') expect(after.holder).toBe('queue')
          for (const ticket of before.tickets) {
            const now = after.tickets.find(({ id }) => id === ticket.id)
            expect(now?.version).toBeGreaterThanOrEqual(ticket.version)
            // The bot never makes a case less urgent.
            expect((now?.priority ?? 'P9') <= ticket.priority).toBe(true)
          }
        })
      }),
      runs,
    )
  })

  it('never makes the bot say what it must not', async () => {
    const refused = content.refusals.map(({ say }) => say)
    await fc.assert(
      fc.asyncProperty(talks, async (messages) => {
        await eachTurn(messages, ({ replies }) => {
          for (const { text } of replies) {
            expect(text).not.toMatch(/\b[RE]_[A-Z]|\bSR\d|\[R\d|\(u\)|\{|\}|undefined|NaN/u)
            expect(text).not.toMatch(/https?:|www\./u)
            const own = refused.reduce((rest, say) => rest.replaceAll(say, ''), text)
            expect(own).not.toMatch(/恢复出厂|酒精|再刷一次|重新刷一下|1元测试|消磁/u)
            expect((text.match(/先别重刷/gu) ?? []).length).toBeLessThanOrEqual(1)
          }
        })
      }),
      runs,
    )
  })

  it('hears 先别重刷 first while the result of a payment is unknown', async () => {
    await fc.assert(
      fc.asyncProperty(talks, async (messages) => {
        await eachTurn(messages, ({ after, replies }) => {
          const frame = after.dialogue.stack.at(-1)
          const flow = frame === undefined ? undefined : content.flows.get(frame.flow)
          const step = flow?.steps.get(frame?.step ?? '')
          if (flow?.warning == null || step?.warns === false || after.dialogue.prompt?.kind !== 'step') return
          expect(replies[0]?.text.split('。')[0], replies[0]?.text).toContain('先别重刷')
        })
      }),
      runs,
    )
  })

  it('is never asked for a fact it has given', async () => {
    await fc.assert(
      fc.asyncProperty(talks, async (messages) => {
        await eachTurn(messages, ({ after, replies }) => {
          const { prompt, slots } = after.dialogue
          if (prompt?.kind !== 'collect') return
          const asked = replies.map(({ text }) => text).join('')
          const given = ['contact_phone', 'terminal_id', 'amount'].filter((slot) => slots[slot] !== undefined)
          for (const slot of given)
            expect(asked).not.toContain(`请发${content.slots.get(slot)?.name ?? slot}`)
        })
      }),
      runs,
    )
  })

  it('is answered also when the content is exchanged in between', async () => {
    const versions = [content, rewrittenContent()]
    const changing = fc.array(fc.tuple(message, fc.boolean()), { minLength: 2, maxLength: 14 })
    await fc.assert(
      fc.asyncProperty(changing, async (messages) => {
        const talk = new Talk(content)
        let version = 0
        for (const [text, exchanged] of messages) {
          if (exchanged) version = 1 - version
          talk.content = versions[version] ?? content
          const { replies, conversation } = await talk.say(text)
          expect(replies.length).toBeGreaterThan(0)
          const frame = conversation.dialogue.stack.at(-1)
          // What is told while a human is waited for goes to the ticket; the question is mended when it is answered.
          const asks = conversation.dialogue.prompt?.kind === 'step' && conversation.holder === 'bot'
          if (asks && frame !== undefined) {
            expect(talk.content.flows.get(frame.flow)?.steps.has(frame.step)).toBe(true)
          }
        }
      }),
      runs,
    )
  })

  it('leads to the same state when it is said again', async () => {
    await fc.assert(
      fc.asyncProperty(talks, async (messages) => {
        const [first, second] = [await eachTurn(messages, () => {}), await eachTurn(messages, () => {})]
        expect(JSON.stringify(second.conversation)).toBe(JSON.stringify(first.conversation))
      }),
      { ...runs, numRuns: 30 },
    )
  })

  it('ends: nobody is asked for ever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...content.classifier.lines.map(({ text }) => text)),
        fc.infiniteStream(message),
        async (first, rest) => {
          const talk = new Talk(content)
          await talk.say(first)
          for (let turn = 0; turn < 60 && talk.conversation.holder === 'bot'; turn++) {
            if (talk.conversation.dialogue.stack.length === 0) return
            await talk.say(rest.next().value ?? '')
          }
          expect(talk.conversation.holder === 'queue' || talk.conversation.dialogue.stack.length === 0).toBe(
            true,
          )
        },
      ),
      { ...runs, numRuns: 40 },
    )
  })
})
