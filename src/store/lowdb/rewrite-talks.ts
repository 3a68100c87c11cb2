import type { MerchantAddress, Rewriting } from '../../app/ports.ts'
import type { ConversationIndex } from './conversation-index.ts'
import type { ConversationShelf } from './conversation-shelf.ts'
import { CorruptFileError } from './envelope.ts'
import type { IndexFile } from './index-file.ts'
import type { IndexedConversation } from './indexed-conversation.ts'

export type Talks = {
  readonly shelf: ConversationShelf
  readonly index: ConversationIndex
  readonly indexFile: IndexFile
  readonly report: (message: string) => void
}

/** Rewrites all talks of one merchant; see `Store.rewrite`. Called in line with the merchant's turns. */
export async function rewriteTalks(
  { shelf, index, indexFile, report }: Talks,
  address: MerchantAddress,
  rewriting: Rewriting,
): Promise<boolean> {
  const newest = await shelf.openForTurn(address)
  if (newest === undefined || !rewriting.isWanted(newest.conversation)) return false
  for (const known of talksBefore(index, newest.conversation.previous)) {
    try {
      await shelf.rewrite(address, await shelf.open(known), rewriting)
    } catch (error) {
      // What cannot be read cannot be rewritten; it is named, and keeps the rest from nothing.
      if (!(error instanceof CorruptFileError)) throw error
      report(`${error.message}; it could not be rewritten, remove it by hand`)
    }
  }
  const rewritten = await shelf.rewrite(address, newest, rewriting)
  // The index's file has a line for every version.
  await indexFile.dropFormerLines()
  await shelf.save(address, rewritten, rewriting.finish(rewritten.conversation))
  return true
}

/** The conversations before one, oldest first. */
function talksBefore(
  index: ConversationIndex,
  previous: IndexedConversation['previous'],
): readonly IndexedConversation[] {
  const found: IndexedConversation[] = []
  let at = previous === undefined ? undefined : index.find(previous)
  while (at !== undefined) {
    found.unshift(at)
    at = at.previous === undefined ? undefined : index.find(at.previous)
  }
  return found
}
