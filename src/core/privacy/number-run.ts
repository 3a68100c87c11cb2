import type { Page } from './page.ts'
import type { Piece } from './pieces.ts'

/** Neighbouring pieces read as one number: pieces `first`…`last` of a page. */
export type Run = {
  readonly first: number
  readonly last: number
  readonly start: number
  readonly end: number
  readonly digits: string
}

/**
 * Calls `visit` for every run of neighbouring pieces that has `least` to `most` digits, by first piece, shortest
 * first.
 *
 * Linear: a piece has a digit at least, so no more than `most` runs begin with one.
 */
export function eachRun(page: Page, least: number, most: number, visit: (run: Run) => void): void {
  const { pieces } = page
  for (let first = 0; first < pieces.length; first++) {
    let digits = ''
    for (let last = first; last < pieces.length; last++) {
      const piece = pieces[last]
      if (piece === undefined || (last > first && !piece.chained)) break
      digits += piece.digits
      if (digits.length > most) break
      if (digits.length < least) continue
      visit({ first, last, start: pieces[first]?.start ?? 0, end: piece.end, digits })
    }
  }
}

/** The pieces of a run. Pure. */
export function piecesOf(page: Page, run: Run): readonly Piece[] {
  return page.pieces.slice(run.first, run.last + 1)
}

/**
 * True when a run is laid out as one number: unbroken, or in groups of one size (the last may be smaller) with
 * the same separator between them.
 *
 * Pure.
 */
export function isLaidOutAsOne(page: Page, run: Run): boolean {
  if (run.first === run.last) return true
  const pieces = piecesOf(page, run)
  const size = pieces[0]?.digits.length ?? 0
  const gap = page.text.slice(pieces[0]?.end, pieces[1]?.start)
  if (gap === '') return pieces.every((piece, index) => index === 0 || pieces[index - 1]?.end === piece.start)
  return pieces.every((piece, index) => {
    if (
      piece.digits.length !== size &&
      !(index === pieces.length - 1 && index > 1 && piece.digits.length < size)
    ) {
      return false
    }
    return index === 0 || page.text.slice(pieces[index - 1]?.end, piece.start) === gap
  })
}

/** For each first piece in order, the longest run laid out as one number, else the longest; none overlap. Pure. */
export function leftmostRuns(page: Page, runs: readonly Run[]): readonly Run[] {
  const chosen: Run[] = []
  let free = 0
  for (let index = 0; index < runs.length;) {
    const first = runs[index]?.first ?? 0
    const group: Run[] = []
    for (let run = runs[index]; run?.first === first; run = runs[++index]) group.push(run)
    if (first < free) continue
    const run = group.findLast((each) => isLaidOutAsOne(page, each)) ?? group.at(-1)
    if (run === undefined) continue
    chosen.push(run)
    free = run.last + 1
  }
  return chosen
}

/**
 * Chooses runs so that no digit of any of `runs` stays: runs apart from each other that cover all, if there are
 * such, otherwise each knot of overlapping runs as one.
 *
 * Pure. `runs` come by first piece, shortest first.
 */
export function coveringRuns(page: Page, runs: readonly Run[]): readonly Run[] {
  const chosen: Run[] = []
  for (let index = 0; index < runs.length;) {
    const knot: Run[] = []
    let end = -1
    for (let run = runs[index]; run !== undefined && (end < 0 || run.first <= end); run = runs[++index]) {
      knot.push(run)
      end = Math.max(end, run.last)
    }
    chosen.push(...(exactCover(knot, end) ?? [merged(page, knot, end)]))
  }
  return chosen
}

/** Runs of a knot that follow each other without a piece between, from its first piece to `end`. */
function exactCover(knot: readonly Run[], end: number): readonly Run[] | undefined {
  const from = knot[0]?.first ?? 0
  /** For each piece before which a cover of all earlier ones ends: the run that ends there. */
  const reached = new Map<number, Run | undefined>([[from, undefined]])
  for (const run of knot) {
    if (reached.has(run.first) && !reached.has(run.last + 1)) reached.set(run.last + 1, run)
  }
  const cover: Run[] = []
  for (let run = reached.get(end + 1); run !== undefined; run = reached.get(run.first)) cover.push(run)
  return cover.length > 0 ? cover.reverse() : undefined
}

function merged(page: Page, knot: readonly Run[], end: number): Run {
  const first = knot[0]?.first ?? 0
  const pieces = page.pieces.slice(first, end + 1)
  return {
    first,
    last: end,
    start: pieces[0]?.start ?? 0,
    end: pieces.at(-1)?.end ?? 0,
    digits: pieces.map(({ digits }) => digits).join(''),
  }
}
