import type { Draft } from './draft.ts'
import { askAgain } from './resting.ts'

/** What a request that could destroy keys, money or evidence is answered with; undefined when it is none. Pure. */
export function refusalOf(draft: Draft): string | undefined {
  const { matcher, refusals, flows } = draft.content
  const open = flows.get(draft.dialogue.stack.at(-1)?.flow ?? '')
  const isMoney = draft.dialogue.moneyAtRisk || (open?.warning ?? null) !== null
  return refusals.find(
    ({ only, words, unless }) =>
      (only !== 'money' || isMoney) && matcher.says(draft.text, words) && !matcher.says(draft.text, unless),
  )?.say
}

/** Refuses, then asks the open question again. Returns true when there was something to refuse. */
export function refuse(draft: Draft): boolean {
  const say = refusalOf(draft)
  if (say === undefined) return false
  draft.say(say)
  draft.update({ unclear: 0 })
  if (draft.dialogue.stack.length > 0) {
    askAgain(draft)
    return true
  }
  draft.reply('anything_else')
  draft.prompt({ kind: 'anything_else', flow: null })
  return true
}
