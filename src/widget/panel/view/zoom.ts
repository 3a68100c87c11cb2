import { element, icon, ICONS, setAttribute } from '../dom.ts'
import type { Dictionary } from '../dictionary.ts'

export type Zoom = { readonly root: HTMLElement; open(url: string, alt: string, opener: HTMLElement): void }

/** One picture over the whole panel. A click or Enter on it shows it in full size and back; Escape closes. */
export function createZoom(words: Dictionary): Zoom {
  const image = element('img', { alt: '' })
  const toggle = element('button', { type: 'button', class: 'zoom-picture' }, image)
  const close = element(
    'button',
    { type: 'button', class: 'zoom-close', 'aria-label': words.closePicture },
    icon(...ICONS.close),
  )
  const root = element(
    'div',
    { class: 'zoom', role: 'dialog', 'aria-modal': 'true', hidden: true },
    element('div', { class: 'zoom-area' }, toggle),
    close,
  )
  let opener: HTMLElement | undefined

  function shut(): void {
    if (root.hidden) return
    root.hidden = true
    image.removeAttribute('src')
    opener?.focus()
  }

  function resize(isFull: boolean): void {
    root.classList.toggle('full', isFull)
    setAttribute(toggle, 'aria-label', isFull ? words.fitPicture : words.fullPicture)
  }

  toggle.addEventListener('click', () => resize(!root.classList.contains('full')))
  close.addEventListener('click', shut)
  root.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('button') === null) shut()
  })
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') shut()
    else if (event.key === 'Tab') (document.activeElement === close ? toggle : close).focus()
    else return
    // Neither the panel behind nor the page around may act on it.
    event.preventDefault()
    event.stopPropagation()
  })

  return {
    root,
    open(url, alt, from) {
      opener = from
      image.src = url
      image.alt = alt
      setAttribute(root, 'aria-label', alt)
      resize(false)
      root.hidden = false
      close.focus()
    },
  }
}
