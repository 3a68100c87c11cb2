import type { Conversation } from '../core/conversation.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type { SendOutcome } from '../core/outbox.ts'

/** The lines of these seqs, in their order; those that lie in older parts of the transcript are left out. Pure. */
export function linesOf({ transcript }: Conversation, seqs: readonly number[]): readonly TranscriptLine[] {
  return seqs.flatMap((seq) => transcript.find((line) => line.seq === seq) ?? [])
}

/** Lines that leave as one message; undefined for none. Pure. */
export function mergedLine(lines: readonly TranscriptLine[]): TranscriptLine | undefined {
  const last = lines.at(-1)
  return last && { ...last, text: lines.map(({ text }) => text).join('\n') }
}

/** The outcome for the further lines of a message: it counts once. Pure. */
export function uncounted(outcome: SendOutcome): SendOutcome {
  return outcome.kind === 'sent' ? { ...outcome, messages: 0 } : outcome
}
