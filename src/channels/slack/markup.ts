/** `<…>` in a text from Slack: a person, a channel, a command, or an address with its label. */
const REFERENCE = /<([^<>\n]{1,3000})>( ?)/gu
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' }

/**
 * The text a merchant saw when writing it, from Slack's wire form. Naming one of
 * `ownIds` only calls the bot. Pure.
 */
export function unescapeText(text: string, ownIds: readonly string[]): string {
  return text
    .replace(REFERENCE, (_whole, inner: string, space: string) => {
      const own = /^@([A-Z0-9]+)(?:\||$)/u.exec(inner)?.[1]
      return own !== undefined && ownIds.includes(own) ? '' : `${readable(inner)}${space}`
    })
    .replace(/&(?:lt|gt|amp);/gu, (entity) => ENTITIES[entity] ?? entity)
}

/** A text in Slack's wire form: nothing in it is taken for markup of people, channels or addresses. Pure. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/**
 * Splits a text into parts that are at most `limit` long once escaped, at the ends of lines and sentences where there
 * are any, never inside what people see as one character. Pure; the parts are escaped.
 */
export function splitEscaped(text: string, limit: number): readonly string[] {
  const parts: string[] = []
  let part = ''
  for (const piece of piecesOf(text, limit)) {
    if (part !== '' && part.length + piece.length > limit) {
      parts.push(part)
      part = ''
    }
    part += piece
  }
  return part === '' ? parts : [...parts, part]
}

/** Escaped sentences; characters where a sentence alone is too long. */
function piecesOf(text: string, limit: number): readonly string[] {
  const sentences = text.match(/[^\n。！？；.!?;]*(?:[\n。！？；.!?;]+|$)/gu) ?? []
  return sentences
    .filter((sentence) => sentence !== '')
    .flatMap((sentence) => {
      const escaped = escapeText(sentence)
      return escaped.length <= limit ? [escaped] : charactersOf(sentence).map(escapeText)
    })
}

function charactersOf(text: string): readonly string[] {
  return [...new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(text)].map(
    ({ segment }) => segment,
  )
}

function readable(inner: string): string {
  const [target = '', label] = split(inner, '|')
  if (target.startsWith('@')) return `@${label ?? target.slice(1)}`
  if (target.startsWith('#')) return `#${label ?? target.slice(1)}`
  if (target.startsWith('!')) return label ?? `@${target.slice(1).split('^')[0] ?? ''}`
  if (/^(?:mailto|tel):/iu.test(target)) return label ?? target.slice(target.indexOf(':') + 1)
  if (label === undefined || label === target) return target
  // “shop.example” written by hand comes with an address made of it.
  return target.replace(/^https?:\/\//iu, '') === label ? label : `${label} ${target}`
}

function split(text: string, by: string): readonly [string, string?] {
  const at = text.indexOf(by)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
