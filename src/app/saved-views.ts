import { AppError } from '../core/errors.ts'
import { mask } from '../core/privacy/mask.ts'
import type { SavedView, Store } from './ports.ts'
import type { Viewer } from './staff-sessions.ts'

/** Views one agent may keep. */
export const MOST_VIEWS = 20

/**
 * Saves a view under its name, in the place of one that had it; name and words are masked. Gives all views of the agent.
 * Throws `conflict` when there are too many.
 */
export async function saveView(
  store: Store,
  { member }: Viewer,
  { name, filters }: SavedView,
): Promise<readonly SavedView[]> {
  const view = { name: hidden(name.trim()), filters: { ...filters, q: hidden(filters.q) } }
  return store.changeViews(member.id, (views) => {
    const at = views.findIndex((one) => one.name === view.name)
    if (at >= 0) return views.with(at, view)
    if (views.length >= MOST_VIEWS) {
      throw new AppError('conflict', `${MOST_VIEWS} views are saved already; remove one first`)
    }
    return [...views, view]
  })
}

/** Removes a view; does nothing when there is none of that name. Gives the views that are left. */
export async function removeView(
  store: Store,
  { member }: Viewer,
  name: string,
): Promise<readonly SavedView[]> {
  return store.changeViews(member.id, (views) => views.filter((one) => one.name !== name))
}

function hidden(text: string): string {
  return mask(text, { phones: 'mask' }).text
}
