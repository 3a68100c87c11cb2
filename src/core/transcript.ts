/** Who wrote a line. `system` lines tell of events: an agent joined, the conversation was handed back. */
export type Author = 'merchant' | 'bot' | 'agent' | 'system'

/** One offered answer: `id` is the answer's id in the flow file, `label` is what the merchant sees. */
export type Choice = { readonly id: string; readonly label: string }

/** One line of a conversation. `text` is masked; `seq` counts 1, 2, 3 … per merchant; `at` is epoch ms. */
export type TranscriptLine = {
  readonly seq: number
  readonly author: Author
  readonly text: string
  /** The name an agent answers under; only on lines of agents. */
  readonly name?: string
  readonly choices?: readonly Choice[]
  readonly at: number
}
