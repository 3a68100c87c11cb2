import { type Candidate, RANK, type Scan } from './candidate.ts'

/** A model the lexicon does not know, right behind its maker: 新大陆N990, 百富 型号是 A35. */
const UNKNOWN_MODEL =
  /[\s:,，-]*(?:的|pos机?|牌|品牌|型号|机器|机子|是|:|\s)*([a-z]{1,5}[ -]?\d{1,5}[a-z]{0,3})(?![0-9a-z])/y
const ANSWERED_MODEL = /(?<![0-9a-z])([a-z]{1,5}[ -]?\d{1,4}[a-z]{0,4})(?![0-9a-z])/g
const MODEL_BEHIND = /^ ?(?:的|型|型号|款)?(?:pos|机|刷卡机|款|型|终端)/
const MODEL_BEFORE = /(?:型号|机型|机器|机子|pos机?|用的)(?:是|:|为|叫|的|\s)*$/
const NEAR_MAKER = 8

/**
 * Finds makers and models of terminals. A model of two characters counts only beside its maker, beside a word for
 * the machine, or when a model was asked for: elsewhere A4 is a code or paper. Pure.
 */
export function findTerminals({ text, words, asked }: Scan): Candidate[] {
  const isAsked = asked.has('terminal_model')
  const found: Candidate[] = []
  let makerEnd = Number.NEGATIVE_INFINITY
  for (const { value: word, start, end } of words.terminals.find(text)) {
    if (word.kind === 'maker') {
      found.push({ kind: 'terminal_brand', value: word.name, start, end, rank: RANK.word })
      makerEnd = end
      const unknown = modelAfter(text, end)
      if (unknown) found.push(unknown)
    } else if (!word.short || isAsked || start - makerEnd <= NEAR_MAKER || namesMachine(text, start, end)) {
      // Below a labelled code, so that “提示A0” stays a code whatever models there are.
      const rank = word.short ? RANK.hint : RANK.word
      found.push({ kind: 'terminal_model', value: word.name, start, end, rank })
    }
  }
  return found
}

function modelAfter(text: string, at: number): Candidate | undefined {
  UNKNOWN_MODEL.lastIndex = at
  const match = UNKNOWN_MODEL.exec(text)
  if (!match?.[1]) return undefined
  const end = at + match[0].length
  return {
    kind: 'terminal_model',
    value: match[1].toUpperCase(),
    start: end - match[1].length,
    end,
    rank: RANK.answer,
  }
}

function namesMachine(text: string, start: number, end: number): boolean {
  return (
    MODEL_BEHIND.test(text.slice(end, end + 8)) ||
    MODEL_BEFORE.test(text.slice(Math.max(0, start - 8), start))
  )
}

/**
 * Reads an answer to the question for the model where `findTerminals` found none: something that looks like a
 * model, else a kind of terminal (手刷), else whatever maker or payment brand was named. Pure.
 */
export function findAnsweredModel(
  { text, words }: Scan,
  covered: Uint8Array,
  others: readonly Candidate[],
): Candidate[] {
  for (const match of text.matchAll(ANSWERED_MODEL)) {
    const { index: start } = match
    const end = start + match[0].length
    if (covered.subarray(start, end).includes(1) || /^\d?[a-z]\d?$|^sn/.test(match[0])) continue
    const value = match[0].toUpperCase()
    return [{ kind: 'terminal_model', value, start, end, rank: RANK.answer }]
  }
  const kind = words.terminalKinds
    .find(text)
    .find(({ start, end }) => !covered.subarray(start, end).includes(1))
  if (kind) return [{ kind: 'terminal_model', ...kind, rank: RANK.answer }]
  const brand =
    others.find((other) => other.kind === 'terminal_brand') ??
    others.find((other) => other.kind === 'payment_brand')
  return brand ? [{ ...brand, kind: 'terminal_model' }] : []
}
