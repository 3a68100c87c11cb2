import type { TranscriptLine } from '../transcript.ts'
import type { Draft } from './draft.ts'
import { stayAsked } from './stay-asked.ts'

/**
 * Deals with a picture that came without words: the bot cannot read it and says so, and what was asked before stays
 * asked. Nothing is counted: a picture is neither an answer nor a failure to answer.
 */
export function pictureTurn(draft: Draft): void {
  const { prompt } = draft.dialogue
  const isWaiting = draft.conversation.holder === 'queue' || prompt?.kind === 'collect'
  draft.reply(isWaiting ? 'picture_for_staff' : 'picture_unread')
  stayAsked(draft)
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
