import { isAnswer, isLabelled, nearWord, PAYMENT_CODE_WORDS } from './labels.ts'
import { eachRun, isLaidOutAsOne, leftmostRuns } from './number-run.ts'
import type { Run } from './number-run.ts'
import type { Find, Page } from './page.ts'

/** WeChat, Alipay, UnionPay. A UnionPay code of 19 digits is masked as a card. */
const CODE = /^1[0-5]\d{16}$|^(?:2[5-9]|30)\d{14,22}$|^62\d{17,18}$/

/**
 * Finds one-time payment codes (付款码): by prefix when laid out as one number and not labelled, and whatever has
 * 16–24 digits near 付款码.
 *
 * Pure, linear.
 */
export function findPaymentCodes(page: Page, answering: readonly string[]): readonly Find[] {
  const isNear = nearWord(page.text, PAYMENT_CODE_WORDS)
  const runs: Run[] = []
  eachRun(page, 16, 24, (run) => {
    const isCode = CODE.test(run.digits)
    if (!isCode && !isNear(run)) return
    if (!isLaidOutAsOne(page, run) || isLabelled(page.text, run)) return
    if (!isAnswer(answering, run.digits.length) || isNear(run)) runs.push(run)
  })
  return leftmostRuns(page, runs).map(({ start, end }) => ({ kind: 'payment_code', start, end }))
}
