import type { Entity } from '../understanding.ts'
import { findAmounts } from './amount.ts'
import { findAnswers } from './answers.ts'
import { findIssuers, findPaymentBrands } from './brand-names.ts'
import { type Candidate, type Scan, settle } from './candidate.ts'
import { findCardInterfaces } from './card-interface.ts'
import { findCardLast4 } from './card-last4.ts'
import { findCardTypes } from './card-type.ts'
import { findErrorTexts } from './error-text.ts'
import { type FoldedText, foldText } from './folded-text.ts'
import { findLabelledNumbers } from './labelled-number.ts'
import type { EntityLexicon } from './lexicon.ts'
import { findMasked } from './masked.ts'
import { findNetworkTypes } from './network-type.ts'
import { mayHoldNumber } from './numeral.ts'
import { findPhones } from './phone.ts'
import { findResponseCodes } from './response-code.ts'
import { findTerminals } from './terminal.ts'
import { findTxnTimes } from './txn-time.ts'
import { wordsOf } from './words.ts'

export type { EntityLexicon } from './lexicon.ts'

/**
 * What the open question asks for: the slots it fills, and whether it is the question for a response code, to
 * which a bare “51” is an answer.
 */
export type Asking = { readonly slots: readonly string[]; readonly kind?: 'code' | 'other' }

const CODE_SLOTS: ReadonlySet<string> = new Set(['error_code', 'response_code'])

/**
 * Finds the typed pieces of a masked utterance, in order of their place.
 *
 * Pure. `now` is epoch milliseconds. One stretch of text is one entity, the most specific and then the longest;
 * only a screen text may share its place with the response code it implies, and a maker or payment brand with the
 * `terminal_model` it is given as. Numbers without a label count only as answers to what is asked. Time grows
 * with the length of the text.
 */
export function extractEntities(
  text: string,
  lexicon: EntityLexicon,
  now: number,
  asking: Asking = { slots: [] },
): readonly Entity[] {
  const folded = foldText(text)
  const asked = new Set(asking.slots)
  const scan: Scan = {
    text: folded.text,
    words: wordsOf(lexicon),
    now,
    asked,
    mayHoldNumber: mayHoldNumber(folded.text),
    asksCode: asking.kind === 'code' || asking.slots.some((slot) => CODE_SLOTS.has(slot)),
  }
  const labelled = findLabelledNumbers(scan)
  const said = findSaid(scan, labelled.found)
  return findAnswers(scan, said, labelled.unanswered)
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map((found) => toEntity(found, text, folded))
}

/** What stands in the text by itself. */
function findSaid(scan: Scan, labelled: readonly Candidate[]): Candidate[] {
  const { length } = scan.text
  const screens = findErrorTexts(scan)
  const codes = findResponseCodes(scan, screens.found)
  const candidates = [
    ...findMasked(scan),
    ...labelled,
    ...findPhones(scan),
    ...findCardLast4(scan),
    ...findTxnTimes(scan),
    ...findAmounts(scan),
    ...codes,
    ...screens.found,
    ...findTerminals(scan),
    ...findPaymentBrands(scan),
    ...findIssuers(scan),
    ...findCardTypes(scan),
    ...findCardInterfaces(scan),
    ...findNetworkTypes(scan),
  ]
  const kept = settle(candidates, length)
  const isCodeSaid = kept.some((found) => found.kind === 'response_code')
  const implied = isCodeSaid
    ? []
    : screens.implied.filter((code) => kept.some((other) => isSamePlace(other, code)))
  return [...kept, ...implied]
}

function isSamePlace(a: Candidate, b: Candidate): boolean {
  return a.start === b.start && a.end === b.end
}

function toEntity(
  { kind, value, start, end, asWritten }: Candidate,
  text: string,
  folded: FoldedText,
): Entity {
  const from = folded.starts[start] ?? 0
  const to = folded.ends[end - 1] ?? text.length
  const written = text.slice(from, to)
  return { kind, value: asWritten === true ? written : value, text: written, start: from, end: to }
}
