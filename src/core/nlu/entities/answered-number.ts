import { type Candidate, RANK, type Scan } from './candidate.ts'
import { DIGIT_CHARS, toAsciiDigits } from './numeral.ts'

const RUN = new RegExp(`[0-9a-z]+|[${DIGIT_CHARS.slice(3)}]{4,}`, 'g')
/** Four digits in front of these are money or a year. */
const COUNTED = /^ ?(?:元|块|圆|多|年|万|千|百|次|笔|w|k|\.\d|,\d|:)/
const LOOKS_LIKE_DAY = /^20[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/

/** A number without a label: which of the questions it can answer, the surest first. */
type Shape = {
  readonly kind: string
  readonly accepts: (value: string, scan: Scan, isAlone: boolean) => boolean
}

const isDigits = (value: string): boolean => /^\d+$/.test(value)
const hasDigits = (value: string, least: number): boolean => (value.match(/\d/g)?.length ?? 0) >= least

const SHAPES: readonly Shape[] = [
  { kind: 'merchant_id', accepts: (v) => v.length === 15 && hasDigits(v, 10) },
  { kind: 'ref_no', accepts: (v) => v.length === 12 && hasDigits(v, 6) },
  {
    kind: 'terminal_id',
    accepts: (v, { asked }, isAlone) =>
      v.length === 8 && hasDigits(v, 4) && (!LOOKS_LIKE_DAY.test(v) || (isAlone && !asked.has('txn_time'))),
  },
  { kind: 'terminal_sn', accepts: (v) => v.length >= 8 && v.length <= 24 && hasDigits(v, 4) },
  { kind: 'order_no', accepts: (v) => v.length >= 10 && v.length <= 32 && hasDigits(v, 6) },
  { kind: 'trace_no', accepts: (v) => v.length === 6 && isDigits(v) },
  { kind: 'batch_no', accepts: (v) => v.length === 6 && isDigits(v) },
  { kind: 'auth_code', accepts: (v) => v.length === 6 && hasDigits(v, 2) },
  { kind: 'card_last4', accepts: (v) => v.length === 4 && isDigits(v) },
  { kind: 'contact_phone', accepts: (v) => /^[2-8]\d{6,7}$/.test(v) },
]

/**
 * Gives bare numbers to the questions they can answer: each question one number, each number one question, in the
 * order written. `filled` are the kinds already found; `covered` is spoken for. Without a question exactly 12 digits
 * are a reference number and 20 to 32 an order number, as on slips and in wallets. Pure.
 */
export function findAnsweredNumbers(
  scan: Scan,
  covered: Uint8Array,
  filled: ReadonlySet<string>,
): Candidate[] {
  const { text, asked } = scan
  if (!scan.mayHoldNumber) return []
  const taken = new Set(filled)
  const found: Candidate[] = []
  const runs = [...text.matchAll(RUN)].filter(
    ({ 0: run, index }) => run.length >= 4 && covered[index] !== 1 && !/[.:*+]/.test(text.charAt(index - 1)),
  )
  const skipFirstFour = leavesFirstFourForAmount(runs, scan, taken)
  for (const match of runs) {
    const start = match.index
    const end = start + match[0].length
    const value = toAsciiDigits(match[0])
    const isAlone = text.trim().length === match[0].length
    if (value.length === 4 && (match === skipFirstFour || COUNTED.test(text.slice(end, end + 3)))) continue
    const shape = SHAPES.find(
      ({ kind, accepts }) => asked.has(kind) && !taken.has(kind) && accepts(value, scan, isAlone),
    )
    const kind = shape?.kind ?? kindByLength(value, taken)
    if (kind === undefined) continue
    taken.add(kind)
    found.push({ kind, value: value.toUpperCase(), start, end, rank: RANK.answer })
  }
  return found
}

/** Of two four-digit numbers answering “金额、时间和卡号后四位” the first is the amount. */
function leavesFirstFourForAmount(
  runs: readonly RegExpExecArray[],
  { asked }: Scan,
  taken: ReadonlySet<string>,
): RegExpExecArray | undefined {
  if (!asked.has('amount') || taken.has('amount') || taken.has('card_last4')) return undefined
  const fours = runs.filter(({ 0: run }) => /^\d{4}$/.test(run))
  return fours.length > 1 && !fours[0]?.[0].startsWith('0') ? fours[0] : undefined
}

function kindByLength(value: string, taken: ReadonlySet<string>): string | undefined {
  if (!isDigits(value)) return undefined
  const kind =
    value.length === 12 ? 'ref_no' : value.length >= 20 && value.length <= 32 ? 'order_no' : undefined
  return kind !== undefined && !taken.has(kind) ? kind : undefined
}
