import { isAnswer, isLabelled } from './labels.ts'
import { eachRun, piecesOf } from './number-run.ts'
import type { Run } from './number-run.ts'
import type { Find, Page } from './page.ts'

const MOBILE = /^(?:0{0,2}86)?1[3-9]\d{9}$/
const LENGTH = 11
/** Sizes of the groups a mobile number is written in; a country code apart from it is none of them. */
const LAYOUTS = new Set(['11', '3,4,4', '3,8', '7,4', '4,4,3', '3,3,5', '13', '14', '15', '5,4,4'])

/**
 * Finds mobile numbers that no label names as something else; the country code is not part of the find.
 *
 * Pure, linear.
 */
export function findPhoneNumbers(page: Page, answering: readonly string[]): readonly Find[] {
  const finds: Find[] = []
  let free = 0
  eachRun(page, LENGTH, LENGTH + 4, (run) => {
    if (run.first < free || !MOBILE.test(run.digits) || !isLaidOutAsPhone(page, run)) return
    if (isLabelled(page.text, run)) return
    if (!answering.includes('contact_phone') && isAnswer(answering, run.digits.length)) return
    free = run.last + 1
    finds.push({ kind: 'phone', start: run.start + startOfMobile(page, run), end: run.end })
  })
  return finds
}

function isLaidOutAsPhone(page: Page, run: Run): boolean {
  const pieces = piecesOf(page, run)
  const gaps = pieces.slice(1).map((piece, index) => page.text.slice(pieces[index]?.end, piece.start))
  if (gaps.every((gap) => gap === '')) return true
  if (!gaps.every((gap) => /^[\s.\-–—·]{1,2}$/.test(gap))) return false
  return LAYOUTS.has(pieces.map(({ digits }) => digits.length).join(','))
}

function startOfMobile(page: Page, run: Run): number {
  const extra = run.digits.length - LENGTH
  return extra > 0 && (page.pieces[run.first]?.digits.length ?? 0) > extra ? extra : 0
}
