import { useCallback, useEffect } from 'react'
import { change } from '../api.ts'
import { Nothing } from '../wire.ts'
import { ticketPath } from './use-case.ts'

const REPEAT_MS = 10_000
const TYPING_MS = 6_000

/** When each ticket was last typed at. */
const typedAt = new Map<string, number>()

/** Tells colleagues that this ticket is being typed at; the returned function is called at every key. */
export function useTyping(ticketId: string): () => void {
  return useCallback(() => {
    if (isTyping(ticketId)) return
    typedAt.set(ticketId, Date.now())
    tell(ticketId, 'typing')
  }, [ticketId])
}

/** Tells colleagues that this ticket is being looked at, until the view goes. */
export function useLooking(ticketId: string): void {
  useEffect(() => {
    const look = (): void => {
      if (!document.hidden) tell(ticketId, isTyping(ticketId) ? 'typing' : 'looking')
    }
    look()
    const timer = setInterval(look, REPEAT_MS)
    return () => {
      clearInterval(timer)
      tell(ticketId, 'left')
    }
  }, [ticketId])
}

function isTyping(ticketId: string): boolean {
  return Date.now() - (typedAt.get(ticketId) ?? 0) < TYPING_MS
}

function tell(ticketId: string, state: 'looking' | 'typing' | 'left'): void {
  // A colleague's view misses one sign of ours at worst: the next comes soon.
  change('POST', `${ticketPath(ticketId)}/presence`, { state }, Nothing).catch(() => undefined)
}
