import { findAccountNumbers } from './account-number.ts'
import { findBeforeCards, findBesideCards } from './beside-card.ts'
import { findCards } from './cards.ts'
import { findCreditCodes } from './credit-code.ts'
import { findIdentityNumbers, findTravelPapers, namesTravelPaper } from './identity-number.ts'
import { blotMarks, markFor } from './marks.ts'
import { MASKED_CARD, mayHoldNumber } from './numerals.ts'
import { blot, blotPage } from './page.ts'
import type { Find, Found, MaskKind, Page } from './page.ts'
import { findPaymentCodes } from './payment-code.ts'
import { findPhoneNumbers } from './phone-number.ts'
import { cutPieces } from './pieces.ts'
import { readText } from './reading.ts'
import type { Reading } from './reading.ts'
import { findWrittenSecrets } from './secret-number.ts'
import { namesSecret } from './secret-words.ts'
import { findSecrets } from './secrets.ts'
import { findChipData, findTracks } from './track.ts'

export type { MaskKind } from './page.ts'
export { maskSplit } from './split-card.ts'

/** One masked place. `start` and `end` are UTF-16 offsets into the original text. */
export type MaskHit = {
  readonly kind: MaskKind
  readonly start: number
  readonly end: number
  readonly last4?: string
}

export type MaskOptions = {
  /** `keep` leaves mobile numbers (for filling slots in memory), `mask` writes 138****1234 (storage, logs). */
  readonly phones: 'keep' | 'mask'
  /** Slot ids the open question asks for: a number that fits one is exempt as if it were labelled. */
  readonly answering?: readonly string[]
}

export type Masked = { readonly text: string; readonly hits: readonly MaskHit[] }

/** A mobile number is the shortest that is masked without a word that names it. */
const SHORTEST_UNNAMED = 11

/** Said to the merchant once per chat after something but a telephone number was masked. */
export const MASK_NOTICE = '为了安全，我已隐藏您发的敏感信息，请不要发卡号和密码。'

/**
 * Masks card numbers, tracks, chip data, secrets, identity numbers, payment codes and account numbers.
 *
 * Pure, never throws, linear in the length of `text`, idempotent. Hits are in order and do not overlap; what is
 * not hit stays as it was written, character by character.
 */
export function mask(text: string, options: MaskOptions): Masked {
  if (!mayHoldNumber(text)) return { text, hits: [] }
  const reading = readText(text)
  const finds = findAll(reading.text, options)
  return finds.length === 0 ? { text, hits: [] } : rewrite(text, reading, finds)
}

/** Every search sees the text as those before left it, so the order decides who gets a number: the surest first. */
function findAll(reading: string, options: MaskOptions): readonly Found[] {
  const answering = options.answering ?? []
  const found: Find[] = []
  let text = blotMarks(reading)
  let page: Page = { text, pieces: cutPieces(text) }
  if (!isWorthSearching(page)) return []
  for (const find of [findChipData, findTracks, findCreditCodes, findTravelPapers, findWrittenSecrets]) {
    const finds = find(text)
    found.push(...finds)
    text = blot(text, finds)
  }
  if (found.length > 0) page = { text, pieces: cutPieces(text) }
  const searches: readonly ((page: Page) => readonly Find[])[] = [
    findIdentityNumbers,
    (each) => findCards(each, answering),
    (each) => findBarredCards(each, answering),
    (each) => findPaymentCodes(each, answering),
    findAccountNumbers,
    (each) =>
      findPhoneNumbers(each, answering).map((find) =>
        options.phones === 'mask' ? find : { ...find, kind: 'kept' },
      ),
    findSecrets,
    findBesideCards,
    findBeforeCards,
  ]
  for (const search of searches) {
    const finds = search(page)
    found.push(...finds)
    page = blotPage(page, finds)
  }
  return found.filter(isMasked).sort((a, b) => a.start - b.start)
}

/** Most messages hold short numbers only and name nothing secret: they end here. */
function isWorthSearching(page: Page): boolean {
  let length = 0
  for (const { digits, chained } of page.pieces) {
    length = chained ? length + digits.length : digits.length
    if (length >= SHORTEST_UNNAMED) return true
  }
  return page.text.includes(MASKED_CARD) || namesSecret(page.text) || namesTravelPaper(page.text)
}

function isMasked(find: Find): find is Found {
  return find.kind !== 'kept'
}

/** Cards in which a `|` was written for a one. */
function findBarredCards(page: Page, answering: readonly string[]): readonly Find[] {
  if (!page.text.includes('|')) return []
  const barred: Page = { text: page.text, pieces: cutPieces(page.text, true) }
  return findCards(barred, answering).filter(({ start, end }) => page.text.slice(start, end).includes('|'))
}

function rewrite(text: string, reading: Reading, finds: readonly Found[]): Masked {
  const hits: MaskHit[] = []
  let out = ''
  let at = 0
  for (const find of finds) {
    /** One character can be two digits (⑪), the first of which ends another number. */
    const start = Math.max(at, reading.starts[find.start] ?? 0)
    const end = Math.max(start, reading.ends[find.end - 1] ?? 0)
    out += text.slice(at, start) + markFor(find, reading.text.slice(find.start, find.end))
    at = end
    hits.push({ kind: find.kind, start, end, ...(find.last4 === undefined ? {} : { last4: find.last4 }) })
  }
  return { text: out + text.slice(at), hits }
}
