import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { change, read } from '../api.ts'
import { ViewsAnswer, type SavedView } from '../wire.ts'

const KEY = ['views']

/** The views this agent has saved; the server keeps them. */
export function useViews(isWanted: boolean) {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await read('/views', ViewsAnswer, signal)).views,
    enabled: isWanted,
  })
}

/** Saves a view, or removes the one of a name. */
export function useChangeViews() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (wanted: { readonly save: SavedView } | { readonly remove: string }) =>
      'save' in wanted
        ? change('POST', '/views', wanted.save, ViewsAnswer)
        : change('POST', '/views/remove', { name: wanted.remove }, ViewsAnswer),
    onSuccess: ({ views }) => {
      queries.setQueryData(KEY, views)
    },
  })
}
