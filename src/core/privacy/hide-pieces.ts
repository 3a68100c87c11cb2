import type { Conversation, Dialogue, Prompt } from '../conversation.ts'
import type { HandoverCard, Ticket } from '../ticket.ts'

/** Rewrites a text that was taken from a merchant's line. */
type Rewrite = (text: string) => string
/** Says whether a fact is nothing but a hidden piece. */
type IsPiece = (value: string | number) => boolean

/**
 * Hides lines that turned out to be pieces of a card number in everything that was learnt from them: transcript,
 * dialogue and tickets; a fact that is such a piece is forgotten. `hidden`: seq of a line → its masked text. Pure.
 */
export function hidePieces(conversation: Conversation, hidden: ReadonlyMap<number, string>): Conversation {
  const pieces = new Map<string, string>()
  for (const { seq, text } of conversation.transcript) {
    const masked = hidden.get(seq)
    if (masked !== undefined && masked !== text) pieces.set(text, masked)
  }
  if (pieces.size === 0) return conversation
  const digits = new Set([...pieces.keys()].map(digitsOf))
  const rewrite: Rewrite = (text) => pieces.get(text) ?? text
  const isPiece: IsPiece = (value) => digits.has(String(value))
  return {
    ...conversation,
    transcript: conversation.transcript.map((line) => ({ ...line, text: hidden.get(line.seq) ?? line.text })),
    dialogue: hiddenInDialogue(conversation.dialogue, rewrite, isPiece),
    tickets: conversation.tickets.map((ticket) => hiddenInTicket(ticket, rewrite, isPiece)),
  }
}

function hiddenInDialogue(dialogue: Dialogue, rewrite: Rewrite, isPiece: IsPiece): Dialogue {
  return {
    ...dialogue,
    prompt: hiddenInPrompt(dialogue.prompt, rewrite),
    slots: withoutPieces(dialogue.slots, isPiece),
    heard: dialogue.heard.map(rewrite),
    path: dialogue.path.map((row) => ({ ...row, said: rewrite(row.said) })),
  }
}

function hiddenInPrompt(prompt: Prompt | null, rewrite: Rewrite): Prompt | null {
  return prompt !== null && 'said' in prompt ? { ...prompt, said: rewrite(prompt.said) } : prompt
}

function hiddenInTicket(ticket: Ticket, rewrite: Rewrite, isPiece: IsPiece): Ticket {
  const card: HandoverCard = {
    ...ticket.card,
    slots: withoutPieces(ticket.card.slots, isPiece),
    path: ticket.card.path.map((row) => ({ ...row, said: rewrite(row.said) })),
  }
  return { ...ticket, card, additions: ticket.additions.map(rewrite) }
}

function withoutPieces(
  slots: Readonly<Record<string, string | number>>,
  isPiece: IsPiece,
): Readonly<Record<string, string | number>> {
  return Object.fromEntries(Object.entries(slots).filter(([, value]) => !isPiece(value)))
}

function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/gu, '')
}
