import { describe, expect, it } from 'vitest'

import { type Conversation, emptyDialogue } from '../../src/core/conversation.ts'
import type { Answer, Flow, GeneralAnswer } from '../../src/core/flow/flow.ts'
import { COLLECTED, paths, RETURNED } from '../../src/core/flow/paths.ts'
import { conversationId, ticketId } from '../../src/core/ids.ts'
import { understand } from '../../src/core/nlu/understand.ts'
import { askingOf, openQuestion } from '../../src/core/open-question.ts'
import type { HandoverCard } from '../../src/core/ticket.ts'
import { type TurnOutcome, takeTurn } from '../../src/core/turn.ts'
import { speaksOf } from '../../src/core/turn/interrupts.ts'
import { shippedContent } from '../fixtures/content.ts'

const content = shippedContent()
const NOW = Date.parse('2026-11-25T09:00:00+08:00')
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

/** Facts a merchant may give, by the slots a question asks for: a date decides where some answers lead. */
const FACTS: readonly { readonly slots: readonly string[]; readonly said: readonly string[] }[] = [
  { slots: ['amount_2'], said: ['300块和200块，上周三下午三点'] },
  { slots: ['amount'], said: ['300块，上周三下午三点'] },
  { slots: ['txn_time'], said: ['11月25号早上八点', '11月24号', '11月13号下午三点'] },
  { slots: ['service_address'], said: ['人民路8号'] },
  { slots: ['error_code'], said: ['51', '91', '41', '05', '57', '61', '55', 'A0', '7Z'] },
  { slots: ['terminal_id'], said: ['终端号12345678'] },
]
/** What a merchant gives for the facts a step collects. */
const COLLECTABLE: Readonly<Record<string, string>> = {
  amount: '300块',
  amount_2: '200块',
  txn_time: '昨天下午三点',
  card_last4: '卡号后四位1234',
  terminal_id: '终端号12345678',
  terminal_model: '联迪A8',
  service_address: '地址人民路8号',
  contact_phone: '电话13800138000',
}

/** What a merchant may say for an answer: its own phrases, its label, the general words. */
function phrasingsOf(answer: Answer): readonly string[] {
  const facts = FACTS.find(({ slots }) => slots.some((slot) => answer.gives.includes(slot)))
  const own = [...answer.phrases, ...(answer.label === undefined ? [] : [answer.label])]
  if (facts !== undefined) return [...facts.said, ...own]
  const said = own.length > 0 ? own : answer.means.map((general) => GENERAL[general])
  // What breaks into any talk leads elsewhere at once.
  return said.filter((text) => !isInterrupt(text))
}

/** Where a message led: the newest answer to a step, or that the talk went elsewhere (a human, another problem). */
function answerTo({ conversation }: TurnOutcome, flow: Flow, step: string): string | undefined {
  return conversation.dialogue.path.findLast((entry) => entry.flow === flow.id && entry.step === step)?.answer
}

function isInterrupt(text: string): boolean {
  return content.interrupts.some((rule) => speaksOf(content.matcher, rule, text))
}

/** The paths of a flow as a tree, so that what they have in common is talked through once: step → answer → rest. */
type Tree = Map<string, Map<string, Tree>>

function treeOf(flow: Flow): Tree {
  const root: Tree = new Map()
  for (const { steps } of paths(flow, content.flows)) {
    let node = root
    for (const { step, answer } of steps) {
      const answers = node.get(step) ?? new Map<string, Tree>()
      const next = answers.get(answer) ?? new Map()
      node.set(step, answers.set(answer, next))
      node = next
    }
  }
  return root
}

/** Talks through a whole tree, each answer in other words than the last time it was given. */
class Walk {
  readonly #flow: Flow
  readonly #given = new Map<string, number>()
  /** How the talks stood after their last listed answer. */
  readonly ends: Conversation[] = []
  readonly #reached = new Set<Tree>()
  /** The listed paths no talk came to the end of. */
  readonly missed: readonly string[]

  constructor(flow: Flow) {
    this.#flow = flow
    const tree = treeOf(flow)
    this.#follow(entered(flow), tree)
    this.missed = this.#leavesMissed(tree, '')
  }

  #follow(conversation: Conversation, tree: Tree): void {
    if (tree.size === 0) this.#ended(conversation, tree)
    for (const [step, answers] of tree) {
      for (const [id, rest] of answers) {
        for (const next of this.#past(conversation, step, id)) this.#follow(next, rest)
      }
    }
  }

