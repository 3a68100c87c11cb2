import type { MoodWords } from '../content.ts'
import { MOODS, type Mood } from '../ticket.ts'

/** How the merchant feels after this message; a mood only grows worse within a talk. Pure. */
export function moodAfter(before: Mood, text: string, words: MoodWords): Mood {
  const now: Mood = contains(text, words.angry) ? 'angry' : contains(text, words.annoyed) ? 'annoyed' : 'calm'
  return MOODS.indexOf(now) > MOODS.indexOf(before) ? now : before
}

function contains(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word))
}
