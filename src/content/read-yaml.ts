import {
  type Document,
  type LineCounter,
  type Node,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
} from 'yaml'
import type { z } from 'zod'

import { parseYaml } from './parse-yaml.ts'
import type { ContentProblem } from './problem.ts'
import { readText } from './read-text.ts'
import type { Path } from './schema-keys.ts'
import { refusalsOf } from './schema-problem.ts'

export type Position = { line: number; col: number }

/**
 * A file that was read: `value` is there exactly when `problems` is empty. `at` finds where a value is written, or,
 * when the file does not say it, the nearest thing around it that it does say.
 */
export type ReadYaml<T> = { value?: T; problems: ContentProblem[]; at(path: Path): Position }

/** Reads a YAML file and checks it against a schema. Never throws over what is in the file. */
export function readYaml<T>(file: string, schema: z.ZodType<T>): ReadYaml<T> {
  const { text, problem } = readText(file)
  if (text === undefined) return { problems: problem ? [problem] : [], at: () => ({ line: 1, col: 1 }) }
  const parsed = parseYaml(file, text)
  const { document, lines } = parsed
  if (!document) return { problems: [...parsed.problems], at: () => ({ line: 1, col: 1 }) }

  const at = (path: Path): Position => positionOf(document, lines, path, false)
  const result = schema.safeParse(parsed.value)
  if (result.success) return { value: result.data, problems: [], at }
  const source = (path: Path): string | undefined => sourceOf(document, path)
  const problems = refusalsOf(result.error.issues, schema, parsed.value, source).map(
    ({ path, rule, message, onKey }) => ({
      file,
      ...positionOf(document, lines, path, onKey),
      rule,
      message,
    }),
  )
  return { problems: problems.sort((a, b) => a.line - b.line || a.col - b.col), at }
}

function positionOf(document: Document, lines: LineCounter, path: Path, onKey: boolean): Position {
  let node = resolved(document, document.contents)
  let offset = startOf(node) ?? 0
  for (const [i, key] of path.entries()) {
    const member = memberOf(node, key)
    if (!member) break
    const last = i === path.length - 1
    // A mapping or list starts on the line below its key, but people look for the key.
    const preferKey = member.key !== undefined && ((last && onKey) || isCollection(member.value))
    offset = (preferKey ? member.key : startOf(member.value)) ?? member.key ?? offset
    node = resolved(document, member.value)
  }
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), col: Math.max(col, 1) }
}

function memberOf(node: Node | null, key: string | number): { key?: number; value: Node | null } | undefined {
  if (isSeq(node)) {
    const item: unknown = typeof key === 'number' ? node.items[key] : undefined
    return isNode(item) ? { value: item } : undefined
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
  if (!pair || !isNode(pair.key)) return undefined
  const start = startOf(pair.key)
  return { ...(start === undefined ? {} : { key: start }), value: isNode(pair.value) ? pair.value : null }
}

function sourceOf(document: Document, path: Path): string | undefined {
  let node = resolved(document, document.contents)
  for (const key of path) {
    const member = memberOf(node, key)
    if (!member) return undefined
    node = resolved(document, member.value)
  }
  return isScalar(node) ? node.source : undefined
}

function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node
}

function startOf(node: Node | null): number | undefined {
  return node?.range?.[0]
}
