import { choiceNumber } from './flow/choice-number.ts'
import type { Choice } from './transcript.ts'

/**
 * The offered choice that a typed message means: by the id of what was tapped, by its label word for word, or by its
 * number (“2”, “２”, “二”, “第二个”). Pure; undefined when it is anything else.
 */
export function typedChoice(
  choices: readonly Choice[],
  said: { readonly text: string; readonly menuId?: string | undefined },
): Choice | undefined {
  const tapped = choices.find(({ id }) => id === said.menuId)
  const text = said.text.trim()
  const named = tapped ?? choices.find(({ label }) => label === text)
  return named ?? choices[choiceNumber(text, choices.length) ?? choices.length]
}
