import type { Dialogue } from '../conversation.ts'
import { type Facts, holds } from './condition.ts'
import type { Answer, Flow, Sentence, Step } from './flow.ts'

/** Condition name: the step just answered was asked before in this problem. */
export const ASKED_BEFORE = 'asked_before'

/** What the engine needs to know besides the dialogue. All pure. */
export type FlowWorld = {
  readonly flows: ReadonlyMap<string, Flow>
  /** Value of a name that is neither step, slot nor note: `code_class`, `code_money`. */
  readonly derived: (name: string, dialogue: Dialogue) => string | undefined
  /** The answer the merchant already gave to a step that was not asked yet. */
  readonly told: (flow: Flow, step: Step, dialogue: Dialogue) => { answer: Answer; said: string } | undefined
  /** Fills `{…}` in a text. */
  readonly render: (text: string, dialogue: Dialogue) => string
}

/** The value of a name in a condition: an answer given, a slot, a note, or something derived. Pure. */
export function factsOf(world: FlowWorld, dialogue: Dialogue, flowId: string): Facts {
  return (name) => {
    if (name === ASKED_BEFORE) return isAskedBefore(dialogue) ? 'yes' : undefined
    const answered = dialogue.answers[`${flowId}/${name}`]
    if (answered !== undefined) return answered
    const slot = dialogue.slots[name]
    if (slot !== undefined) return String(slot)
    return dialogue.notes[name] ?? world.derived(name, dialogue)
  }
}

function isAskedBefore(dialogue: Dialogue): boolean {
  const frame = dialogue.stack.at(-1)
  return frame !== undefined && (dialogue.visits[`${frame.flow}/${frame.step}`] ?? 0) > 1
}

/** The sentences whose conditions hold, rendered. Pure. */
export function sentences(
  world: FlowWorld,
  dialogue: Dialogue,
  flowId: string,
  list: readonly Sentence[],
): readonly string[] {
  const facts = factsOf(world, dialogue, flowId)
  return list
    .filter((sentence) => sentence.when === undefined || holds(sentence.when, facts))
    .map((sentence) => world.render(sentence.text, dialogue))
    .filter((text) => text !== '')
}
