import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { AppError } from '../../core/errors.ts'
import { conversationId, isOwnId } from '../../core/ids.ts'
import type { ConversationId } from '../../core/ids.ts'

const CONVERSATION_FILE = /^([a-z0-9]{26})\.json$/
const FOLDERS = 256

/** Where each thing lies inside the store's folder. File names are made from our own ids only. */
export class StoreLayout {
  readonly dir: string
  readonly conversations: string
  readonly staff: string
  readonly staffSessions: string
  readonly secrets: string
  readonly format: string
  readonly index: string
  readonly audit: string

  constructor(dir: string) {
    this.dir = dir
    this.conversations = join(dir, 'conversations')
    this.staff = join(dir, 'staff.json')
    this.staffSessions = join(dir, 'staff-sessions.json')
    this.secrets = join(dir, 'secrets.json')
    this.format = join(dir, 'format.json')
    this.index = join(dir, 'index.jsonl')
    this.audit = join(dir, 'audit.jsonl')
  }

  /** Names of the 256 folders that conversations are spread over. */
  folderNames(): readonly string[] {
    return Array.from({ length: FOLDERS }, (_, n) => n.toString(16).padStart(2, '0'))
  }

  folder(name: string): string {
    return join(this.conversations, name)
  }

  conversation(id: ConversationId): string {
    return join(this.folder(folderNameOf(id)), `${checked(id)}.json`)
  }

  segment(id: ConversationId, n: number): string {
    return join(this.folder(folderNameOf(id)), `${checked(id)}.${n}.json`)
  }

  /** Where a damaged version of a conversation's file is kept aside; `sum` tells versions apart. */
  corrupt(id: ConversationId, sum: string): string {
    return join(this.folder(folderNameOf(id)), `${checked(id)}.${sum}.corrupt`)
  }
}

/** The folder of a conversation, by a hash of its id: ids made in order still spread evenly. */
export function folderNameOf(id: ConversationId): string {
  return (crc32(id) % FOLDERS).toString(16).padStart(2, '0')
}

/** The conversation whose file has this name; undefined for segments, temporary files and strangers. */
export function conversationOfFile(name: string): ConversationId | undefined {
  const id = CONVERSATION_FILE.exec(name)?.[1]
  return id === undefined ? undefined : conversationId(id)
}

function checked(id: string): string {
  if (!isOwnId(id)) throw new AppError('invalid', 'a file name can only be made from an id of ours')
  return id
}
