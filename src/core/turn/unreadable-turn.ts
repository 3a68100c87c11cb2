import { UNREADABLE, type Unreadable } from '../unreadable.ts'
import type { Draft } from './draft.ts'
import { stayAsked } from './stay-asked.ts'

/** Deals with a message nobody here can read: the bot says so, and what was asked before stays asked. */
export function unreadableTurn(draft: Draft, what: Unreadable): void {
  draft.reply(what === 'voice' ? 'cannot_hear' : 'cannot_see', { what: UNREADABLE[what] })
  stayAsked(draft)
}
