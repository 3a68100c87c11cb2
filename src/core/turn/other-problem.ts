import type { Intent } from '../content.ts'
import { understand } from '../nlu/understand.ts'
import type { Draft } from './draft.ts'

/** A problem, and the merchant's words for it. */
type Told = { readonly intent: Intent; readonly said: string }

/** Words that put a second problem beside the first: 另外, 还有就是. */
const BESIDE = /另外|还有(?!没|一笔|的)|顺便|再就是|其次|第二个/u
/** Shorter parts are no problem of their own. */
const SHORTEST = 4

/**
 * The problem that was told beside the one that is over now (“打印机卡纸，另外扫码也不行”); undefined when there was
 * none, or when it was dealt with on the way. Pure.
 */
export function otherProblem(draft: Draft): Told | undefined {
  const done = flowsDone(draft)
  return draft.dialogue.heard
    .flatMap((text) => problemsBeside(draft, text))
    .find(({ intent }) => isOther(draft, intent, done))
}

/** The problems told beside one another in a text, in order; none where only one is told. Pure. */
export function problemsBeside({ content, context }: Draft, text: string): readonly Told[] {
  const parts = text.split(BESIDE).filter((part) => part.trim().length >= SHORTEST)
  if (parts.length < 2) return []
  return parts.flatMap((said) => {
    const { intent: id, decision } = understand(content, said, context.now)
    const intent = content.intents.get(id)
    return decision === 'accept' && intent !== undefined ? [{ intent, said }] : []
  })
}

function flowsDone({ dialogue }: Draft): ReadonlySet<string> {
  return new Set([
    ...Object.keys(dialogue.visits).map((place) => place.split('/')[0] ?? ''),
    ...dialogue.path.map(({ flow }) => flow),
    ...dialogue.stack.map(({ flow }) => flow),
  ])
}

function isOther({ content, dialogue }: Draft, { id, action }: Intent, done: ReadonlySet<string>): boolean {
  if (action.kind === 'ticket') return dialogue.intent !== id
  if (action.kind !== 'flow' || done.has(action.flow)) return false
  // Two ways to speak of the same payment.
  const isMoney = (flow: string): boolean => content.flows.get(flow)?.money === true
  return !(isMoney(action.flow) && [...done].some(isMoney))
}
