import { picturesOf } from './talk.ts'
import type { Answer, Failure } from './api.ts'
import type { PictureBox } from './picture-box.ts'
import type { Upload } from './upload.ts'
import type { OutgoingContent, OutgoingPicture } from './wire.ts'

/** A wait longer than this is a quota: the messages behind must not wait for it. */
const LONGEST_WAIT_MS = 30_000

/** Why pictures cannot go: a word the dictionary explains. */
export const PICTURE_PROBLEMS = ['gone', 'type', 'broken', 'large', 'quota'] as const
export type PictureProblem = (typeof PICTURE_PROBLEMS)[number]

export type Brought =
  | { readonly kind: 'ok' }
  | { readonly kind: 'problem'; readonly problem: PictureProblem }
  | Exclude<Failure, { kind: 'refused' }>

type Deps = { readonly box: PictureBox; readonly upload: Upload }
type Hooks = {
  /** One more picture is at the server: to be kept, so that it does not go up again. */
  readonly onBrought: (content: OutgoingContent) => void
  /** In percent of all pictures of the message. */
  readonly onProgress: (percent: number) => void
  readonly signal: AbortSignal
}

export type BringPictures = (token: string, content: OutgoingContent, hooks: Hooks) => Promise<Brought>

/** Uploads the pictures of a message that the server does not have yet, one after another. */
export function createBringPictures({ box, upload }: Deps): BringPictures {
  return async (token, content, { onBrought, onProgress, signal }) => {
    const pictures = [...picturesOf(content)]
    for (const [index, picture] of pictures.entries()) {
      if (picture.attachmentId !== undefined || content.kind !== 'text') continue
      const blob = await box.get(picture.key)
      if (blob === undefined) return { kind: 'problem', problem: 'gone' }
      const tell = (part: number): void => onProgress(Math.floor((100 * (index + part)) / pictures.length))
      tell(0)
      const answer = await upload(token, blob, tell, signal)
      if (answer.kind !== 'ok') return failed(answer)
      const brought: OutgoingPicture = { ...picture, attachmentId: answer.value }
      pictures[index] = brought
      onBrought({ ...content, pictures: [...pictures] })
    }
    return { kind: 'ok' }
  }
}

function failed(answer: Exclude<Answer<string>, { kind: 'ok' }>): Brought {
  if (answer.kind === 'later' && answer.afterMs > LONGEST_WAIT_MS)
    return { kind: 'problem', problem: 'quota' }
  if (answer.kind !== 'refused') return answer
  const problem = answer.status === 413 ? 'large' : answer.status === 415 ? 'type' : 'broken'
  return { kind: 'problem', problem }
}
