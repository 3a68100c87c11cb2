import { element } from '../dom.ts'
import { createRowView } from './line-view.ts'
import type { PictureDeps } from './pictures-view.ts'
import type { LineActions, LineContext, RowView } from './line-view.ts'
import type { Row } from '../rows.ts'

export type LogView = {
  readonly root: HTMLElement
  /** Brings the page in line with `rows`, touching only what differs. `deliveredKey` marks our last line. */
  show(rows: readonly Row[], deliveredKey: string | undefined, context: LineContext): void
  /** From now on added lines are read out. Before that, history would be. */
  announceAdditions(): void
}

export function createLogView(label: string, actions: LineActions, pictures: PictureDeps): LogView {
  const root = element('div', { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': label })
  let shown = new Map<string, RowView>()

  return {
    root,
    show(rows, deliveredKey, context) {
      const keys = new Set(rows.map((row) => row.key))
      for (const [key, view] of shown) if (!keys.has(key)) view.root.remove()
      const next = new Map<string, RowView>()
      let place = root.firstChild
      for (const row of rows) {
        const view = shown.get(row.key) ?? createRowView(actions, pictures)
        view.show(row, row.key === deliveredKey, context)
        if (view.root === place) place = place.nextSibling
        else root.insertBefore(view.root, place)
        next.set(row.key, view)
      }
      shown = next
    },
    announceAdditions: () => root.setAttribute('aria-live', 'polite'),
  }
}
