import type { Conversation } from '../../core/conversation.ts'
import type { Choice, TranscriptLine } from '../../core/transcript.ts'
import { fillTemplate } from '../../core/turn/template.ts'

/** WeChat takes 2,048 bytes of text; a little is left for what it may count otherwise. */
export const MAX_MESSAGE_BYTES = 2_000
/** Up to so many numbers are named one by one. */
const NAMED_NUMBERS = 5
const SAYS_NUMBERS = /回复数字/u
const SENTENCE_END = /(?<=[。！？；\n])/u

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/**
 * Lines as one text. The choices of the question that is open become numbers to type; `hint` is the sentence that
 * says so, with `{numbers}`. Pure.
 */
export function renderLines(
  { dialogue }: Pick<Conversation, 'dialogue'>,
  lines: readonly TranscriptLine[],
  hint: string,
): string {
  const texts = lines.map((line) =>
    line.seq === dialogue.offered?.seq ? withNumbers(line.text, dialogue.offered.choices, hint) : line.text,
  )
  return texts.join('\n\n')
}

/**
 * A text in parts of at most `maxBytes` of UTF-8, cut after a line or a sentence where there is one, and never inside
 * what people see as one character. Pure. Joined, the parts are the text but for blanks at the cuts.
 */
export function splitText(text: string, maxBytes = MAX_MESSAGE_BYTES): readonly string[] {
  const parts: string[] = []
  let part = ''
  for (const piece of text.split(SENTENCE_END).flatMap((sentence) => piecesOf(sentence, maxBytes))) {
    if (bytesOf(part) + bytesOf(piece) > maxBytes) {
      parts.push(part)
      part = ''
    }
    part += piece
  }
  return [...parts, part].map((whole) => whole.trim()).filter((whole) => whole !== '')
}

export function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}

function withNumbers(text: string, choices: readonly Choice[], hint: string): string {
  const rows = choices.map(({ label }, index) => `${index + 1}. ${label}`)
  // Some sentences name their choices themselves, and “1分” is its own number.
  const areNamed =
    rows.every((row) => text.includes(row)) ||
    choices.every(({ label }, index) => isOwnNumber(label, index + 1))
  const list = areNamed ? [] : ['', ...rows, '']
  const ask = SAYS_NUMBERS.test(text) ? [] : [fillTemplate(hint, { numbers: numbersUpTo(choices.length) })]
  return [text, ...list, ...ask].join('\n')
}

function isOwnNumber(label: string, number: number): boolean {
  return label.startsWith(String(number)) && !/^\d/u.test(label.slice(String(number).length))
}

function numbersUpTo(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return count <= NAMED_NUMBERS ? numbers.join(' / ') : `1–${count}`
}

/** A sentence, in pieces when it is too long by itself. */
function piecesOf(sentence: string, maxBytes: number): readonly string[] {
  if (bytesOf(sentence) <= maxBytes) return [sentence]
  return [...graphemes.segment(sentence)].flatMap(({ segment }) =>
    // One character of 2,000 bytes is an attack; its code points are cut apart.
    bytesOf(segment) <= maxBytes ? [segment] : [...segment],
  )
}
