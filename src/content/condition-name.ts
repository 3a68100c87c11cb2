import { didYouMean } from '../core/did-you-mean.ts'
import { ASKED_BEFORE } from '../core/flow/facts.ts'
import { DERIVED_NAMES } from '../core/turn/flow-world.ts'
import type { FlowFile } from './schema.ts'
import type { Surroundings } from './surroundings.ts'

/** Says what is wrong with a name and its value in a condition of a flow; undefined when nothing is. Pure. */
export function wrongName(
  name: string,
  value: string | undefined,
  file: FlowFile,
  around: Surroundings,
): string | undefined {
  const step = file.steps[name]
  if (step !== undefined) {
    const answers = Object.keys(step.answers ?? {})
    if (value === undefined || answers.includes(value)) return undefined
    return `step "${name}" has no answer "${value}"${hint(value, answers)}`
  }
  const others = [...around.notes, ...DERIVED_NAMES, ASKED_BEFORE]
  if (around.slots.has(name) || others.includes(name)) return undefined
  const known = [...Object.keys(file.steps), ...around.slots.keys(), ...others]
  return `"${name}" is no step, slot or note${hint(name, known)}`
}

/** The nearest name that exists, as the end of a message. Pure. */
export function hint(word: string, known: readonly string[]): string {
  const close = didYouMean(word, known)
  return close === undefined ? '' : `. Did you mean "${close}"?`
}
