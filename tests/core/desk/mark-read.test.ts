import { describe, expect, it } from 'vitest'
import { markedRead } from '../../../src/core/desk/mark-read.ts'
import { asksForRating } from '../../../src/core/desk/rate.ts'
import type { Conversation } from '../../../src/core/conversation.ts'
import { caseOf, quietTalk, shop, talkId } from '../../contracts/shop-talk.ts'

const talk: Conversation = {
  ...quietTalk(shop(1), talkId(1)),
  lastSeq: 5,
  transcript: (['bot', 'merchant', 'agent', 'agent', 'system'] as const).map((author, index) => ({
    seq: index + 1,
    author,
    text: 'x',
    at: 0,
  })),
}

describe('what a merchant has seen', () => {
  it('is noted when a line of staff is among it, never beyond the talk, never back', () => {
    expect(markedRead(talk, 2)).toBeUndefined()
    expect(markedRead(talk, 3)?.readSeq).toBe(3)
    expect(markedRead(talk, 99)?.readSeq).toBe(5)
    const seen = { ...talk, readSeq: 3 }
    expect(markedRead(seen, 3)).toBeUndefined()
    expect(markedRead(seen, 1)).toBeUndefined()
    expect(markedRead(seen, 4)?.readSeq).toBe(4)
    expect(markedRead({ ...talk, readSeq: 4 }, 5)).toBeUndefined()
  })
})

describe('asking how the bot did', () => {
  const solved: Conversation = { ...talk, solved: 1 }

  it('is for a talk in which it solved something, not rated yet', () => {
    expect(asksForRating(talk)).toBe(false)
    expect(asksForRating(solved)).toBe(true)
    expect(asksForRating({ ...solved, ratings: [{ score: 4, at: 1 }] })).toBe(false)
  })

  it('never comes between an open question and its answer, nor where staff helped', () => {
    expect(asksForRating({ ...solved, holder: 'agent' })).toBe(false)
    expect(asksForRating({ ...solved, tickets: [caseOf(1)] })).toBe(false)
    const stack = [{ flow: 'f', hash: 'h', step: 's' }]
    expect(asksForRating({ ...solved, dialogue: { ...solved.dialogue, stack } })).toBe(false)
  })
})
