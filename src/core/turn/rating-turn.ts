import { lastRating, rate } from '../desk/rate.ts'
import { commandOf } from './commands.ts'
import type { Draft } from './draft.ts'

const LONE_SCORE = /^\s*([1-5１-５一二三四五])\s*(?:分|星|颗星)?\s*[。.!！~～]*\s*$/u
const DIGITS = '１２３４５'
const NUMERALS = '一二三四五'

/**
 * Takes a score, or a word after it. Returns false for a message that is neither: the merchant has gone on to something
 * else, and the question is dropped.
 */
export function ratingTurn(draft: Draft, scored: boolean): boolean {
  draft.prompt(null)
  const score = scoreOf(draft.input.choiceId ?? draft.text)
  if (score !== undefined) {
    draft.conversation = rate(draft.conversation, { score }, draft.context.now)
    draft.reply('rating_thanks')
    draft.prompt({ kind: 'rating', scored: true })
    return true
  }
  const given = lastRating(draft.conversation)
  if (!scored || given === undefined || goesOn(draft)) return false
  draft.conversation = rate(
    draft.conversation,
    { score: given.score, comment: draft.text },
    draft.context.now,
  )
  draft.reply('rating_word_thanks')
  return true
}

function scoreOf(said: string): number | undefined {
  const mark = LONE_SCORE.exec(said)?.[1]
  if (mark === undefined) return undefined
  const at = [DIGITS.indexOf(mark), NUMERALS.indexOf(mark)].find((place) => place >= 0)
  return at === undefined ? Number(mark) : at + 1
}

/** A command, or a new problem that was understood. */
function goesOn({ content, input, text }: Draft): boolean {
  const { decision, intent } = input.understanding
  if (commandOf(content, text) !== undefined) return true
  return decision === 'accept' && content.intents.get(intent)?.action.kind !== 'conversational'
}
