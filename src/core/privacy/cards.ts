import { findIssuer, isUnionPay, passesLuhn } from './card-number.ts'
import { CARD_WORDS, isAnswer, isLabelled, nearWord } from './labels.ts'
import { coveringRuns, eachRun, isLaidOutAsOne, leftmostRuns, piecesOf } from './number-run.ts'
import type { Run } from './number-run.ts'
import type { Find, Page } from './page.ts'

const LEAST = 13
const MOST = 19

/**
 * Finds card numbers: runs of 13–19 digits, taken in order of how sure they are.
 *
 * 1. prefix of an issuer and check digit, or 62… of 16–19 digits laid out as one number: no label helps;
 * 2. any other 62…; 3. uncertain prefix and check digit, unless labelled; 4. anything near 卡号, unless labelled.
 *
 * A less sure run never takes digits from a surer one: the amount beside a card stays. Pure, linear.
 */
export function findCards(page: Page, answering: readonly string[]): readonly Find[] {
  const sure: Run[] = []
  const unionPay: Run[] = []
  const uncertain: Run[] = []
  const rest: Run[] = []
  const isNamed = page.text.search(CARD_WORDS) >= 0
  eachRun(page, LEAST, MOST, (run) => {
    const issuer = findIssuer(run.digits)
    if ((issuer === undefined && !isNamed) || !couldBeCard(page, run)) return
    const checked = issuer !== undefined && passesLuhn(run.digits)
    const isUnion = isUnionPay(run.digits)
    if (issuer === 'listed' && checked) sure.push(run)
    else if (isUnion && isLaidOutAsOne(page, run) && !endsInCents(page, run)) sure.push(run)
    else if (isUnion) unionPay.push(run)
    else if (checked) uncertain.push(run)
    else if (isNamed) rest.push(run)
  })
  const taken = new Set<number>()
  const cards = [
    ...take(taken, coveringRuns(page, sure)),
    ...take(taken, leftmostRuns(page, apart(taken, unionPay))),
    ...take(
      taken,
      coveringRuns(
        page,
        apart(taken, uncertain).filter((run) => !isExempt(page, run, answering)),
      ),
    ),
  ]
  const named = findNamed(page, apart(taken, rest))
  return [...cards, ...named].sort((a, b) => a.start - b.start).map(toFind)
}

function toFind(run: Run): Find {
  return { kind: 'card', start: run.start, end: run.end, last4: run.digits.slice(-4) }
}

function findNamed(page: Page, runs: readonly Run[]): readonly Run[] {
  const isNear = nearWord(page.text, CARD_WORDS)
  const named = runs.filter((run) => isNear(run) && !isTimestamp(run.digits) && !isLabelled(page.text, run))
  return leftmostRuns(page, named)
}

function apart(taken: ReadonlySet<number>, runs: readonly Run[]): readonly Run[] {
  if (taken.size === 0) return runs
  return runs.filter((run) => {
    for (let piece = run.first; piece <= run.last; piece++) if (taken.has(piece)) return false
    return true
  })
}

function take(taken: Set<number>, runs: readonly Run[]): readonly Run[] {
  for (const run of runs) for (let piece = run.first; piece <= run.last; piece++) taken.add(piece)
  return runs
}

/** False for what only looks long because amounts or a telephone number stand side by side. */
function couldBeCard(page: Page, run: Run): boolean {
  if (run.first === run.last) return true
  const pieces = piecesOf(page, run)
  if (pieces[0]?.money === true || pieces.at(-1)?.money === true) return false
  if (pieces.every(({ decimal }) => decimal)) return false
  return run.digits.length > 15 || !pieces.some(({ digits }) => /^1[3-9]\d{9}$/.test(digits))
}

function endsInCents(page: Page, run: Run): boolean {
  return run.first !== run.last && (page.pieces[run.last]?.decimal ?? false)
}

function isExempt(page: Page, run: Run, answering: readonly string[]): boolean {
  return isLabelled(page.text, run) || isAnswer(answering, run.digits.length)
}

function isTimestamp(digits: string): boolean {
  return /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(digits)
}
