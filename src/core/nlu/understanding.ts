/** A typed piece of an utterance. `start` and `end` are UTF-16 offsets into the original text. */
export type Entity = {
  readonly kind: string
  readonly value: string | number
  readonly text: string
  readonly start: number
  readonly end: number
}

export type Ranked = { readonly intent: string; readonly confidence: number }

export type Decision = 'accept' | 'clarify' | 'reject'

/** Intents a merchant may choose from when the first guess is doubtful. */
export const CHOICES_OFFERED = 3

/** What the classifier and the entity extractors make of one utterance. */
export type Understanding = {
  /** The text as it came (masked), and its normal form. */
  readonly text: string
  readonly normalized: string
  /** Top in-scope intent, whatever the decision; `out_of_scope` when nothing speaks for any. */
  readonly intent: string
  readonly confidence: number
  /** In-scope intents, best first. */
  readonly ranking: readonly Ranked[]
  readonly entities: readonly Entity[]
  readonly decision: Decision
}

/** What is understood where nothing was said, or where understanding itself broke. */
export const NOTHING_UNDERSTOOD: Understanding = {
  text: '',
  normalized: '',
  intent: 'out_of_scope',
  confidence: 0,
  ranking: [],
  entities: [],
  decision: 'reject',
}
