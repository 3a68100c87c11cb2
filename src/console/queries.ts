import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './api.ts'

/** Reading is tried three times, unless the server has said no: then asking again changes nothing. */
export function createQueries(): QueryClient {
  const retry = (failures: number, error: unknown): boolean =>
    failures < 2 && error instanceof ApiError && (error.code === 'away' || error.status >= 500)
  return new QueryClient({
    defaultOptions: {
      queries: { retry, retryDelay: (failures) => 500 * 2 ** failures, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  })
}
