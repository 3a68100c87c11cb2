import { findAnsweredAmounts } from './amount.ts'
import { findAnsweredNumbers } from './answered-number.ts'
import { type Candidate, type Scan, coverage } from './candidate.ts'
import { findContactNames } from './contact-name.ts'
import { findAnsweredText } from './error-text.ts'
import { findServiceAddress } from './service-address.ts'
import { findAnsweredModel } from './terminal.ts'

/** Kinds that never belong to an address, so that an address ends where they begin. */
const APART = new Set([
  'contact_phone',
  'terminal_id',
  'terminal_sn',
  'merchant_id',
  'card_last4',
  'contact_name',
])

/**
 * Adds what only the question makes an entity, in the order of how sure it is; each finder sees the places still
 * free. `unanswered` are labels without a number behind them, which count as asked for their numbers. Pure.
 */
export function findAnswers(
  scan: Scan,
  said: readonly Candidate[],
  unanswered: readonly string[],
): Candidate[] {
  const { asked, text } = scan
  const { length } = text
  let found = [...said]
  const covered = (): Uint8Array => coverage(found, length)
  const has = (kind: string): boolean => found.some((candidate) => candidate.kind === kind)

  found.push(...findContactNames(scan, covered()))
  const address = findServiceAddress(
    scan,
    found.filter(({ kind }) => APART.has(kind)),
  )
  found = [...found.filter((candidate) => !address.some((place) => overlap(place, candidate))), ...address]
  const wanted = unanswered.length === 0 ? scan : { ...scan, asked: new Set([...asked, ...unanswered]) }
  found.push(...findAnsweredNumbers(wanted, covered(), new Set(found.map(({ kind }) => kind))))
  if (asked.has('terminal_model') && !has('terminal_model')) {
    found.push(...findAnsweredModel(scan, covered(), found))
  }
  if (asked.has('amount') || asked.has('amount_2')) found.push(...findAnsweredAmounts(scan, covered()))
  if (asked.has('error_text') && !has('error_text')) found.push(...findAnsweredText(scan, covered()))
  return found
}

function overlap(a: Candidate, b: Candidate): boolean {
  return a.start < b.end && b.start < a.end
}
