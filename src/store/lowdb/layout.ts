import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { AppError } from '../../core/errors.ts'
import { attachmentId, conversationId, isOwnId } from '../../core/ids.ts'
import type { AttachmentId, ConversationId } from '../../core/ids.ts'

const CONVERSATION_FILE = /^([a-z0-9]{26})\.json$/
const UNSENT_FILE = /^([a-z0-9]{26})\.(\d{1,15})\.picture$/
const FOLDERS = 256

/** Where each thing lies inside the store's folder. File names are made from our own ids only. */
export class StoreLayout {
  readonly dir: string
  readonly conversations: string
  readonly staff: string
  readonly staffSessions: string
  readonly secrets: string
  readonly tries: string
  readonly views: string
  readonly format: string
  readonly index: string
  readonly audit: string
  readonly attachments: string
  readonly unsentAttachments: string

  constructor(dir: string) {
    this.dir = dir
    this.conversations = join(dir, 'conversations')
    this.staff = join(dir, 'staff.json')
    this.staffSessions = join(dir, 'staff-sessions.json')
    this.secrets = join(dir, 'secrets.json')
    this.tries = join(dir, 'log-in-tries.json')
    this.views = join(dir, 'saved-views.json')
    this.format = join(dir, 'format.json')
    this.index = join(dir, 'index.jsonl')
    this.audit = join(dir, 'audit.jsonl')
    this.attachments = join(dir, 'attachments')
    this.unsentAttachments = join(this.attachments, 'unsent')
  }

  /** Names of the 256 folders that conversations are spread over. */
  folderNames(): readonly string[] {
    return Array.from({ length: FOLDERS }, (_, n) => n.toString(16).padStart(2, '0'))
  }

  /** Every folder inside the store's. */
  folders(): readonly string[] {
    const names = this.folderNames()
    return [
      ...names.map((name) => this.folder(name)),
      ...names.map((name) => join(this.attachments, name)),
      this.unsentAttachments,
    ]
  }

  /** Where a picture lies once it was sent. */
  attachment(id: AttachmentId): string {
    return join(this.attachments, folderNameOf(id), `${checked(id)}.picture`)
  }

  /** Where a picture waits to be sent; its name says since when (epoch ms). */
  unsentAttachment(id: AttachmentId, savedAt: number): string {
    return join(this.unsentAttachments, `${checked(id)}.${savedAt}.picture`)
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

  /** Files of damaged versions of a conversation; `namesIn` lists a folder. */
  corruptOnes(id: ConversationId, namesIn: (folder: string) => readonly string[]): readonly string[] {
    const folder = this.folder(folderNameOf(id))
    return namesIn(folder)
      .filter((name) => name.startsWith(`${checked(id)}.`) && name.endsWith('.corrupt'))
      .map((name) => join(folder, name))
  }
}

/** The folder of a conversation or picture, by a hash of its id: ids made in order still spread evenly. */
export function folderNameOf(id: ConversationId | AttachmentId): string {
  return (crc32(id) % FOLDERS).toString(16).padStart(2, '0')
}

/** The conversation whose file has this name; undefined for segments, temporary files and strangers. */
export function conversationOfFile(name: string): ConversationId | undefined {
  const id = CONVERSATION_FILE.exec(name)?.[1]
  return id === undefined ? undefined : conversationId(id)
}

/** The unsent picture whose file has this name; undefined for temporary files and strangers. */
export function unsentOfFile(name: string): { id: AttachmentId; savedAt: number } | undefined {
  const [, id, savedAt] = UNSENT_FILE.exec(name) ?? []
  return id === undefined ? undefined : { id: attachmentId(id), savedAt: Number(savedAt) }
}

function checked(id: string): string {
  if (!isOwnId(id)) throw new AppError('invalid', 'a file name can only be made from an id of ours')
  return id
}
