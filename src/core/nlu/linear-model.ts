import type { Bags } from './bags.ts'
import { PAIRS } from './features.ts'
import { fitPlane, svmWorkspace, type SparseRows } from './svm.ts'
import type { Settings } from './settings.ts'
import { countsForCoverage, toVector, type Counted, type Vector } from './vectors.ts'

/** One separating plane a class over a shared set of features; lines that are none of ours make up a last class. */
export type LinearModel = {
  readonly classCount: number
  /** Column → key, group and inverse document frequency. */
  readonly keys: Int32Array
  readonly groups: Uint8Array
  readonly idf: Float32Array
  /** Column-major: all classes of column 0, then of column 1 …; in units of the class's scale. */
  readonly weights: Int16Array
  readonly scales: Float64Array
  readonly biases: Float64Array
}

/** What a model is trained on: some of the lines, and the intent of each (-1: none of ours). */
export type TrainingPart = {
  readonly lines: Int32Array
  readonly classes: Int32Array
  readonly intentCount: number
}

/** What successive fits on the same bags share: memory, and how much each line counted in each plane. */
export type TrainingRoom = {
  readonly bags: Bags
  readonly settings: Settings
  readonly columns: Int32Array
  readonly values: Float32Array
  /** Class → line → its share in the plane; what one fit leaves is a good start for the next. */
  readonly shares: Map<number, Float32Array>
  readonly weights: Int16Array
}

/**
 * Makes room for fits on all or some of the lines. Rather too much than a second time: what is never written takes no
 * memory, what is left behind does.
 */
export function trainingRoom(bags: Bags, intentCount: number, settings: Settings): TrainingRoom {
  return {
    bags,
    settings,
    columns: new Int32Array(bags.starts.at(-1) ?? 0),
    values: new Float32Array(bags.starts.at(-1) ?? 0),
    shares: new Map(),
    weights: new Int16Array(bags.keys.length * (intentCount + 1)),
  }
}

/**
 * Trains on a part of the lines. Gives the model, whose weights lie in the room and live until the next fit, and for
 * each feature id its column or -1.
 */
export function fitModel(
  room: TrainingRoom,
  part: TrainingPart,
): { model: LinearModel; columnOf: Int32Array } {
  const { bags, settings } = room
  const { columnOf, keys, groups, idf } = chooseColumns(bags, part.lines, settings)
  const rows = toRows(room, part.lines, columnOf, groups, idf)
  const classCount = part.intentCount + (part.classes.includes(-1) ? 1 : 0)
  const sizes = new Int32Array(classCount)
  const labels = part.classes.map((label) => (label < 0 ? part.intentCount : label))
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1
  const weights = room.weights.subarray(0, keys.length * classCount)
  const scales = new Float64Array(classCount)
  const biases = new Float64Array(classCount)
  const workspace = svmWorkspace(rows)
  const plane = workspace.weights
  for (let label = 0; label < classCount; label++) {
    const size = Math.max(sizes[label] ?? 0, 1)
    const others = Math.max(part.lines.length - size, 1)
    const svm = {
      cost: settings.cost,
      positiveCost: settings.cost * Math.exp(settings.positiveCostPower * Math.log(others / size)),
      maxPasses: settings.maxPasses,
      tolerance: settings.tolerance,
    }
    const shares = room.shares.get(label) ?? new Float32Array(bags.starts.length - 1)
    room.shares.set(label, shares)
    part.lines.forEach((line, row) => (workspace.alpha[row] = shares[line] ?? 0))
    fitPlane(rows, (row) => labels[row] === label, svm, workspace)
    part.lines.forEach((line, row) => (shares[line] = workspace.alpha[row] ?? 0))
    let largest = 1e-9
    for (let column = 0; column < keys.length; column++)
      largest = Math.max(largest, Math.abs(plane[column] ?? 0))
    const scale = largest / 32767
    scales[label] = scale
    biases[label] = plane[keys.length] ?? 0
    for (let column = 0; column < keys.length; column++) {
      weights[column * classCount + label] = Math.round((plane[column] ?? 0) / scale)
    }
  }
  return { model: { classCount, keys, groups, idf, weights, scales, biases }, columnOf }
}

