import { cursorOf } from './talk.ts'
import type { Talk } from './talk.ts'

/** Counts the lines of others that came while nobody could see the panel. History found at the start is not new. */
export function createUnreadCount(): (talk: Talk, isSeen: boolean) => number {
  let seenSeq: number | undefined
  return (talk, isSeen) => {
    if (!talk.loaded) return 0
    if (seenSeq === undefined || isSeen) seenSeq = cursorOf(talk)
    // Read in another tab or on another device.
    seenSeq = Math.max(seenSeq, talk.readSeq ?? 0)
    const since = seenSeq
    return talk.lines.filter((line) => line.seq > since && line.author !== 'merchant').length
  }
}
