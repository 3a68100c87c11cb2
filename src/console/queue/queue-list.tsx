import { Button, Center, Skeleton, Stack, Text } from '@mantine/core'
import { Problem } from '../problem.tsx'
import type { Ticket } from '../wire.ts'
import { useNow } from '../words/use-now.ts'
import { useWords } from '../words/words.ts'
import type { Filters } from './filters.ts'
import { TicketRow } from './ticket-row.tsx'
import type { useTickets } from './use-tickets.ts'

type Props = {
  readonly query: ReturnType<typeof useTickets>['query']
  readonly tickets: readonly Ticket[] | undefined
  readonly openId: string | undefined
  readonly filters: Filters
  readonly onClear: () => void
}

export function QueueList({ query, tickets, openId, filters, onClear }: Props) {
  const words = useWords()
  const now = useNow()
  if (tickets === undefined) {
    if (query.isError) return <Problem error={query.error} onRetry={() => void query.refetch()} />
    return (
      <Stack p="sm" aria-busy="true">
        {[1, 2, 3, 4, 5].map((row) => (
          <Skeleton key={row} height={72} />
        ))}
      </Stack>
    )
  }
  return (
    <div className="queue-list">
      {query.isError && <Problem error={query.error} onRetry={() => void query.refetch()} />}
      {tickets.map((ticket) => (
        <TicketRow key={ticket.id} ticket={ticket} isOpen={ticket.id === openId} now={now} />
      ))}
      {tickets.length === 0 && <Empty filters={filters} onClear={onClear} />}
      {query.hasNextPage && (
        <Center p="sm">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {words.queue.more}
          </Button>
        </Center>
      )}
    </div>
  )
}

function Empty({ filters, onClear }: { readonly filters: Filters; readonly onClear: () => void }) {
  const words = useWords()
  const isFiltered = filters.priority !== '' || filters.q.trim() !== ''
  const byTab = { open: words.queue.emptyOpen, mine: words.queue.emptyMine }
  const text =
    isFiltered || (filters.tab !== 'open' && filters.tab !== 'mine') ? words.queue.empty : byTab[filters.tab]
  return (
    <Stack p="xl" align="center" gap="sm">
      <Text c="dimmed" ta="center" size="sm">
        {text}
      </Text>
      {isFiltered && (
        <Button variant="default" size="xs" onClick={onClear}>
          {words.queue.clear}
        </Button>
      )}
    </Stack>
  )
}
