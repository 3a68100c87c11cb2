import { reask } from '../flow/advance.ts'
import { missingSlots } from '../flow/missing.ts'
import { askForMissing } from './collect.ts'
import type { Draft } from './draft.ts'
import { choicesOf, flowChanged, questionOf } from './resting.ts'

/** A sentence that asks for a picture: not said again to whoever has just sent one. */
const ASKS_FOR_PICTURE = /照片|拍照|截图/u
const SENTENCE_END = /(?<=[。？！])/u

/** Asks again what was asked before a message that answered nothing. Nothing is counted. */
export function stayAsked(draft: Draft): void {
  const { prompt, stack, offered } = draft.dialogue
  if (prompt?.kind === 'collect') {
    const missing = missingSlots(prompt.slots, draft.dialogue.slots)
    if (missing.length > 0) draft.say(askForMissing(draft.content, missing, 'ask_missing_once_more'))
  } else if (stack.length > 0 && prompt?.kind === 'step') {
    askStepAgain(draft)
  } else {
    draft.choices = offered?.choices ?? []
  }
}

function askStepAgain(draft: Draft): void {
  const { rest } = reask(draft.world, draft.dialogue)
  if (rest.kind !== 'asks') {
    flowChanged(draft)
    return
  }
  const asked = questionOf(draft, rest.flow, rest.step)
  const kept = asked.split(SENTENCE_END).filter((sentence) => !ASKS_FOR_PICTURE.test(sentence))
  draft.say(kept.length === 0 ? asked : kept.join(''))
  draft.prompt({ kind: 'step' }, choicesOf(rest.step))
}
