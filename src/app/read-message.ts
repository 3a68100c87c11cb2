import type { Content } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { AppError } from '../core/errors.ts'
import type { Asking } from '../core/nlu/entities/extract.ts'
import { askingOf } from '../core/open-question.ts'
import { hidePieces } from '../core/privacy/hide-pieces.ts'
import { mask, maskSplit } from '../core/privacy/mask.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import type { TurnInput } from '../core/turn.ts'
import { typedChoice } from '../core/typed-choice.ts'
import { type Unreadable, unreadableLine } from '../core/unreadable.ts'
import type { InboundMessage } from './channel-ports.ts'

/** A message behind the door: masked, but for telephone numbers in `whole`, which stays in memory. */
export type ReadMessage = {
  readonly conversation: Conversation
  readonly input: Omit<TurnInput, 'understanding'>
  readonly whole: string
  readonly asking?: Asking
}

/**
 * Reads a message at the door: masks it, and finds the choice it means. A choice of the open question keeps its id, a
 * stale one is its label. Pure. Throws `invalid` for a choice that was never offered.
 */
export function readMessage(
  before: Conversation,
  { content }: InboundMessage,
  { flows, now }: { readonly flows: Content['flows']; readonly now: number },
): ReadMessage {
  switch (content.kind) {
    case 'unreadable':
      return readUnreadable(before, content, { flows, now })
    case 'choice':
      return readChoice(before, pressedChoice(before, content))
    case 'text': {
      const choices = content.numbered === undefined ? [] : (before.dialogue.offered?.choices ?? [])
      const typed = typedChoice(choices, { text: content.text, menuId: content.numbered?.menuId })
      return typed === undefined ? readText(before, content.text, { flows, now }) : readChoice(before, typed)
    }
  }
}

function readUnreadable(
  before: Conversation,
  { what, words }: { readonly what: Unreadable; readonly words?: string },
  { flows, now }: { readonly flows: Content['flows']; readonly now: number },
): ReadMessage {
  const isAsked = askingOf(before, { flows }).slots.includes('service_address')
  if (words !== undefined && isAsked) return readText(before, words, { flows, now })
  const text = unreadableLine(what)
  return { conversation: before, input: { text, hidden: false, unreadable: what }, whole: '' }
}

/** A choice; without an id when the question it answered is not open any more. */
type ReadChoice = { readonly id?: string; readonly label: string }

function readChoice(before: Conversation, { id, label }: ReadChoice): ReadMessage {
  const input = { text: label, hidden: false, ...(id === undefined ? {} : { choiceId: id }) }
  return { conversation: before, input, whole: label }
}

function readText(
  before: Conversation,
  text: string,
  { flows, now }: { readonly flows: Content['flows']; readonly now: number },
): ReadMessage {
  const asking = askingOf(before, { flows })
  const recent = recentLines(before)
  const split = maskSplit(recent, text, now)
  if (split !== undefined) {
    const hidden = new Map([...split.earlier].map(([index, part]) => [recent[index]?.seq ?? 0, part]))
    const input = { text: split.text, hidden: true }
    return { conversation: hidePieces(before, hidden), input, whole: split.text, asking }
  }
  const whole = mask(text, { phones: 'keep', answering: asking.slots })
  const stored = mask(text, { phones: 'mask', answering: asking.slots })
  const input = { text: stored.text, hidden: whole.hits.length > 0 }
  return { conversation: before, input, whole: whole.text, asking }
}

function pressedChoice(
  conversation: Conversation,
  choice: { readonly id: string; readonly promptSeq: number },
): ReadChoice {
  const line = conversation.transcript.find(({ seq }) => seq === choice.promptSeq)
  const label = line?.choices?.find(({ id }) => id === choice.id)?.label
  if (label === undefined) {
    throw new AppError('invalid', `line ${choice.promptSeq} offered no choice "${choice.id}"`)
  }
  const isOpen = conversation.dialogue.offered?.seq === choice.promptSeq
  return isOpen ? { id: choice.id, label } : { label }
}

/** The merchant's own last lines, for numbers that are sent in pieces. */
function recentLines(conversation: Conversation): readonly TranscriptLine[] {
  const lines: TranscriptLine[] = []
  for (const line of [...conversation.transcript].reverse()) {
    if (line.author !== 'merchant') continue
    if (lines.length >= 20) break
    lines.unshift(line)
  }
  return lines
}
