/** Whose move it is when a code comes back: cardholder, merchant, issuer, acquirer, network. */
export type Actor = 'C' | 'M' | 'I' | 'A' | 'N'

/** Whether the merchant may try again: not, once, after doing what is advised, after looking the trade up. */
export type Retry = 'no' | 'once' | 'after' | 'after_query'

/** Whether the customer may have been debited although the trade did not succeed. */
export type MoneyRisk = 'none' | 'possible' | 'yes'

/** An answer code (ISO 8583 field 39) as the public tables explain it. */
export type ResponseCode = {
  readonly code: string
  readonly meaning: string
  /** Id of the advice class. */
  readonly class: string
  readonly actors: readonly Actor[]
  readonly retry: Retry
  readonly money: MoneyRisk
  /** H: the same in several public tables; M: from the standard only; L: rare or private. */
  readonly confidence: 'H' | 'M' | 'L'
}

/** A text that terminals show, and what it stands for: a response code or, failing that, an intent. */
export type ScreenText = { readonly text: string; readonly code?: string; readonly intent?: string }

/** A maker of terminals. `notIn`: ordinary words that contain one of its names. */
export type Maker = {
  readonly name: string
  readonly latin?: string
  readonly aliases: readonly string[]
  readonly models: readonly string[]
  readonly notIn?: readonly string[]
}

/** A payment brand: who the merchant thinks runs the terminal, which need not be its maker. */
export type Brand = {
  readonly name: string
  readonly aliases: readonly string[]
  readonly notIn?: readonly string[]
}

/** A bank that issues cards. */
export type Issuer = Brand

/** The words the extractors know, loaded from `data/`. */
export type EntityLexicon = {
  readonly codes: ReadonlyMap<string, ResponseCode>
  /** Advice text by class id. */
  readonly classes: ReadonlyMap<string, string>
  readonly screenTexts: readonly ScreenText[]
  readonly makers: readonly Maker[]
  readonly brands: readonly Brand[]
  readonly issuers: readonly Issuer[]
  /** What merchants call a kind of terminal whose model they do not know (手刷, 大POS). */
  readonly terminalKinds?: readonly string[]
}
