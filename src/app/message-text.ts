export const MAX_TEXT_CHARACTERS = 4_000
const MAX_TEXT_BYTES = 16_384
/** No script needs more; longer heaps only paint over neighbouring lines. */
const HEAPED_MARKS = /\p{M}{9,}/u
const HEAPS_OF_MARKS = /(\p{M}{8})\p{M}+/gu
const LONE_SURROGATES = /[\uD800-\uDFFF]/gu
const LONE_SURROGATE = /[\uD800-\uDFFF]/u
const NOTHING_TO_READ = /^[\p{C}\p{Z}\p{M}]*$/u

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/**
 * Says what is wrong with the text of a message, in a phrase for the sender; `undefined` when it can be taken.
 *
 * Pure. The limit counts what people call characters: a flag or an accented letter is one.
 */
export function findTextFault(text: string): string | undefined {
  const fault = findEncodingFault(text)
  if (fault) return fault
  if (NOTHING_TO_READ.test(text)) return 'has nothing to read in it'
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) return `is longer than ${MAX_TEXT_BYTES} bytes`
  if (countCharacters(text) > MAX_TEXT_CHARACTERS) return `is longer than ${MAX_TEXT_CHARACTERS} characters`
  if (HEAPED_MARKS.test(text)) return 'heaps more than 8 combining marks on one character'
  return undefined
}

/** Says whether a string holds what no store and no channel can carry: NUL or half a surrogate pair. Pure. */
export function findEncodingFault(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a NUL character'
  if (LONE_SURROGATE.test(text)) return 'contains half a surrogate pair'
  return undefined
}

/**
 * The text of a message that cannot be refused, because its sender would only repeat it: without what no store can
 * carry, and cut at the limits of `findTextFault`. Pure; `undefined` when nothing to read is left.
 */
export function cleanedText(text: string): string | undefined {
  const whole = text
    .slice(0, MAX_TEXT_BYTES)
    .replaceAll('\0', '')
    .replace(LONE_SURROGATES, '\ufffd')
    .replace(HEAPS_OF_MARKS, '$1')
  let clean = ''
  let bytes = 0
  let characters = 0
  for (const { segment } of graphemes.segment(whole)) {
    bytes += Buffer.byteLength(segment)
    characters += 1
    if (bytes > MAX_TEXT_BYTES || characters > MAX_TEXT_CHARACTERS) break
    clean += segment
  }
  return NOTHING_TO_READ.test(clean) ? undefined : clean
}

function countCharacters(text: string): number {
  // Counting graphemes costs about 1 ms for 4,000: only where the cheap upper bound does not settle it.
  if (text.length <= MAX_TEXT_CHARACTERS) return text.length
  return [...graphemes.segment(text)].length
}
