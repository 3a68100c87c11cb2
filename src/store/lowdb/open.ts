import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Clock, Store } from '../../app/ports.ts'
import { AppError } from '../../core/errors.ts'
import { AttachmentFiles } from './attachment-files.ts'
import { AuditFile } from './audit-file.ts'
import { ConversationFiles } from './conversation-files.ts'
import { ConversationIndex } from './conversation-index.ts'
import { ConversationShelf } from './conversation-shelf.ts'
import { DeskFiles } from './desk-files.ts'
import { DurableDocument } from './durable-document.ts'
import type { DocumentAccess } from './durable-document.ts'
import { changedAtMs, nodeFs } from './durable-fs.ts'
import type { DurableFs } from './durable-fs.ts'
import { DurableWriter, unavailable } from './durable-writer.ts'
import { FolderLock } from './folder-lock.ts'
import { IndexFile, loadIndex } from './index-file.ts'
import type { FolderStamps } from './index-file.ts'
import { StoreLayout } from './layout.ts'
import { LowdbStore } from './lowdb-store.ts'
import { recoverIndex } from './recover-index.ts'
import { formatFileSchema } from './schema.ts'
import { StaffFiles } from './staff-files.ts'

const FORMAT = 1
const REREAD_WORTH_A_REWRITE = 500
const LINES_TO_SPARE = 10_000
// Coarser than any file system's clock we know: within one tick two versions of a folder look the same.
const CLOCK_TICK_MS = 100

type Report = (message: string) => void
type Opening = DocumentAccess & { readonly layout: StoreLayout; readonly report: Report }

/**
 * Opens the embedded store in a folder, which is made when absent, and holds that folder until `close`.
 *
 * Rejects with `conflict` while another process holds it, `internal` when staff or secrets cannot be read,
 * `unavailable` when the disk refuses. `onProgress` is told of long work and of damage found.
 */
export async function openLowdbStore(
  dir: string,
  options: { clock: Clock; fs?: DurableFs; onProgress?: Report },
): Promise<Store> {
  const fs = options.fs ?? nodeFs
  const report = options.onProgress ?? (() => undefined)
  const layout = new StoreLayout(resolve(dir))
  await makeFolders(fs, [layout.dir]).catch(refused(layout.dir))
  const lock = await FolderLock.take(layout.dir).catch(refused(layout.dir))
  try {
    const writer = new DurableWriter(fs, () => lock.check())
    return await open({ fs, writer, layout, report }, options.clock, lock)
  } catch (error) {
    await lock.release()
    throw unavailable(layout.dir, error)
  }
}

async function open(opening: Opening, clock: Clock, lock: FolderLock): Promise<Store> {
  const { fs, writer, layout, report } = opening
  await checkFormat(opening)
  await makeFolders(fs, layout.folders())
  const staff = new StaffFiles(opening, layout)
  await staff.load(report)
  const desk = new DeskFiles(opening, layout)
  await desk.load(report)
  const { index, indexFile } = await openIndex(opening)
  const files = new ConversationFiles(opening, layout)
  const shelf = new ConversationShelf({ files, index, indexFile, report })
  const release = async (): Promise<void> => {
    try {
      await indexFile.flush()
      const whole = (await shelf.settleAll()) && !writer.hasLitter
      await (whole ? indexFile.close(folderStamps(fs, layout)) : indexFile.abandon())
    } catch (error) {
      report(`${String(error)}; the next start takes longer`)
    } finally {
      await lock.release()
    }
  }
  const audit = new AuditFile(fs, layout.audit)
  const attachments = new AttachmentFiles(opening, layout)
  await removeTemporary(fs, attachments.load(), report)
  const parts = { shelf, index, indexFile, staff, desk, audit, attachments }
  return new LowdbStore({ ...parts, clock, report, release })
}

async function openIndex(opening: Opening): Promise<{ index: ConversationIndex; indexFile: IndexFile }> {
  const { fs, writer, layout, report } = opening
  const loaded = loadIndex(fs, layout.index)
  const recovery = await recoverIndex(fs, layout, loaded, report)
  await removeTemporary(fs, [...recovery.temporary, ...temporaryIn(fs, layout.dir)], report)
  // A crash may have come between a rename and the sync of its folder: what is served must be durable.
  if (recovery.reread.length > 0) await Promise.all(recovery.scanned.map((path) => fs.syncFolder(path)))
  const index = new ConversationIndex(loaded.conversations)
  const { lines } = loaded
  const indexFile = new IndexFile({ fs, writer, path: layout.index, report, all: () => index.all(), lines })
  const rewrite =
    loaded.damaged > 0 ||
    recovery.vanished > 0 ||
    recovery.reread.length > REREAD_WORTH_A_REWRITE ||
    lines > 2 * index.size + LINES_TO_SPARE
  if (rewrite) await indexFile.rewrite().catch((error: unknown) => report(String(error)))
  else for (const conversation of recovery.reread) indexFile.note(conversation)
  return { index, indexFile }
}

async function checkFormat(opening: Opening): Promise<void> {
  const { format: path, dir } = opening.layout
  const document = await DurableDocument.of(opening, path, formatFileSchema, { format: FORMAT }).load()
  if (document.data.format !== FORMAT) {
    throw new AppError(
      'invalid',
      `the data folder ${dir} has format ${document.data.format}, this version reads format ${FORMAT}: ` +
        'start the version that wrote it',
    )
  }
  if (document.stamp === '') await document.save(document.data)
}

/** Makes the folders that are absent, and the folders above them, durably. */
async function makeFolders(fs: DurableFs, paths: readonly string[]): Promise<void> {
  const absent = paths.filter((path) => !existsSync(path))
  if (absent.length === 0) return
  const parents = [...new Set(absent.map((path) => dirname(path)))]
  await makeFolders(fs, parents)
  await Promise.all(absent.map((path) => fs.makeFolder(path)))
  await Promise.all(parents.map((path) => fs.syncFolder(path)))
}

function temporaryIn(fs: DurableFs, dir: string): readonly string[] {
  return fs.namesNow(dir).flatMap((name) => (name.endsWith('.tmp') ? [join(dir, name)] : []))
}

async function removeTemporary(fs: DurableFs, paths: readonly string[], report: Report): Promise<void> {
  for (const path of paths)
    await fs.unlink(path).catch((error: unknown) => report(`${path}: ${String(error)}`))
}

/** Stamps of the folders that have been still for long enough to tell a later change. */
function folderStamps(fs: DurableFs, layout: StoreLayout): FolderStamps {
  const now = changedAtMs(fs.stampNow(layout.index) ?? '')
  const stamps = layout.folderNames().map((name) => [name, fs.stampNow(layout.folder(name)) ?? ''] as const)
  return Object.fromEntries(stamps.filter(([, stamp]) => now - changedAtMs(stamp) > CLOCK_TICK_MS))
}

function refused(path: string): (error: unknown) => never {
  return (error) => {
    throw unavailable(path, error)
  }
}