/** Gives every class's margin for a message. Pure. */
export function scoreAll(model: LinearModel, vector: Vector): Float64Array {
  const { classCount, weights, scales, biases } = model
  const scores = new Float64Array(classCount)
  for (let i = 0; i < vector.columns.length; i++) {
    const value = vector.values[i] ?? 0
    const from = (vector.columns[i] ?? 0) * classCount
    for (let label = 0; label < classCount; label++) {
      scores[label] = (scores[label] ?? 0) + value * (weights[from + label] ?? 0)
    }
  }
  for (let label = 0; label < classCount; label++) {
    scores[label] = (scores[label] ?? 0) * (scales[label] ?? 0) + (biases[label] ?? 0)
  }
  return scores
}

/** Gives the margin of the class of lines that are none of ours, the last one if there is any. Pure. */
export function strangeScoreOf(scores: Float64Array, intentCount: number): number {
  return scores[intentCount] ?? -1
}

/** Gives a training line as a model sees it that was trained without it. Pure. */
export function vectorOfLine(
  room: TrainingRoom,
  line: number,
  columnOf: Int32Array,
  model: LinearModel,
): Vector {
  return toVector(countLine(room.bags, line, columnOf), model.groups, model.idf, room.settings)
}

function countLine(bags: Bags, line: number, columnOf: Int32Array): Counted {
  const columns: number[] = []
  const counts: number[] = []
  let unknown = 0
  for (let at = bags.starts[line] ?? 0; at < (bags.starts[line + 1] ?? 0); at++) {
    const id = bags.ids[at] ?? 0
    const column = columnOf[id] ?? -1
    if (column >= 0) {
      columns.push(column)
      counts.push(bags.counts[at] ?? 1)
    } else if (countsForCoverage(bags.groups[id] ?? 0)) {
      unknown += 1
    }
  }
  return { columns, counts, unknown }
}

function chooseColumns(bags: Bags, lines: Int32Array, settings: Settings) {
  const lineCounts = new Int32Array(bags.keys.length)
  for (const line of lines) {
    for (let at = bags.starts[line] ?? 0; at < (bags.starts[line + 1] ?? 0); at++) {
      const id = bags.ids[at] ?? 0
      lineCounts[id] = (lineCounts[id] ?? 0) + 1
    }
  }
  const { feature, pair } = settings.leastLines[lines.length > settings.manyLines ? 'many' : 'few']
  const columnOf = new Int32Array(bags.keys.length).fill(-1)
  const chosen: number[] = []
  for (let id = 0; id < columnOf.length; id++) {
    if ((lineCounts[id] ?? 0) < (bags.groups[id] === PAIRS ? pair : feature)) continue
    chosen.push(id)
  }
  // The most frequent first: they are most of what training and scoring touch, and so lie close together.
  chosen.sort((a, b) => (lineCounts[b] ?? 0) - (lineCounts[a] ?? 0) || a - b)
  chosen.forEach((id, column) => (columnOf[id] = column))
  const keys = Int32Array.from(chosen, (id) => bags.keys[id] ?? 0)
  const groups = Uint8Array.from(chosen, (id) => bags.groups[id] ?? 0)
  const idf = Float32Array.from(chosen, (id) => {
    const raw = Math.log((lines.length + 1) / ((lineCounts[id] ?? 0) + 0.5)) + 1
    return Math.exp(settings.idfPower * Math.log(raw))
  })
  return { columnOf, keys, groups, idf }
}

function toRows(
  room: TrainingRoom,
  lines: Int32Array,
  columnOf: Int32Array,
  groups: Uint8Array,
  idf: Float32Array,
): SparseRows {
  const { bags, settings, columns, values } = room
  const starts = new Int32Array(lines.length + 1)
  let size = 0
  lines.forEach((line, row) => {
    const vector = toVector(countLine(bags, line, columnOf), groups, idf, settings)
    columns.set(vector.columns, size)
    values.set(vector.values, size)
    size += vector.columns.length
    starts[row + 1] = size
  })
  return { starts, columns, values, columnCount: idf.length }
}
