import { expect } from 'vitest'

import type { Content } from '../../src/core/content.ts'
import { openQuestion } from '../../src/core/open-question.ts'
import { Talk } from '../fixtures/talk.ts'
import { type ScriptTurn, parseChatScript } from './chat-script.ts'

/** Talks a conversation test through and holds the bot's words and the state after each turn against it. */
export async function expectTalk(name: string, source: string, content?: Content): Promise<void> {
  const turns = parseChatScript(source)
  expect(turns.length).toBeGreaterThan(0)
  const talk = new Talk(content)
  for (const turn of turns) {
    const where = `${name}:${turn.line} merchant> ${turn.merchant}`
    if (turn.isButton) await talk.press(turn.merchant)
    else if (turn.hasPicture) await talk.show(turn.merchant)
    else await talk.say(turn.merchant)
    if (turn.bot.length > 0) expectReply(where, talk.reply, turn)
    for (const check of turn.checks) {
      expect(stateOf(talk, check.text), `${name}:${check.line} after "${turn.merchant}": ${talk.reply}`).toBe(
        check.text,
      )
    }
  }
}

/** A bot line that ends in “…” gives only its beginning; `{no}` stands for the ticket number. */
function expectReply(where: string, reply: string, turn: ScriptTurn): void {
  const said = reply.split('\n').map((text) => text.replace(/\d{6}-\d{5}/u, '{no}'))
  const expected = turn.bot.map((text, index) =>
    text.endsWith('…') && (said[index] ?? '').startsWith(text.slice(0, -1)) ? said[index] : text,
  )
  expect(said, where).toEqual(expected)
}

/** The present state in the words of a check, so that a failing test shows what is instead. */
function stateOf(talk: Talk, check: string): string {
  const { conversation } = talk
  const [name = ''] = check.split(/[\s=]/u)
  const ticket = conversation.tickets.at(-1)
  switch (name) {
    case 'step': {
      const { flow, step } = openQuestion(conversation)
      return flow === null && step === null ? 'step none' : `step ${flow ?? 'none'}/${step ?? ''}`
    }
    case 'slot': {
      const [, slot = ''] = /^slot (\w+)/u.exec(check) ?? []
      return `slot ${slot} = ${conversation.dialogue.slots[slot] ?? 'none'}`
    }
    case 'holder':
      return `holder = ${conversation.holder}`
    case 'ticket':
      return ticket === undefined
        ? 'ticket none'
        : `ticket priority=${ticket.priority} reason=${ticket.reason}`
    case 'why':
      return `why = ${ticket?.card.priorityReason ?? 'none'}`
    case 'added':
      return `added = ${ticket?.additions.join(' / ') ?? 'none'}`
    case 'intent':
      return `intent = ${talk.last?.understood?.intent ?? 'none'}`
    case 'card.intent':
      return `card.intent = ${ticket?.card.intent ?? 'none'}`
    case 'tried':
      return `tried ${conversation.dialogue.triedSteps.join(' ')}`
    case 'money':
      return `money = ${ticket?.card.moneyAtRisk === true ? 'at risk' : 'safe'}`
    default:
      return `"${name}" is no check`
  }
}
