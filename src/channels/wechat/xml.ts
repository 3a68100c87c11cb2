import { XMLParser } from 'fast-xml-parser'
import { AppError } from '../../core/errors.ts'

/** WeChat's messages have at most three levels. */
const MAX_DEPTH = 8
/** And some forty tags: thousands of them, which take the parser a while, are an attack. */
const MAX_MARKS = 300
const CDATA_START = '<![CDATA['
const CDATA_END = ']]>'
const DECLARES = /<!\s*(?:DOCTYPE|ENTITY)/iu

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
})

/**
 * The fields directly inside `<xml>`, as they were written: numbers stay texts. Pure.
 *
 * Throws `invalid` for text that is no such document, that declares a type or entities, or that has a field twice.
 */
export function readXmlFields(text: string): ReadonlyMap<string, string> {
  if (DECLARES.test(text)) throw new AppError('invalid', 'the XML declares a document type or entities')
  if (hasTooManyMarks(text)) throw unreadable()
  const root = parse(text)
  if (typeof root !== 'object' || root === null) throw unreadable()
  const fields = new Map<string, string>()
  for (const [name, value] of Object.entries(root)) {
    if (Array.isArray(value)) throw new AppError('invalid', 'the XML has a field twice')
    if (typeof value === 'string' && name !== '#text') fields.set(name, value)
  }
  return fields
}

/** Counts what begins with “<”, but for what stands inside character data. */
function hasTooManyMarks(text: string): boolean {
  let marks = 0
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    marks += 1
    if (marks > MAX_MARKS) return true
    if (!text.startsWith(CDATA_START, at)) continue
    const end = text.indexOf(CDATA_END, at)
    if (end === -1) return true
    at = end
  }
  return false
}

function parse(text: string): unknown {
  try {
    const document: unknown = parser.parse(text)
    return typeof document === 'object' && document !== null && 'xml' in document ? document.xml : undefined
  } catch (error) {
    throw unreadable(error)
  }
}

function unreadable(cause?: unknown): AppError {
  return new AppError('invalid', 'the body is not a WeChat message', cause === undefined ? {} : { cause })
}

/** A text as character data that ends where it ends, whatever it holds. Pure. */
export function cdata(text: string): string {
  return CDATA_START + text.replaceAll(CDATA_END, ']]]]><![CDATA[>') + CDATA_END
}
