import { useQuery } from '@tanstack/react-query'
import { read } from '../api.ts'
import { usePollMs } from '../live/use-live.ts'
import { CaseAnswer } from '../wire.ts'

export function ticketPath(ticketId: string): string {
  return `/tickets/${encodeURIComponent(ticketId)}`
}

/** A ticket with its card, transcript and notes. */
export function useCase(ticketId: string) {
  return useQuery({
    queryKey: ['case', ticketId],
    queryFn: ({ signal }) => read(ticketPath(ticketId), CaseAnswer, signal),
    refetchInterval: usePollMs(),
  })
}
