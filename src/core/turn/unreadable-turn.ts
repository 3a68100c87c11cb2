import { missingSlots } from '../flow/missing.ts'
import { UNREADABLE, type Unreadable } from '../unreadable.ts'
import { askForMissing } from './collect.ts'
import type { Draft } from './draft.ts'
import { askAgain } from './resting.ts'

/**
 * Deals with a message nobody here can read: the bot says so, and what was asked before stays asked. Nothing is
 * counted: it is neither an answer nor a failure to answer.
 */
export function unreadableTurn(draft: Draft, what: Unreadable): void {
  draft.reply(what === 'voice' ? 'cannot_hear' : 'cannot_see', { what: UNREADABLE[what] })
  const { prompt, stack, offered, slots } = draft.dialogue
  if (prompt?.kind === 'collect') {
    const missing = missingSlots(prompt.slots, slots)
    if (missing.length > 0) draft.say(askForMissing(draft.content, missing, 'ask_missing_once_more'))
  } else if (stack.length > 0 && prompt?.kind === 'step') {
    askAgain(draft)
  } else {
    draft.choices = offered?.choices ?? []
  }
}
