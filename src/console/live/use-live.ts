import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { read } from '../api.ts'
import { useCell } from '../cell.ts'
import { CaseAnswer, MeAnswer } from '../wire.ts'
import { followEvents, liveState, type LiveState } from './live-stream.ts'

const TOGETHER_MS = 150

/** Follows the server's events while the view is there and reads again what they may have changed. */
export function useLive(): void {
  const queries = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const changed = new Set<string | undefined>()
    // Each look at a case is audited: only those are read again that have changed.
    const readAgain = (): void => {
      for (const key of ['tickets', 'stats']) void queries.invalidateQueries({ queryKey: [key] })
      const isAffected = (data: unknown): boolean => {
        const open = CaseAnswer.safeParse(data)
        return changed.has(undefined) || !open.success || changed.has(open.data.ticket.conversationId)
      }
      void queries.invalidateQueries({ queryKey: ['case'], predicate: ({ state }) => isAffected(state.data) })
      changed.clear()
    }
    const stop = followEvents({
      // One turn of a conversation makes several events.
      onChange: (conversationId) => {
        changed.add(conversationId)
        clearTimeout(timer)
        timer = setTimeout(readAgain, TOGETHER_MS)
      },
      // A stream cannot say 401; this can.
      onLost: () => void read('/me', MeAnswer).catch(() => undefined),
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [queries])
}

/** How often to read while nothing announces changes; false while the stream does. */
export function usePollMs(): number | false {
  const state: LiveState = useCell(liveState)
  return state === 'lost' ? 15_000 : false
}
