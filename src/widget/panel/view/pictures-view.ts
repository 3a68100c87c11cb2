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
const WIDEST_REM = 13.5
const HIGHEST_REM = 15
const SEVERAL_REM = 7.5

/** The pictures of one line. A picture is fetched when it comes into view. */
export function createPicturesView({ words, source, onZoom }: PictureDeps): PicturesView {
  const root = element('div', { class: 'pictures' })
  let shown = ''

  function tile(picture: RowPicture, alt: string, isAlone: boolean): HTMLElement {
    if (picture.removed) return element('p', { class: 'picture-gone' }, words.pictureRemoved)
    const image = element('img', { alt })
    const button = element('button', { type: 'button', class: 'picture', 'data-state': 'waiting' }, image)
    // Known before the picture is here, so that nothing moves when it comes.
    const [width, height] = isAlone ? sizeOf(picture) : [SEVERAL_REM, SEVERAL_REM]
    button.style.width = `${String(width)}rem`
    button.style.height = `${String(height)}rem`
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
      fill(root, ...pictures.map((picture, index) => tile(picture, alt(index), pictures.length === 1)))
      root.classList.toggle('several', pictures.length > 1)
    },
  }
}

/** Width and height in rem: as large as there is room, in the picture's own proportions. */
function sizeOf({ width, height }: RowPicture): readonly [number, number] {
  const ratio = Math.min(FLATTEST, Math.max(1 / FLATTEST, width / Math.max(1, height)))
  const shown = Math.min(WIDEST_REM, HIGHEST_REM * ratio)
  return [shown, shown / ratio]
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
