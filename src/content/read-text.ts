import { isUtf8 } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'

import type { ContentProblem } from './problem.ts'

export const LARGEST_FILE_BYTES = 1024 * 1024

/** Reads a text file whole. Never throws: what is wrong with the file comes back as a problem, without a text. */
export function readText(file: string): { text?: string; problem?: ContentProblem } {
  let bytes: Buffer
  try {
    const found = statSync(file)
    if (!found.isFile())
      return refuse(file, 'file-unreadable', 'this is not a file: expected a YAML file here')
    if (found.size > LARGEST_FILE_BYTES) {
      const size = (found.size / LARGEST_FILE_BYTES).toFixed(1)
      return refuse(file, 'file-too-big', `the file has ${size} MB, the limit is 1 MB: split it`)
    }
    bytes = readFileSync(file)
  } catch (error) {
    return refuse(file, 'file-unreadable', `the file cannot be read: ${reasonOf(error)}`)
  }
  return decode(file, bytes)
}

function decode(file: string, bytes: Buffer): { text?: string; problem?: ContentProblem } {
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
    return refuse(file, 'not-utf8', 'the file is UTF-16: save it as UTF-8')
  }
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) {
    return refuse(
      file,
      'byte-order-mark',
      'the file starts with a byte order mark (often added by Windows Notepad): save it as UTF-8 without BOM',
    )
  }
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') }
  return { problem: { file, ...firstBadByte(bytes), rule: 'not-utf8', message: NOT_UTF8 } }
}

const NOT_UTF8 = 'this is not UTF-8 (Chinese saved as GBK or “ANSI” looks like this): save the file as UTF-8'

/** A newline byte is never part of a longer UTF-8 sequence, so lines can be judged one by one. */
function firstBadByte(bytes: Buffer): { line: number; col: number } {
  let line = 1
  let start = 0
  while (start <= bytes.length) {
    const newline = bytes.indexOf(0x0a, start)
    const end = newline === -1 ? bytes.length : newline
    const content = bytes.subarray(start, end)
    if (!isUtf8(content)) return { line, col: content.toString('utf8').indexOf('\ufffd') + 1 }
    if (newline === -1) break
    start = end + 1
    line++
  }
  return { line: 1, col: 1 }
}

function startsWith(bytes: Buffer, ...marks: number[]): boolean {
  return marks.every((mark, i) => bytes[i] === mark)
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'ENOENT') return 'it does not exist'
    if (error.code === 'EACCES') return 'no permission'
    return String(error.code)
  }
  return String(error)
}

function refuse(file: string, rule: string, message: string): { problem: ContentProblem } {
  return { problem: { file, line: 1, col: 1, rule, message } }
}
