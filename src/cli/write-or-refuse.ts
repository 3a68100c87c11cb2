import { writeFileSync } from 'node:fs'

import { AppError } from '../core/errors.ts'

/** Writes a file somebody asked for. Throws `invalid` with what to do when it cannot be written. */
export function writeOrRefuse(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (cause) {
    throw new AppError('invalid', `${path}: cannot be written; check that its folder exists`, { cause })
  }
}