  /** How the talk may stand after an answer; none where what is known already has turned it off this path. */
  #past(conversation: Conversation, step: string, id: string): readonly Conversation[] {
    const open = openQuestion(conversation)
    if (id === RETURNED) return open.flow === step ? this.#solved(conversation, step) : []
    if (open.flow !== this.#flow.id || open.step !== step) return []
    const found = this.#flow.steps.get(step)
    if (id === COLLECTED) return [turn(conversation, factsFor(found?.collect ?? [])).conversation]
    const answer = found?.answers.find((one) => one.id === id)
    return answer === undefined ? [] : this.#answered(conversation, step, answer)
  }

  #ended(conversation: Conversation, leaf: Tree): void {
    this.ends.push(conversation)
    this.#reached.add(leaf)
  }

  #leavesMissed(tree: Tree, at: string): readonly string[] {
    if (tree.size === 0) return this.#reached.has(tree) ? [] : [at]
    return [...tree].flatMap(([step, answers]) =>
      [...answers].flatMap(([id, rest]) => this.#leavesMissed(rest, `${at} ${step}:${id}`)),
    )
  }

  #answered(conversation: Conversation, step: string, answer: Answer): readonly Conversation[] {
    if (answer.gives.length === 0) {
      const text = this.#wordsFor(step, answer)
      if (text === undefined) return [turn(conversation, answer.label ?? '', answer.id).conversation]
      const outcome = turn(conversation, text)
      expect(answerTo(outcome, this.#flow, step), `${step} “${text}”`).toBe(answer.id)
      return [outcome.conversation]
    }
    const outcomes = phrasingsOf(answer).map((text) => turn(conversation, text))
    // A date or a code decides where the talk goes on: each is followed.
    const found = outcomes.filter((outcome) => answerTo(outcome, this.#flow, step) === answer.id)
    expect(found.length, `${step} ${answer.id}`).toBeGreaterThan(0)
    return found.map((outcome) => outcome.conversation)
  }

  /** Leads a called flow the shortest way to where it is solved and comes back. */
  #solved(conversation: Conversation, called: string): readonly Conversation[] {
    const flow = content.flows.get(called)
    const solved =
      flow === undefined ? [] : [...paths(flow, content.flows)].filter(({ end }) => end.startsWith('R_'))
    const shortest = solved.sort((a, b) => a.steps.length - b.steps.length)
    for (const { steps } of shortest) {
      let at: Conversation = conversation
      for (const { step, answer } of steps) {
        if (openQuestion(at).step === step) at = turn(at, '好', answer).conversation
      }
      if (openQuestion(at).flow === this.#flow.id) return [at]
    }
    return []
  }

  /** The next words for an answer; none where all of them break into any talk. */
  #wordsFor(step: string, answer: Answer): string | undefined {
    const key = `${step}/${answer.id}`
    const before = this.#given.get(key) ?? 0
    this.#given.set(key, before + 1)
    const phrasings = phrasingsOf(answer)
    return phrasings[before % Math.max(1, phrasings.length)]
  }
}

function factsFor(collect: readonly string[]): string {
  return collect.map((slots) => COLLECTABLE[slots.split('|')[0] ?? ''] ?? '').join('，')
}

/** The card of a ticket holds what staff need. */
function expectWholeCard(card: HandoverCard): void {
  expect(card.flow).not.toBeNull()
  expect(card.priorityReason).not.toBe('')
  for (const { step, question, said } of card.path) {
    expect(question, step).not.toBe('')
    expect(said, step).not.toBe('')
  }
  if (card.slots['error_code'] !== undefined) expect(card.responseCode).toBeDefined()
}

const flows = [...content.flows.values()].map((flow) => ({ id: flow.id, flow }))

/** Here a date or a code decides between ways of which no merchant can take some: a sale of today is not a week old. */
const DECIDED_BY_FACTS = new Set(['refund_void', 'settlement_not_received', 'transaction_declined'])
let cardsSeen = 0

describe.each(flows)('talking through $id', ({ flow }) => {
  it('leads along all its paths, whatever words are chosen, to a whole card where a human goes on', () => {
    const { ends, missed } = new Walk(flow)
    if (!DECIDED_BY_FACTS.has(flow.id)) expect(missed).toEqual([])
    expect(ends.length).toBeGreaterThan(1)
    const cards = ends.flatMap(({ tickets }) => tickets.at(-1)?.card ?? [])
    cardsSeen += cards.length
    for (const card of cards) expectWholeCard(card)
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

it('comes to many a card', () => {
  expect(cardsSeen).toBeGreaterThan(1_000)
})
