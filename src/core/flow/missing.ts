/**
 * The wanted facts that are not known yet; `a|b` is known when either is. Pure.
 */
export function missingSlots(
  wanted: readonly string[],
  slots: Readonly<Record<string, string | number>>,
): readonly string[] {
  return wanted.filter((want) => want.split('|').every((slot) => slots[slot] === undefined))
}
