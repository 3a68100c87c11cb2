import { IDENTITY_WORDS, nearWord } from './labels.ts'
import { eachRun, leftmostRuns } from './number-run.ts'
import type { Run } from './number-run.ts'
import type { Find, Page } from './page.ts'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_DIGITS = '10X98765432'
const PATTERN = /^[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/
const TRAVEL_PAPER = /(?:护照|通行证|回乡证|台胞证)[号码\s:是为]{0,8}([A-Za-z]{0,2}\d{7,10})(?!\d)/g

/** True for 18 characters with a birth date and the check digit of ISO 7064 MOD 11-2. Pure. */
export function isIdentityNumber(number: string): boolean {
  if (!PATTERN.test(number)) return false
  let sum = 0
  for (const [index, weight] of WEIGHTS.entries()) sum += weight * (number.charCodeAt(index) - 48)
  return CHECK_DIGITS.charAt(sum % 11) === number.charAt(17)
}

/**
 * Finds identity numbers: right ones anywhere, whatever label they carry, and near 身份证 whatever has 15 or 18
 * places.
 *
 * Pure, linear.
 */
export function findIdentityNumbers(page: Page): readonly Find[] {
  const isNear = nearWord(page.text, IDENTITY_WORDS)
  const runs: Run[] = []
  eachRun(page, 15, 18, (run) => {
    const number = withCheckLetter(page, run)
    if (number.length === 16 || number.length === 17) return
    if (!isIdentityNumber(number) && !isNear(run)) return
    runs.push({ ...run, end: run.end + number.length - run.digits.length })
  })
  return leftmostRuns(page, runs).map(({ start, end }) => ({ kind: 'identity', start, end }))
}

/** The X of 17 digits and an X is no numeral, so a run ends before it; another number may follow a right one. */
function withCheckLetter(page: Page, run: Run): string {
  if (run.digits.length !== 17 || !/^[Xx]/.test(page.text.slice(run.end, run.end + 1))) return run.digits
  const number = `${run.digits}X`
  const isAlone = !/^[A-Za-z0-9]/.test(page.text.slice(run.end + 1, run.end + 2))
  return isAlone || isIdentityNumber(number) ? number : run.digits
}

/** True when `text` names a passport or travel permit. Pure. */
export function namesTravelPaper(text: string): boolean {
  return /护照|通行证|回乡证|台胞证/.test(text)
}

/** Finds numbers of passports and travel permits after their name. Pure, linear. */
export function findTravelPapers(text: string): readonly Find[] {
  return [...text.matchAll(TRAVEL_PAPER)].map((match) => {
    const end = match.index + match[0].length
    return { kind: 'identity', start: end - (match[1]?.length ?? 0), end }
  })
}
