import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml'
import { AppError } from '../core/errors.ts'
import type { TrainingLine } from '../core/nlu/classifier.ts'

/**
 * Reads labelled messages from a JSONL file of `{"text","intent"}`, or from a folder of intent files.
 * Throws `invalid` with the file and line of the first thing that is wrong.
 */
export function loadTraining(path: string): readonly TrainingLine[] {
  const lines = isFolder(path) ? loadFolder(path) : loadJsonLines(path)
  if (lines.length === 0)
    throw new AppError('invalid', `${path}: no messages found; put at least one labelled line there`)
  return lines
}

/** Reads a JSONL file of `{"text","intent"}`; blank lines are skipped. Throws `invalid` with file and line. */
export function loadJsonLines(path: string): readonly TrainingLine[] {
  const lines: TrainingLine[] = []
  readText(path)
    .split('\n')
    .forEach((line, index) => {
      if (line.trim() !== '') lines.push(parseLine(line, `${path}:${index + 1}`))
    })
  return lines
}

function parseLine(line: string, where: string): TrainingLine {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new AppError(
      'invalid',
      `${where}: not JSON: ${excerpt(line)}; write {"text": "…", "intent": "…"}`,
      { cause },
    )
  }
  if (typeof value !== 'object' || value === null || !('text' in value) || !('intent' in value)) {
    throw new AppError(
      'invalid',
      `${where}: no "text" or no "intent" in ${excerpt(line)}; write {"text": "…", "intent": "…"}`,
    )
  }
  const { text, intent } = value
  if (typeof text !== 'string' || typeof intent !== 'string' || intent === '') {
    throw new AppError('invalid', `${where}: "text" and "intent" must be texts, found ${excerpt(line)}`)
  }
  return { text, intent }
}

function loadFolder(folder: string): readonly TrainingLine[] {
  const files = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
  if (files.length === 0)
    throw new AppError('invalid', `${folder}: no .yaml files found; give an intents folder or a .jsonl file`)
  return files.flatMap((name) => loadIntentFile(join(folder, name)))
}

function loadIntentFile(path: string): readonly TrainingLine[] {
  const counter = new LineCounter()
  const document = parseDocument(readText(path), { lineCounter: counter })
  const whereOf = (node: unknown): string => `${path}:${lineOf(node, counter)}`
  const [error] = document.errors
  if (error)
    throw new AppError(
      'invalid',
      `${path}:${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0] ?? ''}`,
    )
  const intent = intentOf(document, path)
  const utterances = isMap(document.contents) ? document.contents.get('utterances', true) : undefined
  if (!isSeq(utterances))
    throw new AppError('invalid', `${path}:1: no list "utterances"; add example messages under it`)
  return utterances.items.map((item) => {
    const value = isScalar(item) ? item.value : undefined
    if (typeof value === 'number') return { text: String(value), intent }
    if (typeof value !== 'string')
      throw new AppError('invalid', `${whereOf(item)}: an utterance must be a text; put it in quotes`)
    return { text: value, intent }
  })
}

function intentOf(document: Document.Parsed, path: string): string {
  const intent = isMap(document.contents) ? document.contents.get('intent') : undefined
  if (typeof intent === 'string' && intent !== '') return intent
  throw new AppError('invalid', `${path}:1: no text "intent"; name the intent these messages belong to`)
}

function lineOf(node: unknown, counter: LineCounter): number {
  const range = isNode(node) ? node.range : undefined
  return range ? counter.linePos(range[0]).line : 1
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value)
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (cause) {
    throw new AppError('invalid', `${path}: cannot be read; check that the file exists`, { cause })
  }
}

function excerpt(line: string): string {
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
