import { element, fill, icon, ICONS, setAttribute } from '../dom.ts'
import type { Dictionary } from '../dictionary.ts'
import type { PictureSource } from '../picture-source.ts'
import type { RowPicture } from '../rows.ts'

export type PicturesView = {
  readonly root: HTMLElement
  show(pictures: readonly RowPicture[], by: string): void
}

export type PictureDeps = {
  readonly words: Dictionary
  readonly source: PictureSource
  readonly onZoom: (url: string, alt: string, opener: HTMLElement) => void
}

/** A tall or wide picture must not become a line: beyond this it is cut at its edges in the log. */
const FLATTEST = 2.2

/** The pictures of one line. A picture is fetched when it comes into view. */
export function createPicturesView({ words, source, onZoom }: PictureDeps): PicturesView {
  const root = element('div', { class: 'pictures' })
  let shown = ''

  function tile(picture: RowPicture, alt: string): HTMLElement {
    if (picture.removed) return element('p', { class: 'picture-gone' }, words.pictureRemoved)
    const image = element('img', { alt, width: String(picture.width), height: String(picture.height) })
    const ratio = Math.min(FLATTEST, Math.max(1 / FLATTEST, picture.width / Math.max(1, picture.height)))
    image.style.aspectRatio = String(ratio)
    const button = element('button', { type: 'button', class: 'picture', 'data-state': 'waiting' }, image)
    let url: string | undefined

    async function load(): Promise<void> {
      setAttribute(button, 'data-state', 'loading')
      url = await source.urlOf(picture)
      if (url !== undefined) image.src = url
      setAttribute(button, 'data-state', url === undefined ? 'failed' : 'shown')
      setAttribute(button, 'aria-label', url === undefined ? words.pictureFailed : words.enlarge(alt))
    }

    button.addEventListener('click', () => {
      if (url === undefined) void load()
      else onZoom(url, alt, button)
    })
    button.append(element('span', { class: 'picture-failed', 'aria-hidden': 'true' }, icon(...ICONS.picture)))
    whenSeen(button, () => void load())
    return button
  }

  return {
    root,
    show(pictures, by) {
      const appearance = JSON.stringify([pictures.map(({ id, key, removed }) => [id ?? key, removed]), by])
      root.hidden = pictures.length === 0
      if (appearance === shown) return
      shown = appearance
      const alt = (index: number): string => words.pictureBy(by, index + 1, pictures.length)
      fill(root, ...pictures.map((picture, index) => tile(picture, alt(index))))
      root.classList.toggle('several', pictures.length > 1)
    },
  }
}

/** Calls `act` once the element is near the screen; at once where the browser cannot tell. */
function whenSeen(target: Element, act: () => void): void {
  if (typeof IntersectionObserver !== 'function') {
    act()
    return
  }
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      act()
    },
    { rootMargin: '300px' },
  )
  observer.observe(target)
}
