import * as z from 'zod/mini'

const TABS = ['open', 'mine', 'busy', 'resolved', 'all'] as const

export const Filters = z.object({
  tab: z.enum(TABS),
  priority: z.enum(['', 'P1', 'P2', 'P3', 'P4']),
  q: z.string(),
})

export type Filters = z.output<typeof Filters>
export type Tab = Filters['tab']
export const ALL_TABS: readonly Tab[] = TABS
export const START: Filters = { tab: 'open', priority: '', q: '' }

/** The filters as the query of `GET /tickets`. */
export function toQuery({ tab, priority, q }: Filters, after: string): string {
  const query = new URLSearchParams()
  if (tab === 'open' || tab === 'resolved') query.set('status', tab)
  if (tab === 'busy') query.set('status', 'taken')
  if (tab === 'mine') {
    query.set('status', 'unresolved')
    query.set('assignee', 'me')
  }
  if (priority !== '') query.set('priority', priority)
  if (q.trim() !== '') query.set('q', q.trim())
  if (after !== '') query.set('after', after)
  return query.toString()
}
