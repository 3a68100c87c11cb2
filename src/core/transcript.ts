import type { AttachmentId } from './ids.ts'
import type { PictureType } from './picture/picture.ts'

/** Who wrote a line. `system` lines tell of events: an agent joined, the conversation was handed back. */
export type Author = 'merchant' | 'bot' | 'agent' | 'system'

/** One offered answer: `id` is the answer's id in the flow file, `label` is what the merchant sees. */
export type Choice = { readonly id: string; readonly label: string }

/** A picture sent with a line, in pixels as it is shown. The picture itself lies in the store. */
export type Attachment = {
  readonly id: AttachmentId
  readonly mime: PictureType
  readonly width: number
  readonly height: number
  /** True once staff took the picture away because it showed a card or a paper. */
  readonly removed?: true
}

/** One line of a conversation. `text` is masked, and empty for pictures alone; `seq` counts 1, 2, 3 … per merchant; `at` is epoch ms. */
export type TranscriptLine = {
  readonly seq: number
  readonly author: Author
  readonly text: string
  /** The name an agent answers under; only on lines of agents. */
  readonly name?: string
  readonly choices?: readonly Choice[]
  readonly attachments?: readonly Attachment[]
  readonly at: number
}
