import type { z } from 'zod'
import type { TicketQuery } from '../app/ports.ts'
import type { Viewer } from '../app/staff-sessions.ts'
import { agentId } from '../core/ids.ts'
import { type ExportQuery, pageSize, type TicketsQuery } from './schema.ts'

type Wanted = z.output<typeof ExportQuery> & Pick<z.output<typeof TicketsQuery>, 'after' | 'limit'>

/** The filters of a request as the store takes them; `me` stands for whoever asks. */
export function toTicketQuery(
  { status, priority, assignee, q, after, limit }: Wanted,
  viewer: Viewer,
): TicketQuery {
  return {
    limit: pageSize(limit),
    ...(status && { status }),
    ...(priority && { priority }),
    ...(assignee && {
      assignee: assignee === 'me' ? viewer.member.id : assignee === 'none' ? assignee : agentId(assignee),
    }),
    ...(q && { q }),
    ...(after && { after }),
  }
}
