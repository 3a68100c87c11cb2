import {
  type Alias,
  type Document,
  Lexer,
  LineCounter,
  Parser,
  type YAMLError,
  isScalar,
  parseDocument,
  visit,
} from 'yaml'

import type { ContentProblem } from './problem.ts'

export const DEEPEST_NESTING = 64
const MOST_ALIASES = 50

/** A parsed file: its document for positions, its plain value, and what is wrong with it. */
export type ParsedYaml = {
  readonly document?: Document
  readonly value?: unknown
  readonly lines: LineCounter
  readonly problems: readonly ContentProblem[]
}

/** Parses YAML 1.2 text without tags, merge keys or deep nesting. Never throws; without problems there is a value. */
export function parseYaml(file: string, text: string): ParsedYaml {
  const lines = new LineCounter()
  const report = (offset: number, rule: string, message: string): ContentProblem => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), col: Math.max(col, 1), rule, message }
  }
  const tooDeep = offsetTooDeep(text)
  if (tooDeep !== undefined) {
    const message = `nested deeper than ${DEEPEST_NESTING} levels: flatten it`
    countLines(lines, text)
    return { lines, problems: [report(tooDeep, 'too-deep', message)] }
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false,
    version: '1.2',
  })
  const problems = [...document.errors, ...document.warnings].map((error) => {
    const { rule, message } = explain(error, text)
    return report(error.pos[0], rule, message)
  })
  problems.push(...duplicateKeys(document, report), ...aliasProblems(document, report))
  if (problems.length > 0) return { lines, problems }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return { lines, problems: [report(0, 'empty-file', 'the file is empty: write its content or delete it')] }
  }
  try {
    return { document, value: document.toJS({ maxAliasCount: MOST_ALIASES }), lines, problems }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    const aliases: Alias[] = []
    visit(document, { Alias: (_, alias) => void aliases.push(alias) })
    return { lines, problems: [tooManyAliases(aliases, report)] }
  }
}

/**
 * The composer is recursive and a file of a few kilobytes (“- - - - …”) can end the process in it, where no
 * `catch` helps. The parser below it keeps a stack of its own, so depth is measured there first.
 */
function offsetTooDeep(text: string): number | undefined {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) void token
    if (parser.stack.length > DEEPEST_NESTING + 2) return parser.offset
  }
  return undefined
}

function countLines(lines: LineCounter, text: string): void {
  lines.addNewLine(0)
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) lines.addNewLine(i + 1)
}

type Report = (offset: number, rule: string, message: string) => ContentProblem

function duplicateKeys(document: Document, report: Report): ContentProblem[] {
  const problems: ContentProblem[] = []
  visit(document, {
    Map(_, map) {
      const seen = new Map<string, number>()
      for (const { key } of map.items) {
        if (!isScalar(key) || !key.range) continue
        const name = String(key.value)
        const first = seen.get(name)
        if (first === undefined) seen.set(name, key.range[0])
        else {
          const { line } = report(first, '', '')
          const message = `the key "${name}" is already on line ${line}: keep one of the two`
          problems.push(report(key.range[0], 'duplicate-key', message))
        }
      }
    },
  })
  return problems
}

/** Looking an alias up walks the document, so their number is limited before any is looked up. */
function aliasProblems(document: Document, report: Report): ContentProblem[] {
  const aliases: Alias[] = []
  visit(document, { Alias: (_, alias) => void aliases.push(alias) })
  if (aliases.length > MOST_ALIASES) return [tooManyAliases(aliases, report)]
  return aliases
    .filter((alias) => !alias.resolve(document))
    .map(({ source, range }) => {
      const message = `*${source} points to no anchor above: define &${source} or write the value out`
      return report(range?.[0] ?? 0, 'unknown-alias', message)
    })
}

function tooManyAliases(aliases: readonly Alias[], report: Report): ContentProblem {
  const message = `the aliases (*name) expand more than ${MOST_ALIASES} times: write the values out`
  return report(aliases[0]?.range?.[0] ?? 0, 'too-many-aliases', message)
}

function explain(error: YAMLError, text: string): { rule: string; message: string } {
  const lineStart = text.lastIndexOf('\n', error.pos[0] - 1) + 1
  const indent = /^[ \t]*/.exec(text.slice(lineStart, error.pos[0] + 200))?.[0] ?? ''
  if (error.code === 'TAB_AS_INDENT' || indent.includes('\t')) {
    return { rule: 'tab-indent', message: 'the line is indented with a tab: use spaces, two a level' }
  }
  const found = text.slice(error.pos[0], error.pos[1]).split('\n')[0]?.slice(0, 40) ?? ''
  if (error.code === 'TAG_RESOLVE_FAILED') {
    return { rule: 'tag', message: `tags such as ${found} are not allowed: remove it` }
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return {
      rule: 'many-documents',
      message: 'a second document starts here (---): one file holds one document',
    }
  }
  if (error.code === 'NON_STRING_KEY') {
    return { rule: 'yaml-syntax', message: 'a key must be plain text: a list or mapping cannot be a key' }
  }
  return { rule: 'yaml-syntax', message: `${firstLine(error.message)}${HINTS[error.code] ?? ''}` }
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message
}

const HINTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  MISSING_CHAR: ': check quotes and brackets on this line and the one above',
  BAD_INDENT: ': check the indentation',
  IMPOSSIBLE: ': check the indentation',
  BLOCK_AS_IMPLICIT_KEY: ': check the indentation, and quote text that contains “: ”',
  BAD_SCALAR_START: ': put the text in quotes',
}
