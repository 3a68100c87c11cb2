import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { read } from '../api.ts'
import { ConversationAnswer, HistoryAnswer } from '../wire.ts'

/** What there was with a conversation's merchant, newest first, page by page; read when it is wanted: looks are audited. */
export function useHistory(conversationId: string, isWanted: boolean) {
  const path = `/conversations/${encodeURIComponent(conversationId)}/history`
  return useInfiniteQuery({
    queryKey: ['history', conversationId],
    queryFn: ({ pageParam, signal }) =>
      read(pageParam === '' ? path : `${path}?after=${encodeURIComponent(pageParam)}`, HistoryAnswer, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: isWanted,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  })
}

/** The lines of an earlier conversation. */
export function usePastTranscript(conversationId: string | undefined) {
  return useQuery({
    queryKey: ['past', conversationId],
    queryFn: async ({ signal }) =>
      (await read(`/conversations/${encodeURIComponent(conversationId ?? '')}`, ConversationAnswer, signal))
        .transcript,
    enabled: conversationId !== undefined,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  })
}
