import type { Dialogue, FlowFrame } from '../conversation.ts'
import type { FlowWorld } from './facts.ts'
import type { Answer } from './flow.ts'
import { type Walk, Walker } from './walker.ts'

/**
 * Enters a flow at its beginning or at a step, and walks until a question must be asked or an end is reached.
 * Pure. `returnTo` is the step of the calling flow where it goes on afterwards; `interrupting` keeps the
 * unfinished flow below to be resumed. Never throws on checked content.
 */
export function enterFlow(
  world: FlowWorld,
  dialogue: Dialogue,
  flowId: string,
  options: { step?: string; returnTo?: string; interrupting?: boolean } = {},
): Walk {
  const walker = new Walker(world, dialogue)
  walker.enter(flowId, options)
  return walker.walk()
}

/**
 * Takes an answer to the open step and walks on until the next question or an end. Pure. `said` is the
 * merchant's own (masked) wording for the hand-over path. Returns `lost` when the open step does not exist.
 */
export function answerStep(world: FlowWorld, dialogue: Dialogue, answer: Answer, said: string): Walk {
  const walker = new Walker(world, dialogue)
  walker.answer(answer, said)
  return walker.walk()
}

/** Leaves a step that collects facts: goes where its `then` says. Pure. */
export function leaveCollect(world: FlowWorld, dialogue: Dialogue): Walk {
  const walker = new Walker(world, dialogue)
  walker.leaveCollect()
  return walker.walk()
}

/** Takes the flow's way out: the end named by `escalate`. Pure. */
export function escalateFlow(world: FlowWorld, dialogue: Dialogue): Walk {
  const walker = new Walker(world, dialogue)
  walker.escalate()
  return walker.walk()
}

/** Asks the open step again as it stands, without counting a visit. Pure; `lost` when it does not exist. */
export function reask(world: FlowWorld, dialogue: Dialogue): Walk {
  return new Walker(world, dialogue).walk()
}

/**
 * Enters a flow again whose file changed under the talk: answers that the new version still knows are taken
 * over, so nothing is asked twice. Pure.
 */
export function reenterFlow(world: FlowWorld, dialogue: Dialogue, flowId: string): Walk {
  const remembering: FlowWorld = {
    ...world,
    told: (flow, step, now) => {
      const id = dialogue.answers[`${flow.id}/${step.id}`]
      const answer = step.answers.find((candidate) => candidate.id === id)
      const entry = dialogue.path.find((row) => row.flow === flow.id && row.step === step.id)
      return answer === undefined ? world.told(flow, step, now) : { answer, said: entry?.said ?? '' }
    },
  }
  const stack = dialogue.stack.slice(0, -1)
  const path = dialogue.path.filter((row) => row.flow !== flowId)
  const walker = new Walker(remembering, { ...dialogue, stack, path, visits: {}, history: [] })
  walker.enter(flowId, frameOptions(dialogue.stack.at(-1)))
  return walker.walk()
}

function frameOptions(frame: FlowFrame | undefined): { returnTo?: string; interrupting?: boolean } {
  return {
    ...(frame?.returnTo === undefined ? {} : { returnTo: frame.returnTo }),
    ...(frame?.interrupting === undefined ? {} : { interrupting: frame.interrupting }),
  }
}
