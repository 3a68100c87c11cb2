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
  return { query, tickets: query.data?.pages.flatMap(({ tickets }) => tickets) }
}
