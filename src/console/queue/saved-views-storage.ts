import * as z from 'zod/mini'
import { readStored, writeStored } from '../stored.ts'
import { Filters } from './filters.ts'

const SavedViews = z.array(z.object({ name: z.string(), filters: Filters }))

export type SavedView = z.output<typeof SavedViews>[number]

/** The views this agent has saved in this browser; none when what is stored cannot be read. */
export function readViews(agentId: string): SavedView[] {
  try {
    const parsed = SavedViews.safeParse(JSON.parse(readStored(keyOf(agentId)) ?? '[]'))
    return parsed.success ? parsed.data : []
  } catch {
    return []
  }
}

export function writeViews(agentId: string, views: readonly SavedView[]): void {
  writeStored(keyOf(agentId), views.length === 0 ? '' : JSON.stringify(views))
}

function keyOf(agentId: string): string {
  return `posdesk.console.views.${agentId}`
}
