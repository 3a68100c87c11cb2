import { useQuery } from '@tanstack/react-query'
import { read } from './api.ts'
import { AgentsAnswer } from './wire.ts'

/** All staff, the disabled ones too. */
export function useAgents() {
  return useQuery({
    queryKey: ['agents'],
    queryFn: async ({ signal }) => (await read('/agents', AgentsAnswer, signal)).agents,
  })
}
