import { element, fill } from '../dom.ts'
import type { Choice } from '../wire.ts'

export type OpenPrompt = { readonly seq: number; readonly choices: readonly Choice[] }

export type ChoicesView = { readonly root: HTMLElement; show(prompt: OpenPrompt | undefined): void }

/** The buttons of the open question. They go once it is answered. */
export function createChoicesView(
  label: string,
  onChoose: (prompt: OpenPrompt, choice: Choice, byKeyboard: boolean) => void,
): ChoicesView {
  const root = element('div', { class: 'choices', role: 'group', 'aria-label': label, hidden: true })
  let shownSeq: number | undefined

  return {
    root,
    show(prompt) {
      if (prompt?.seq === shownSeq) return
      shownSeq = prompt?.seq
      root.hidden = prompt === undefined
      fill(root)
      if (prompt === undefined) return
      prompt.choices.forEach((choice, index) => {
        const hint = element('span', { class: 'number', 'aria-hidden': 'true' }, String(index + 1))
        const button = element(
          'button',
          { type: 'button', class: 'choice' },
          hint,
          element('span', {}, choice.label),
        )
        // A click without pointer detail came from Enter or Space.
        button.addEventListener('click', (event) => onChoose(prompt, choice, event.detail === 0))
        root.append(button)
      })
    },
  }
}
