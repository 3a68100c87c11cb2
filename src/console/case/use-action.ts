import { useMutation, useQueryClient } from '@tanstack/react-query'
import { change } from '../api.ts'
import { ChangedTicket } from '../wire.ts'
import { ticketPath } from './use-case.ts'

export type Action = {
  readonly kind: 'claim' | 'release' | 'transfer' | 'resolve' | 'handback'
  readonly body: object
}

/** Does something with a ticket and reads again, also after a refusal: then somebody else has changed it. */
export function useAction(ticketId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ kind, body }: Action) =>
      change('POST', `${ticketPath(ticketId)}/${kind}`, body, ChangedTicket),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['case', ticketId] }),
        queries.invalidateQueries({ queryKey: ['tickets'] }),
      ]),
  })
}
