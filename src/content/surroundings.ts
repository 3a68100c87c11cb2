import type { z } from 'zod'

import type { SlotDefinition } from '../core/content.ts'
import type { FlowFile, slotsSchema } from './schema.ts'

/** What flows may refer to outside their own file. */
export type Surroundings = {
  /** Flow id → ids of its steps, routes and ends. */
  readonly flows: ReadonlyMap<string, ReadonlySet<string>>
  readonly slots: ReadonlyMap<string, SlotDefinition>
  readonly sets: ReadonlyMap<string, readonly string[]>
  readonly notes: ReadonlySet<string>
}

/** Gathers the names of all files before any of them is resolved. */
export function surroundings(
  flowFiles: readonly FlowFile[],
  slots: z.infer<typeof slotsSchema>,
  notes: ReadonlyMap<string, unknown>,
): Surroundings {
  const set = new Set(notes.keys())
  for (const file of flowFiles) {
    for (const name of Object.keys(file.remembers ?? {})) set.add(name)
    for (const step of Object.values(file.steps)) {
      for (const answer of Object.values(step.answers ?? {})) {
        for (const name of Object.keys(answer.set ?? {})) if (slots.slots[name] === undefined) set.add(name)
      }
    }
  }
  return {
    flows: new Map(
      flowFiles.map((file) => [
        file.flow,
        new Set([...Object.keys(file.steps), ...Object.keys(file.routes ?? {}), ...Object.keys(file.ends)]),
      ]),
    ),
    slots: new Map(
      Object.entries(slots.slots).map(([id, slot]): [string, SlotDefinition] => [
        id,
        { id, name: slot.name, lasting: slot.lasting ?? false, onlyIn: slot.only_in ?? null },
      ]),
    ),
    sets: new Map(Object.entries(slots.sets)),
    notes: set,
  }
}
