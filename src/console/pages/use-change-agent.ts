import { useMutation, useQueryClient } from '@tanstack/react-query'
import { change } from '../api.ts'
import { ChangedAgent } from '../wire.ts'

type Body = {
  readonly name?: string
  readonly email?: string
  readonly role?: string
  readonly disabled?: boolean
  /** `true`: the server makes a new one. */
  readonly password?: true
}

/** A change to a member of staff, or without an id a new one. */
export type AgentChange = { readonly id?: string; readonly body: Body }

/** Changes staff. A password made now is in the result, and nowhere else afterwards. */
export function useChangeAgent() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, body }: AgentChange) => {
      const { agent, password } =
        id === undefined
          ? await change('POST', '/agents', body, ChangedAgent)
          : await change('PATCH', `/agents/${encodeURIComponent(id)}`, body, ChangedAgent)
      return { agent, password }
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'] }),
    gcTime: 0,
  })
}
