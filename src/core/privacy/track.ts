import type { Find } from './page.ts'

const CARD_PART = '(?<!\\d)\\d(?:[ -]?\\d){11,18} ?'
/** Track 1 with its name, to the end sentinel or else the end of the line; also when it breaks off in the name. */
const TRACK_1 = `(?:%?B)?${CARD_PART}\\^[^\\n^?]{0,40}\\^[^\\n?]*\\??|%B${CARD_PART}\\^[^\\n?]*\\??`
/** Track 2, as the reader sends it (=) or as a chip gives it (D, filled up with F). */
const TRACK_2 = `(?:%?B|;)?${CARD_PART}[\\^=D]\\d{4,}F*\\??|;${CARD_PART}=\\d*\\??`
const TRACK = new RegExp(`(?:${TRACK_1}|${TRACK_2})(?:\\s?[;+%][0-9A-Z=^]{8,}\\??)*`, 'gi')
/** Cheap sign that a track may be there. */
const TRACK_SIGN = /\d ?[=^Dd]/

/** Finds the contents of magnetic stripes. Pure, linear. */
export function findTracks(text: string): readonly Find[] {
  if (!TRACK_SIGN.test(text)) return []
  return [...text.matchAll(TRACK)].map((match) => ({
    kind: 'track',
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** Bytes in hexadecimal, with a space, colon or dash between them or not. */
const HEXADECIMAL = /[0-9A-F](?:[ :-]?[0-9A-F]){19,}/gi
/** Tags 5A, 56, 57 and 9F6B: length, then the digits of a card number. */
const CARD_TAG = /5A0[6-9A]\d{12}|(?:5[67]|9F6B)(?:0[89A-F]|1[0-3])\d{12}/i

/** Finds chip data (EMV) with a card number in it. Pure, linear. */
export function findChipData(text: string): readonly Find[] {
  if (!/5 ?[A67]|6 ?B/i.test(text)) return []
  const finds: Find[] = []
  for (const match of text.matchAll(HEXADECIMAL)) {
    const bytes = match[0].replace(/[ :-]/g, '')
    if (!/[A-F]/i.test(bytes) || !CARD_TAG.test(bytes)) continue
    finds.push({ kind: 'chip', start: match.index, end: match.index + match[0].length })
  }
  return finds
}
