import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { read } from '../api.ts'
import { useCell } from '../cell.ts'
import { MeAnswer } from '../wire.ts'
import { followEvents, liveState, type LiveState } from './live-stream.ts'

const TOGETHER_MS = 150

/** Follows the server's events while the view is there and reads again what they may have changed. */
export function useLive(): void {
  const queries = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = followEvents({
      // One turn of a conversation makes several events.
      onChange: () => {
        clearTimeout(timer)
        timer = setTimeout(() => {
          for (const key of ['tickets', 'case', 'stats']) void queries.invalidateQueries({ queryKey: [key] })
        }, TOGETHER_MS)
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
