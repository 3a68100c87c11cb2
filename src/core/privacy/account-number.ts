import { ACCOUNT_WORDS, CARD_WORDS, isLabelled, nearWord } from './labels.ts'
import { eachRun, leftmostRuns } from './number-run.ts'
import type { Run } from './number-run.ts'
import type { Find, Page } from './page.ts'

/**
 * Finds account numbers: 12–24 digits near 账号, 对公 or 卡号 that are no card, of whatever length, unless a label
 * of their own stands right before them.
 *
 * Pure, linear.
 */
export function findAccountNumbers(page: Page): readonly Find[] {
  const isNearAccount = nearWord(page.text, ACCOUNT_WORDS)
  const isNearCard = nearWord(page.text, CARD_WORDS)
  const runs: Run[] = []
  eachRun(page, 12, 24, (run) => {
    if ((isNearAccount(run) || isNearCard(run)) && !isLabelled(page.text, run)) runs.push(run)
  })
  return leftmostRuns(page, runs).map((run) => ({
    kind: 'account',
    start: run.start,
    end: run.end,
    last4: run.digits.slice(-4),
  }))
}
