/** A message may hold many clauses; beyond this the rest is one, so that cost stays linear. */
const MOST_CLAUSES = 8
const BREAK = /[，。！？；、…~,.!?;\n]+|\s{1,}(?=\p{Script=Han})|(?<=\p{Script=Han})\s+/u

/**
 * Splits a message into its clauses; one with a single clause gives none, since it is the message itself. Pure.
 */
export function clausesIn(text: string): readonly string[] {
  const parts = text.split(BREAK).filter((part) => /[\p{L}\p{N}]/u.test(part))
  if (parts.length < 2) return []
  if (parts.length <= MOST_CLAUSES) return parts
  return [...parts.slice(0, MOST_CLAUSES - 1), parts.slice(MOST_CLAUSES - 1).join('，')]
}

/** A short clause says less about the whole message than a long one: “你好” before a problem is no greeting. Pure. */
export function weightOfClause(clause: string, text: string): number {
  return Math.sqrt(Math.min(1, clause.length / Math.max(1, text.length)))
}
