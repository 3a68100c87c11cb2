import { element, icon, ICONS, setText } from '../dom.ts'
import type { Dictionary } from '../dictionary.ts'
import type { Holder } from '../wire.ts'
import type { Connection } from '../news.ts'

export type Header = {
  readonly root: HTMLElement
  show(connection: Connection | 'offline', holder: Holder, providerName: string | undefined): void
}

type Deps = {
  readonly words: Dictionary
  readonly onAskHuman: () => void
  /** Present when the panel lives in a frame that can be closed. */
  readonly onClose: (() => void) | undefined
}

export function createHeader({ words, onAskHuman, onClose }: Deps): Header {
  const status = element('p', { class: 'state' })
  const human = element('button', { type: 'button', class: 'ask-human' }, words.askHuman)
  human.addEventListener('click', onAskHuman)
  const root = element(
    'header',
    { class: 'bar' },
    element('span', { class: 'mark' }, icon(...ICONS.terminal)),
    element('div', { class: 'who' }, element('h1', {}, words.title), status),
    human,
  )
  if (onClose !== undefined) {
    const close = element(
      'button',
      { type: 'button', class: 'close', 'aria-label': words.close },
      icon(...ICONS.close),
    )
    close.addEventListener('click', onClose)
    root.append(close)
  }
  return {
    root,
    show(connection, holder, providerName) {
      const state = words.states[connection]
      setText(status, providerName === undefined ? state : `${state} · ${providerName}`)
      human.hidden = holder !== 'bot'
    },
  }
}
