import type { Conversation } from '../conversation.ts'

/** The conversation seen up to `seq`; undefined when no line of staff is among what was not seen before. Pure. */
export function markedRead(conversation: Conversation, seq: number): Conversation | undefined {
  const { readSeq = 0, lastSeq, transcript } = conversation
  const upTo = Math.min(seq, lastSeq)
  const isNew = transcript.some((line) => line.author === 'agent' && line.seq > readSeq && line.seq <= upTo)
  return isNew ? { ...conversation, readSeq: upTo } : undefined
}
