import { type Candidate, RANK, type Scan } from './candidate.ts'
import { DIGIT_CHARS, toAsciiDigits } from './numeral.ts'

type NumberKind =
  | 'terminal_id'
  | 'merchant_id'
  | 'terminal_sn'
  | 'ref_no'
  | 'trace_no'
  | 'order_no'
  | 'auth_code'
  | 'batch_no'

/** Lengths each number may have; a label followed by anything else says nothing. */
const LENGTHS: Readonly<Record<NumberKind, readonly [least: number, most: number]>> = {
  terminal_id: [8, 8],
  merchant_id: [15, 15],
  terminal_sn: [8, 24],
  ref_no: [12, 12],
  trace_no: [6, 6],
  order_no: [6, 32],
  auth_code: [6, 6],
  batch_no: [6, 6],
}

const LABELS: Readonly<Record<string, readonly NumberKind[]>> = {
  终端号: ['terminal_id'],
  终端编号: ['terminal_id'],
  终端代码: ['terminal_id'],
  终端机号: ['terminal_id'],
  终端id: ['terminal_id'],
  终端: ['terminal_id'],
  tid: ['terminal_id'],
  机器号: ['terminal_id', 'terminal_sn'],
  机器编号: ['terminal_id', 'terminal_sn'],
  商户号: ['merchant_id'],
  商户编号: ['merchant_id'],
  商户代码: ['merchant_id'],
  商户编码: ['merchant_id'],
  商户id: ['merchant_id'],
  商户: ['merchant_id'],
  商编: ['merchant_id'],
  mid: ['merchant_id'],
  sn: ['terminal_sn'],
  's/n': ['terminal_sn'],
  tusn: ['terminal_sn'],
  序列号: ['terminal_sn'],
  机身号: ['terminal_sn'],
  机身码: ['terminal_sn'],
  机身编号: ['terminal_sn'],
  机器码: ['terminal_sn'],
  设备号: ['terminal_sn'],
  设备编号: ['terminal_sn'],
  机具号: ['terminal_sn'],
  机具编号: ['terminal_sn'],
  串号: ['terminal_sn'],
  参考号: ['ref_no'],
  参考码: ['ref_no'],
  检索号: ['ref_no'],
  rrn: ['ref_no'],
  凭证号: ['trace_no'],
  凭证: ['trace_no'],
  票据号: ['trace_no'],
  流水号: ['trace_no', 'ref_no', 'order_no'],
  流水: ['trace_no'],
  订单号: ['order_no'],
  订单编号: ['order_no'],
  订单: ['order_no'],
  交易单号: ['order_no'],
  交易号: ['order_no'],
  商户单号: ['order_no'],
  单号: ['order_no'],
  授权码: ['auth_code'],
  授权号: ['auth_code'],
  批次号: ['batch_no'],
  批次: ['batch_no'],
  批号: ['batch_no'],
}

const ANY_LABEL = new RegExp(
  Object.keys(LABELS)
    .sort((a, b) => b.length - a.length)
    .map((label) => (/^[a-z]/.test(label) ? `(?<![a-z0-9])${label}(?![a-z])` : label))
    .join('|'),
  'g',
)
/** Labels of numbers that are none of ours. */
const FOREIGN = /(?:快递|运|物流|身份证|合同|工)$/
const FILLER =
  /(?:[\s:=#"'“”‘’「」『』【】(),，、]|号码|编号|编码|号|码|是|为|应该|好像|大概|上面|上|写着|写的|显示|就|的|叫){0,10}/y
const VALUE = new RegExp(`[${DIGIT_CHARS}a-z]+(?:[ -]{1,2}[${DIGIT_CHARS}a-z]+)*`, 'y')
const LONGEST_FILLER = 12
const LONGEST_VALUE = 48
const LONGEST_GROUP = 4
const STATED_AFTER =
  /([0-9a-z]{6,32}) ?(?:这个|这串|就)?(?:是|为|\() ?(?:我的|我们的|机器的|机器|pos的?|小票上的|这台的)?$/

/** Labelled numbers in a text, and the kinds whose label stands there without a number. */
export type LabelledNumbers = { readonly found: Candidate[]; readonly unanswered: readonly NumberKind[] }

/** Finds numbers of terminal, merchant and slip by the label in front of them (“终端号是…”) or behind. Pure. */
export function findLabelledNumbers({ text, mayHoldNumber }: Scan): LabelledNumbers {
  if (!mayHoldNumber) return { found: [], unanswered: [] }
  const found: Candidate[] = []
  const unanswered: NumberKind[] = []
  for (const match of text.matchAll(ANY_LABEL)) {
    const kinds = LABELS[match[0]] ?? []
    const before = text.slice(Math.max(0, match.index - 40), match.index)
    if (FOREIGN.test(before)) continue
    const hit =
      numberAfter(text, match.index + match[0].length, kinds) ?? numberBefore(before, match.index, kinds)
    if (hit) found.push(hit)
    else unanswered.push(...kinds)
  }
  return { found, unanswered }
}

function numberAfter(text: string, at: number, kinds: readonly NumberKind[]): Candidate | undefined {
  FILLER.lastIndex = at
  const start = at + (FILLER.exec(text)?.[0].length ?? 0)
  if (start - at > LONGEST_FILLER) return undefined
  VALUE.lastIndex = start
  const written = VALUE.exec(text)?.[0].slice(0, LONGEST_VALUE)
  return written === undefined ? undefined : firstFitting(written, start, kinds)
}

function numberBefore(before: string, at: number, kinds: readonly NumberKind[]): Candidate | undefined {
  const match = STATED_AFTER.exec(before)
  if (!match?.[1]) return undefined
  const start = at - before.length + match.index
  const kind = kinds.find((k) => fits(k, match[1] ?? ''))
  return (
    kind && { kind, value: match[1].toUpperCase(), start, end: start + match[1].length, rank: RANK.labelled }
  )
}

/**
 * The first group alone, or as many groups as make a number of the right length (“1234 5678”). A serial number may
 * be longer than its shortest form, so short groups behind it still belong to it.
 */
function firstFitting(written: string, start: number, kinds: readonly NumberKind[]): Candidate | undefined {
  let compact = ''
  let end = start
  let hit: Candidate | undefined
  for (const part of written.split(/([ -]+)/)) {
    end += part.length
    if (/^[ -]/.test(part)) continue
    const isFirst = compact === ''
    if (hit && part.length > LONGEST_GROUP) break
    compact += toAsciiDigits(part)
    const kind = kinds.find((k) => fits(k, compact))
    if (kind) hit = { kind, value: compact.toUpperCase(), start, end, rank: RANK.labelled }
    if (hit && (isFirst || kind !== 'terminal_sn')) break
  }
  return hit
}

function fits(kind: NumberKind, value: string): boolean {
  const [least, most] = LENGTHS[kind]
  return value.length >= least && value.length <= most && /\d/.test(value) && /^[0-9a-z]+$/.test(value)
}
