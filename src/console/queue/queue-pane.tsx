import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { go, ticketHref } from '../route.ts'
import { useKeys } from '../use-keys.ts'
import { useWords } from '../words/words.ts'
import { START, type Filters } from './filters.ts'
import { QueueFilters } from './queue-filters.tsx'
import { QueueList } from './queue-list.tsx'
import { rowId } from './ticket-row.tsx'
import { useTickets } from './use-tickets.ts'

type Props = { readonly openId: string | undefined }

export function QueuePane({ openId }: Props) {
  const words = useWords()
  const [filters, setFilters] = useState<Filters>(START)
  const [q] = useDebouncedValue(filters.q, 250)
  const { query, tickets } = useTickets({ ...filters, q })

  function move(by: number): void {
    const ids = tickets?.map(({ id }) => id) ?? []
    const focused = ids.findIndex((id) => rowId(id) === document.activeElement?.id)
    const from = focused >= 0 ? focused : ids.findIndex((id) => id === openId)
    const next = ids[Math.min(ids.length - 1, Math.max(0, from + by))]
    if (next === undefined) return
    // A phone shows the case instead of the queue: there the next ticket is opened at once.
    const row = document.getElementById(rowId(next))
    if (row?.offsetParent === null) go(ticketHref(next))
    else row?.focus()
  }

  useKeys({
    j: () => {
      move(1)
    },
    k: () => {
      move(-1)
    },
  })

  return (
    <section className="queue" aria-label={words.queue.label}>
      <QueueFilters filters={filters} onChange={setFilters} />
      <QueueList
        query={query}
        tickets={tickets}
        openId={openId}
        filters={filters}
        onClear={() => {
          setFilters({ ...START, tab: filters.tab })
        }}
      />
    </section>
  )
}
