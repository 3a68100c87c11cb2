import type { EntityLexicon, ScreenText } from './lexicon.ts'
import { WordFinder } from './word-finder.ts'

/** A name of a maker or a model; `short`: two characters, which may as well be a code or a paper size. */
export type TerminalWord =
  | { readonly kind: 'maker'; readonly name: string }
  | { readonly kind: 'model'; readonly name: string; readonly short: boolean }

/** The lexicon made ready for searching. */
export type Words = {
  readonly lexicon: EntityLexicon
  readonly terminals: WordFinder<TerminalWord>
  readonly terminalKinds: WordFinder<string>
  readonly brands: WordFinder<string>
  readonly issuers: WordFinder<string>
  readonly screenTexts: WordFinder<ScreenText>
}

const prepared = new WeakMap<EntityLexicon, Words>()

/** Prepares a lexicon for searching, once for each lexicon. Pure apart from that cache. */
export function wordsOf(lexicon: EntityLexicon): Words {
  const known = prepared.get(lexicon)
  if (known) return known
  const words = prepare(lexicon)
  prepared.set(lexicon, words)
  return words
}

function prepare(lexicon: EntityLexicon): Words {
  const terminals = new WordFinder<TerminalWord>()
  for (const maker of lexicon.makers) {
    const word: TerminalWord = { kind: 'maker', name: maker.name }
    for (const name of [maker.name, ...(maker.latin === undefined ? [] : [maker.latin]), ...maker.aliases]) {
      terminals.add(name, word)
    }
    for (const model of maker.models) {
      terminals.add(model, { kind: 'model', name: model, short: model.length <= 2 })
    }
    for (const decoy of maker.notIn ?? []) terminals.addDecoy(decoy)
  }
  const terminalKinds = new WordFinder<string>()
  for (const kind of lexicon.terminalKinds ?? []) terminalKinds.add(kind, kind)
  const screenTexts = new WordFinder<ScreenText>()
  for (const screenText of lexicon.screenTexts) screenTexts.add(screenText.text, screenText)
  return {
    lexicon,
    terminals,
    terminalKinds,
    brands: namesOf(lexicon.brands),
    issuers: namesOf(lexicon.issuers),
    screenTexts,
  }
}

function namesOf(
  entries: readonly { name: string; aliases: readonly string[]; notIn?: readonly string[] }[],
): WordFinder<string> {
  const finder = new WordFinder<string>()
  for (const { name, aliases, notIn } of entries) {
    for (const form of [name, ...aliases]) finder.add(form, name)
    for (const decoy of notIn ?? []) finder.addDecoy(decoy)
  }
  return finder
}
