import { AppError } from '../core/errors.ts'
import type { PictureFault } from '../core/picture/picture.ts'

/** Bytes that are no picture we take. Callers branch on `fault`. */
export class PictureError extends AppError {
  readonly fault: PictureFault['kind']

  constructor({ kind, message }: PictureFault) {
    super('invalid', message)
    this.fault = kind
  }
}
