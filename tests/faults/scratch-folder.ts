import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder for a test, in memory where the system has such a place: failing calls need no real disk. */
export function scratchFolder(name: string): string {
  try {
    return mkdtempSync(join('/dev/shm', name))
  } catch {
    return mkdtempSync(join(tmpdir(), name))
  }
}
