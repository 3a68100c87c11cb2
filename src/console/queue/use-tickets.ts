import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { read } from '../api.ts'
import { usePollMs } from '../live/use-live.ts'
import { TicketsAnswer } from '../wire.ts'
import { toQuery, type Filters } from './filters.ts'

/** The tickets that fit the filters, page by page. */
export function useTickets(filters: Filters) {
  const query = useInfiniteQuery({
    queryKey: ['tickets', filters],
    queryFn: ({ pageParam, signal }) =>
      read(`/tickets?${toQuery(filters, pageParam)}`, TicketsAnswer, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: usePollMs(),
    placeholderData: keepPreviousData,
  })
  const all = query.data?.pages.flatMap(({ tickets }) => tickets)
  // The API has no filter for "somebody is at it": of the unresolved, those that are not open.
  const tickets = filters.tab === 'busy' ? all?.filter(({ status }) => status !== 'open') : all
  return { query, tickets }
}
