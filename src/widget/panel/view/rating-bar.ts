import { element, fill, icon, ICONS } from '../dom.ts'
import type { Dictionary } from '../dictionary.ts'
import type { Storage } from '../storage.ts'

export type RatingDeps = {
  readonly words: Dictionary
  readonly announce: (text: string) => void
  readonly storage: Pick<Storage, 'read' | 'write'>
  readonly onRate: (score: number) => Promise<boolean>
}

export type RatingBar = {
  readonly root: HTMLElement
  /** `talk` names the talk that may be rated; undefined when none may. */
  show(talk: number | undefined): void
}

/** The talk that was asked about last: whoever does not answer is not asked again. */
const KEY = 'posdesk.rating-asked'
const THANKS_MS = 4_000
const SCORES = [1, 2, 3, 4, 5]

/** A quiet line of five stars after the bot has solved something: once for a talk, and it goes at a click. */
export function createRatingBar({ words, announce, storage, onRate }: RatingDeps): RatingBar {
  const root = element('div', { class: 'rating', role: 'group', 'aria-label': words.rateAsk, hidden: true })
  let shown: number | undefined

  function close(talk: number): void {
    storage.write(KEY, String(talk))
    root.hidden = true
  }

  async function rate(talk: number, score: number): Promise<void> {
    // Not kept: the stars stay, to be pressed again.
    if (!(await onRate(score))) return
    announce(words.rateThanks)
    // The server's news that nothing is left to rate may have come first and hidden the stars.
    root.hidden = false
    fill(root, element('span', { class: 'rating-ask' }, words.rateThanks))
    setTimeout(() => close(talk), THANKS_MS)
  }

  function star(talk: number, score: number): HTMLElement {
    const button = element(
      'button',
      { type: 'button', class: 'star', 'aria-label': words.stars(score) },
      icon(...ICONS.star),
    )
    button.addEventListener('click', () => void rate(talk, score))
    return button
  }

  function ask(talk: number): void {
    const later = element(
      'button',
      { type: 'button', class: 'later', 'aria-label': words.rateLater },
      icon(...ICONS.close),
    )
    later.addEventListener('click', () => close(talk))
    const stars = element('span', { class: 'stars' }, ...SCORES.map((score) => star(talk, score)))
    fill(root, element('span', { class: 'rating-ask' }, words.rateAsk), stars, later)
    root.hidden = false
  }

  return {
    root,
    show(talk) {
      if (talk === shown) return
      shown = talk
      if (talk === undefined) {
        // The thanks stay until their time is over.
        if (root.querySelector('.stars') !== null) root.hidden = true
      } else if (storage.read(KEY) !== String(talk)) {
        ask(talk)
      }
    },
  }
}
