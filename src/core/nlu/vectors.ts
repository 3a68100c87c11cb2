import { CONCEPTS, GROUPS, SOUNDS } from './features.ts'
import type { Settings } from './settings.ts'

/** The features of a message that a model knows, once each, with how often they occur. */
export type Counted = {
  readonly columns: readonly number[]
  readonly counts: readonly number[]
  /** Features the model does not know, sounds and concepts left out. */
  readonly unknown: number
}

export type Vector = {
  readonly columns: readonly number[]
  readonly values: readonly number[]
  /** Share of the message's mass that the model knows: 0 nothing, 1 everything. */
  readonly coverage: number
}

const LOGS = Float64Array.from({ length: 256 }, (_, count) => 1 + Math.log(Math.max(count, 1)))

/** Scales counted features: tf-idf, unit length within each group, group weights, unit length overall. Pure. */
export function toVector(
  counted: Counted,
  groups: Uint8Array,
  idf: Float32Array,
  settings: Settings,
): Vector {
  const { columns, counts } = counted
  // Plain arrays: a typed array of this size is allocated outside the heap, which costs more than filling it.
  const values: number[] = []
  const squares = GROUPS.map(() => 0)
  let known = 0
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i] ?? 0
    const group = groups[column] ?? 0
    const weight = idf[column] ?? 0
    const value = (LOGS[Math.min(counts[i] ?? 1, 255)] ?? 1) * weight
    values.push(value)
    squares[group] = (squares[group] ?? 0) + value * value
    if (countsForCoverage(group)) known += weight
  }
  let total = 0
  const factors = GROUPS.map(() => 0)
  for (let group = 0; group < factors.length; group++) {
    const square = squares[group] ?? 0
    if (square === 0) continue
    const weight = settings.groupWeights[group] ?? 0
    factors[group] = weight / Math.sqrt(square)
    total += weight * weight
  }
  const length = Math.sqrt(total) || 1
  for (let i = 0; i < columns.length; i++) {
    values[i] = ((values[i] ?? 0) * (factors[groups[columns[i] ?? 0] ?? 0] ?? 0)) / length
  }
  const mass = known + counted.unknown * settings.unknownMass
  return { columns, values, coverage: mass === 0 ? 0 : known / mass }
}

/** Tells whether a group's features say how much of a message is known; sounds and concepts only repeat the others. */
export function countsForCoverage(group: number): boolean {
  return group !== SOUNDS && group !== CONCEPTS
}
