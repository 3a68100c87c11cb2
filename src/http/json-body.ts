import type { Request, Response } from 'express'
import { findEncodingFault } from '../app/message-text.ts'
import { AppError } from '../core/errors.ts'
import { createRawReader } from './raw-body.ts'
import { RequestError } from './request-error.ts'

const JSON_TYPE = /^application\/json(?:\s*;\s*charset=("?)utf-8\1)?\s*$/i
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

export type ReadBytes = (request: Request, response: Response) => Promise<Buffer>
export type ReadBody = (request: Request, response: Response) => Promise<unknown>

/**
 * Makes the reader of JSON bodies: UTF-8 only, at most `maxBytes`, nested at most `maxDepth` deep, without keys
 * that reach for prototypes and without characters that no store can carry, whole within `timeoutMs`. An empty body is
 * `undefined`. Rejects with `invalid`.
 */
export function createJsonReader({
  maxBytes,
  maxDepth,
  timeoutMs,
}: {
  readonly maxBytes: number
  readonly maxDepth: number
  readonly timeoutMs: number
}): ReadBody {
  const readRaw = createRawReader({ maxBytes, timeoutMs })
  return async (request, response) => {
    const bytes = await readRaw(request, response)
    if (bytes.length === 0) return undefined
    const type = request.headers['content-type'] ?? ''
    if (!JSON_TYPE.test(type)) {
      throw new RequestError('wrong_type', 'the body must be application/json in UTF-8')
    }
    const text = decode(bytes)
    if (isDeeperThan(text, maxDepth))
      throw new AppError('invalid', `the body is nested more than ${maxDepth} deep`)
    const value = parse(text)
    const fault = findFault(value)
    if (fault) throw new AppError('invalid', `the body ${fault}`)
    return value
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AppError('invalid', 'the body is not valid UTF-8')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Without the parser's own message: it quotes the body.
    throw new AppError('invalid', 'the body is not valid JSON')
  }
}

/** Looks at brackets outside strings only, before anything recursive sees the text. */
function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (inString) {
      if (character === '\\') index += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      depth += 1
      if (depth > maxDepth) return true
    } else if (character === '}' || character === ']') depth -= 1
  }
  return false
}

function findFault(value: unknown): string | undefined {
  if (typeof value === 'string') return findEncodingFault(value)
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) return 'has a field with a forbidden name'
    const fault = findEncodingFault(key) ?? findFault(inner)
    if (fault) return fault
  }
  return undefined
}
