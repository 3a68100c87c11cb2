import { join } from 'node:path'
import type { ConversationId } from '../../core/ids.ts'
import type { DurableFs } from './durable-fs.ts'
import { CorruptFileError, unseal } from './envelope.ts'
import { indexedConversation } from './indexed-conversation.ts'
import type { IndexedConversation } from './indexed-conversation.ts'
import type { LoadedIndex } from './index-file.ts'
import { conversationOfFile, folderNameOf } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import { pause } from './pause.ts'
import { storedConversationSchema } from './schema.ts'

const PROGRESS_EVERY_MS = 1000
const WORK_BEFORE_PAUSE_MS = 25

/** What a start found out about the files. */
export type Recovery = {
  /** Conversations whose files were read, because the index did not know this version of them. */
  readonly reread: readonly IndexedConversation[]
  /** Number of conversations the index knew and that have no file any more. */
  readonly vanished: number
  /** Paths of folders that were looked through. */
  readonly scanned: readonly string[]
  /** Temporary files of writes that a crash cut off. */
  readonly temporary: readonly string[]
}

/**
 * Brings an index up to date with the files: looks through each folder that changed since the index was last
 * whole, and reads the conversations whose stamp the index does not know. Damaged files are named and left.
 */
export async function recoverIndex(
  fs: DurableFs,
  layout: StoreLayout,
  index: LoadedIndex,
  report: (message: string) => void,
): Promise<Recovery> {
  const changed = layout.folderNames().filter((name) => {
    return index.folders[name] === undefined || index.folders[name] !== fs.stampNow(layout.folder(name))
  })
  const names = new Map(changed.map((name) => [name, fs.namesNow(layout.folder(name))]))
  const total = [...names.values()].reduce((sum, some) => sum + some.length, 0)
  const tick = progress(total, report)
  const reread: IndexedConversation[] = []
  const temporary: string[] = []
  const seen = new Set<ConversationId>()
  for (const [folder, files] of names) {
    for (const file of files) {
      await tick()
      const path = join(layout.folder(folder), file)
      if (file.endsWith('.tmp')) temporary.push(path)
      const id = conversationOfFile(file)
      if (id === undefined) continue
      seen.add(id)
      const stamp = fs.stampNow(path)
      if (stamp === undefined || index.conversations.get(id)?.stamp === stamp) continue
      const found = readNow(fs, path, stamp, report)
      if (found === undefined) continue
      index.conversations.set(found.id, found)
      reread.push(found)
    }
  }
  const vanished = [...index.conversations.keys()].filter(
    (id) => names.has(folderNameOf(id)) && !seen.has(id),
  )
  for (const id of vanished) {
    index.conversations.delete(id)
    report(`${layout.conversation(id)}: the file is gone, and with it the conversation`)
  }
  return { reread, vanished: vanished.length, scanned: changed.map((name) => layout.folder(name)), temporary }
}

function readNow(
  fs: DurableFs,
  path: string,
  stamp: string,
  report: (message: string) => void,
): IndexedConversation | undefined {
  try {
    const bytes = fs.readNow(path)
    if (bytes === undefined) return undefined
    const { conversation } = unseal(path, bytes, storedConversationSchema)
    if (!path.endsWith(`${conversation.id}.json`)) {
      throw new CorruptFileError(path, `holds conversation ${conversation.id}`)
    }
    return indexedConversation(conversation, stamp)
  } catch (error) {
    if (!(error instanceof CorruptFileError)) throw error
    report(error.message)
    return undefined
  }
}

/** Called for each file: says every second how far the work is, and lets other work in between. */
function progress(total: number, report: (message: string) => void): () => Promise<void> {
  let done = 0
  let reportedAt = performance.now()
  let pausedAt = reportedAt
  return async () => {
    done += 1
    if (done % 16 !== 0) return
    const now = performance.now()
    if (now - reportedAt >= PROGRESS_EVERY_MS) {
      reportedAt = now
      report(`looking through the conversations: ${done} of ${total} files`)
    }
    if (now - pausedAt < WORK_BEFORE_PAUSE_MS) return
    await pause()
    pausedAt = performance.now()
  }
}
