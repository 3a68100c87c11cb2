/** Keys whose texts are names of things. */
const NAMES = new Set([
  'starts',
  'intent',
  'id',
  'kind',
  'source',
  'priority',
  'reason',
  'collect',
  'if',
  'title',
])

/** Keys whose texts merchants say; the bot says all others. */
const HEARD = new Set([
  'utterances',
  'words',
  'unless',
  'notes',
  'commands',
  'asks_progress',
  'corrections',
  'refuses_facts',
  'supplements',
  'mood',
])

/** Every text the bot may say in a file other than a flow, with its place. */
export function textsOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly (readonly [readonly (string | number)[], string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (Array.isArray(value)) return value.flatMap((item, at) => textsOf(item, [...path, at]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    HEARD.has(key) || NAMES.has(key) ? [] : textsOf(item, [...path, key]),
  )
}
