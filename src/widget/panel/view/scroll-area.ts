import { element, icon, ICONS } from '../dom.ts'

export type ScrollArea = {
  readonly root: HTMLElement
  readonly toEnd: HTMLElement
  /** Runs a change of the content and keeps the reader's place: at the end if that was in view, else where it was. */
  keepPlace(change: () => void): void
  /** The same for lines added above. */
  keepPlaceFromEnd(change: () => void): void
  jumpToEnd(): void
  isAtEnd(): boolean
}

/** Closer to the end than this still counts as reading along. */
const NEAR_END_PX = 80

export function createScrollArea(
  label: string,
  toEndLabel: string,
  ...children: readonly HTMLElement[]
): ScrollArea {
  const root = element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label },
    ...children,
  )
  const toEnd = element(
    'button',
    { type: 'button', class: 'to-end', hidden: true },
    icon(...ICONS.down),
    toEndLabel,
  )

  const fromEnd = () => root.scrollHeight - root.scrollTop - root.clientHeight
  let sticksToEnd = true
  const jumpToEnd = () => {
    sticksToEnd = true
    root.scrollTop = root.scrollHeight
    toEnd.hidden = true
  }

  root.addEventListener('scroll', () => {
    sticksToEnd = fromEnd() < NEAR_END_PX
    if (sticksToEnd) toEnd.hidden = true
  })
  toEnd.addEventListener('click', jumpToEnd)
  // The on-screen keyboard, a turned phone or a taller input line take room from the log: its end stays in view.
  if (typeof ResizeObserver === 'function')
    new ResizeObserver(() => {
      if (sticksToEnd) jumpToEnd()
    }).observe(root)

  return {
    root,
    toEnd,
    keepPlace(change) {
      const before = root.scrollHeight
      change()
      if (sticksToEnd) jumpToEnd()
      else if (root.scrollHeight > before) toEnd.hidden = false
    },
    keepPlaceFromEnd(change) {
      const distance = root.scrollHeight - root.scrollTop
      change()
      root.scrollTop = root.scrollHeight - distance
    },
    jumpToEnd,
    isAtEnd: () => sticksToEnd,
  }
}
