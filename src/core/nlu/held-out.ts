import { evidenceOf, type JudgedEvidence } from './confidence.ts'
import { fitModel, scoreAll, strangeScoreOf, vectorOfLine, type TrainingRoom } from './linear-model.ts'

/** So many judged lines settle the few numbers that are fitted to them: a large set needs only some of its parts. */
const ENOUGH_JUDGED = 1000
const PARTS = 5
/** How much of what merchants write is taken to be none of our intents. */
const STRANGE_SHARE = 0.15

export type JudgedLines = {
  readonly classes: Int32Array
  /** Line → the line it is a copy of, itself where it is no copy, -1 where nobody wrote it. */
  readonly origins: Int32Array
  readonly intentCount: number
}

/**
 * Judges lines by models that have not seen them. In each part some intents are left out whole: their lines stand for
 * what merchants write that no intent covers. Only lines that somebody wrote are judged, and no copy of such a line
 * is trained on.
 */
export function judgeHeldOut(
  room: TrainingRoom,
  { classes, origins, intentCount }: JudgedLines,
): readonly JudgedEvidence[] {
  const judged: JudgedEvidence[] = []
  if (intentCount < 2) return judged
  const isOwn = (line: number): boolean => origins[line] === line
  const ownLines = origins.filter((origin, line) => origin === line).length
  const partOfLine = assignParts(classes.subarray(0, ownLines), intentCount)
  const parts = Math.min(PARTS, Math.ceil((ENOUGH_JUDGED * PARTS) / Math.max(ownLines, 1)))
  for (let part = 0; part < parts; part++) judged.push(...judgePart(part))
  return balance(judged)

  function judgePart(part: number): JudgedEvidence[] {
    const isStrange = (label: number): boolean => intentCount >= PARTS && label >= 0 && label % PARTS === part
    const seen: number[] = []
    const held: number[] = []
    classes.forEach((label, line) => {
      if (partOfLine[origins[line] ?? -1] !== part && !isStrange(label)) seen.push(line)
      else if (isOwn(line)) held.push(line)
    })
    const lines = Int32Array.from(seen)
    const { model, columnOf } = fitModel(room, {
      lines,
      classes: lines.map((line) => classes[line] ?? -1),
      intentCount,
    })
    return held.map((line) => {
      const label = classes[line] ?? -1
      const vector = vectorOfLine(room, line, columnOf, model)
      const scores = scoreAll(model, vector)
      const candidates = scores
        .subarray(0, intentCount)
        .map((score, index) => (isStrange(index) ? -Infinity : score))
      const right =
        label >= 0 && !isStrange(label) && candidates.every((score) => score <= (candidates[label] ?? 0))
      return {
        evidence: evidenceOf(candidates, strangeScoreOf(scores, intentCount), vector.coverage),
        right,
        weight: isStrange(label) || label < 0 ? 0 : 1,
      }
    })
  }
}

/** Deals the lines of each intent out to the parts in turn. */
function assignParts(classes: Int32Array, intentCount: number): Int32Array {
  const dealt = new Int32Array(intentCount + 1)
  return classes.map((label) => {
    const turn = dealt[label + 1] ?? 0
    dealt[label + 1] = turn + 1
    return (turn + label + 1) % PARTS
  })
}

/** Gives the strange lines together the weight they have among real messages. */
function balance(judged: readonly JudgedEvidence[]): readonly JudgedEvidence[] {
  const strange = judged.filter(({ weight }) => weight === 0).length
  if (strange === 0) return judged
  const own = judged.length - strange
  const weight = (own * STRANGE_SHARE) / (1 - STRANGE_SHARE) / strange
  return judged.map((one) => (one.weight === 0 ? { ...one, weight } : one))
}
