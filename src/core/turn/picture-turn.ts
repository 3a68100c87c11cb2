import { reask } from '../flow/advance.ts'
import { missingSlots } from '../flow/missing.ts'
import type { TranscriptLine } from '../transcript.ts'
import { askForMissing } from './collect.ts'
import type { Draft } from './draft.ts'
import { choicesOf, flowChanged, questionOf } from './resting.ts'

/** A sentence that asks for a picture: not said again to whoever has just sent one. */
const ASKS_FOR_PICTURE = /照片|拍照|截图/u
const SENTENCE_END = /(?<=[。？！])/u

/**
 * Deals with a picture that came without words: the bot cannot read it and says so, and what was asked before stays
 * asked. Nothing is counted: a picture is neither an answer nor a failure to answer.
 */
export function pictureTurn(draft: Draft): void {
  const { prompt, stack, offered } = draft.dialogue
  const isWaiting = draft.conversation.holder === 'queue' || prompt?.kind === 'collect'
  draft.reply(isWaiting ? 'picture_for_staff' : 'picture_unread')
  if (prompt?.kind === 'collect') {
    const missing = missingSlots(prompt.slots, draft.dialogue.slots)
    if (missing.length > 0) draft.say(askForMissing(draft.content, missing, 'ask_missing_once_more'))
  } else if (stack.length > 0 && prompt?.kind === 'step') {
    askStepAgain(draft)
  } else {
    draft.choices = offered?.choices ?? []
  }
}

/** Says once in a talk, beside the answer to the words, that the bot sees only the words. */
export function tellOfPicture(draft: Draft): void {
  const { transcript, holder } = draft.conversation
  const isFirst = transcript.filter(isPicture).length === 1
  if (isFirst && holder !== 'agent') draft.says.unshift(draft.content.replies.picture_beside)
}

function isPicture({ author, attachments }: TranscriptLine): boolean {
  return author === 'merchant' && attachments !== undefined
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
