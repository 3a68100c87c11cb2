import { UNREACHABLE } from './scripted-api.ts'
import type { Answer } from '../../src/widget/panel/api.ts'
import type { Upload } from '../../src/widget/panel/upload.ts'

/** Takes pictures as it was told in advance; with nothing scripted each gets an id. */
export class UploadServer {
  script: (Answer<string> | 'wait')[] = []
  /** Uploads, `token words of the picture`. */
  readonly uploads: string[] = []

  readonly upload: Upload = async (token, picture, onProgress, signal) => {
    this.uploads.push(`${token} ${await picture.text()}`)
    onProgress(0.5)
    const next = this.script.shift() ?? { kind: 'ok', value: `picture${String(this.uploads.length)}` }
    if (next !== 'wait') return next
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(UNREACHABLE)))
  }
}
