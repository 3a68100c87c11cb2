/**
 * Fills `{name}` in a text. A sentence that names an absent value is dropped whole (domain guide §8, 24), so
 * that a fact the operator did not configure leaves no hole. Pure.
 */
export function fillTemplate(text: string, values: Readonly<Record<string, string | undefined>>): string {
  if (!text.includes('{')) return text
  return text
    .split(/(?<=[。！？；])/u)
    .map((sentence) => fillSentence(sentence, values))
    .join('')
}

function fillSentence(sentence: string, values: Readonly<Record<string, string | undefined>>): string {
  let missing = false
  const filled = sentence.replace(/\{([A-Za-z_0-9]+)\}/gu, (_, name: string) => {
    const value = values[name]
    if (value === undefined || value === '') missing = true
    return value ?? ''
  })
  return missing ? '' : filled
}
