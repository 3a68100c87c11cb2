import { describe, expect, it } from 'vitest'

import { type Conversation, emptyDialogue } from '../../src/core/conversation.ts'
import type { Answer, Flow, GeneralAnswer } from '../../src/core/flow/flow.ts'
import { type Path, paths } from '../../src/core/flow/paths.ts'
import { conversationId, ticketId } from '../../src/core/ids.ts'
import { understand } from '../../src/core/nlu/understand.ts'
import { askingOf, openQuestion } from '../../src/core/open-question.ts'
import { type TurnOutcome, takeTurn } from '../../src/core/turn.ts'
import { speaksOf } from '../../src/core/turn/interrupts.ts'
import { shippedContent } from '../fixtures/content.ts'

const content = shippedContent()
const NOW = Date.parse('2026-11-25T09:00:00+08:00')
/** So many paths of a flow are talked through, spread evenly over all of them. */
const WALKED = Number(process.env['POSDESK_PATHS_WALKED'] ?? 60)
const GENERAL: Readonly<Record<GeneralAnswer, string>> = {
  yes: '是的',
  no: '没有',
  unsure: '不知道',
  cannot: '做不了',
  anything: '就是这样',
}

function emptyConversation(): Conversation {
  return {
    id: conversationId('a'.repeat(26)),
    channel: 'terminal',
    merchantKey: 'shop',
    createdAt: NOW,
    updatedAt: NOW,
    holder: 'bot',
    epoch: 1,
    dialogue: emptyDialogue(),
    firstSeq: 1,
    lastSeq: 0,
    processedSeq: 0,
    transcript: [],
    tickets: [],
    dedupe: [],
    conversations: 1,
  }
}

function turn(conversation: Conversation, text: string, choiceId?: string): TurnOutcome {
  const input = {
    text,
    understanding: understand(content, text, NOW, askingOf(conversation, content)),
    hidden: false,
  }
  return takeTurn(conversation, { ...input, ...(choiceId === undefined ? {} : { choiceId }) }, content, {
    now: NOW,
    ticketId: ticketId('b'.repeat(26)),
    ticketNumber: '261125-00001',
  })
}

/** A conversation that has just entered a flow at its beginning. */
function entered(flow: Flow): Conversation {
  const before = emptyConversation()
  const intent = [...content.intents.values()].find(
    ({ action }) => action.kind === 'flow' && action.flow === flow.id && action.step === undefined,
  )
  if (intent === undefined) throw new Error(`no intent starts ${flow.id}`)
  const prompt = { kind: 'clarify' as const, intents: [intent.id], said: '' }
  return turn({ ...before, dialogue: { ...before.dialogue, prompt } }, '1', intent.id).conversation
}

/** A conversation in which a step stands open, nothing else being known. */
function openAt(flow: Flow, step: string): Conversation {
  const before = emptyConversation()
  const stack = [{ flow: flow.id, hash: flow.hash, step }]
  return { ...before, dialogue: { ...before.dialogue, stack, prompt: { kind: 'step' } } }
}

/** A fact a merchant may give, by slot. */
const FACTS: Readonly<Record<string, string>> = {
  amount: '300块',
  amount_2: '300块和200块',
  txn_time: '上周三下午三点',
  service_address: '人民路8号',
  error_code: '51',
}

/** What a merchant may say for an answer: its own phrases, its label, the general words. */
function phrasingsOf(answer: Answer): readonly string[] {
  const own = [...answer.phrases, ...(answer.label === undefined ? [] : [answer.label])]
  const facts = answer.gives.flatMap((slot) => FACTS[slot] ?? [])
  if (facts.length > 0) return facts
  return own.length > 0 ? own : answer.means.map((general) => GENERAL[general])
}

/** Where a message led: the newest answer to a step, or that the talk went elsewhere (a human, another problem). */
function answerTo({ conversation }: TurnOutcome, flow: Flow, step: string): string | undefined {
  return conversation.dialogue.path.findLast((entry) => entry.flow === flow.id && entry.step === step)?.answer
}

function isInterrupt(text: string): boolean {
  return content.interrupts.some((rule) => speaksOf(content.matcher, rule, text))
}

function sampled(flow: Flow): readonly Path[] {
  const all = [...paths(flow, content.flows)]
  const each = Math.max(1, Math.floor(all.length / WALKED))
  return all.filter((_, at) => at % each === 0).slice(0, WALKED)
}

const flows = [...content.flows.values()].map((flow) => ({ id: flow.id, flow }))

describe.each(flows)('talking through $id', ({ flow }) => {
  it('leads along its paths, whatever words are chosen for the answers', () => {
    let whole = 0
    sampled(flow).forEach((path, seed) => {
      let conversation = entered(flow)
      for (const [at, { step, answer: id }] of path.steps.entries()) {
        const open = openQuestion(conversation)
        const answer = flow.steps.get(step)?.answers.find((one) => one.id === id)
        // What is known already, and what other flows bring back, turns the talk off the listed path.
        if (open.flow !== flow.id || open.step !== step || answer === undefined) return
        const phrasings = phrasingsOf(answer)
        const text = phrasings[(seed + at * 7) % phrasings.length] ?? ''
        if (isInterrupt(text)) return
        const outcome = turn(conversation, text)
        const found = answerTo(outcome, flow, step)
        // A date may lead to more than one answer; which one, the calendar decides.
        if (answer.gives.length > 0) expect(found, `${step} “${text}”`).toBeDefined()
        else expect(found, `${step} “${text}”`).toBe(id)
        if (found !== id) return
        conversation = outcome.conversation
      }
      whole++
    })
    expect(whole).toBeGreaterThan(1)
  })

  it('can be left for a human, gone back in, and waits through silence at every step', () => {
    for (const step of flow.steps.values()) {
      const open = openAt(flow, step.id)
      const human = turn(open, '人工').conversation
      expect(human.holder, step.id).toBe('queue')
      expect(human.tickets.at(-1)?.reason, step.id).toBe('asked_for_human')
      for (const text of ['返回上一步', '……']) {
        const { conversation } = turn(open, text)
        expect(openQuestion(conversation), `${step.id} ${text}`).toMatchObject({
          flow: flow.id,
          step: step.id,
        })
        expect(conversation.transcript.at(-1)?.text, `${step.id} ${text}`).toBeTruthy()
      }
    }
  })
})

describe('the card of a ticket', () => {
  it('holds what staff need, at the end of every path that a human goes on with', () => {
    let cards = 0
    for (const { flow } of flows) {
      for (const path of sampled(flow)) {
        let conversation = entered(flow)
        for (const { step, answer: id } of path.steps) {
          const answer = flow.steps.get(step)?.answers.find((one) => one.id === id)
          if (answer === undefined || openQuestion(conversation).flow !== flow.id) break
          conversation = turn(conversation, phrasingsOf(answer)[0] ?? '').conversation
        }
        const card = conversation.tickets.at(-1)?.card
        if (card === undefined) continue
        cards++
        expect(card.flow, flow.id).not.toBeNull()
        expect(card.priorityReason, flow.id).not.toBe('')
        for (const entry of card.path) {
          expect(entry.question, `${flow.id} ${entry.step}`).not.toBe('')
          expect(entry.said, `${flow.id} ${entry.step}`).not.toBe('')
        }
        if (card.slots['error_code'] !== undefined) expect(card.responseCode).toBeDefined()
      }
    }
    expect(cards).toBeGreaterThan(flows.length)
  })
})
