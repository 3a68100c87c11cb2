export type Author = 'merchant' | 'bot' | 'agent' | 'system'
export type Holder = 'bot' | 'queue' | 'agent'
export type Choice = { readonly id: string; readonly label: string }

/** A picture of a stored line, in pixels as it is shown. `removed`: staff took it away. */
export type Picture = {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly removed: boolean
}

/** A stored line as the server tells it; `at` is epoch ms. */
export type Line = {
  readonly seq: number
  readonly author: Author
  readonly text: string
  /** The agent's name, on lines of agents. */
  readonly name?: string
  readonly choices?: readonly Choice[]
  readonly pictures?: readonly Picture[]
  readonly at: number
}

/** Place in the queue, 1 first, and about how long it will take where that is known. */
export type Waiting = { readonly position: number; readonly minutes?: number }
/** Who of the staff serves the merchant, and whether they have the talk before them. */
export type Serving = { readonly name: string; readonly isHere: boolean }

/** How far the server's turns are and who speaks. Either may be missing from a status event. */
export type Status = {
  readonly processedSeq?: number
  readonly holder?: Holder
  readonly waiting?: Waiting
  readonly serving?: Serving
  /** Up to here the merchant has seen what staff wrote, on any device. */
  readonly readSeq?: number
  /** First seq of a talk the bot may be rated for. */
  readonly rateable?: number
}

export type Page = { readonly lines: readonly Line[]; readonly lastSeq: number; readonly status: Status }

/** A session as the server grants it, with what it says of the provider; absent facts are left unsaid. */
export type SessionGrant = {
  readonly token: string
  readonly conversationId: string
  readonly greeting: string | undefined
  readonly providerName: string | undefined
  readonly hotline: string | undefined
}

type Fields = { readonly [name: string]: unknown }

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isSeq(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function parseAuthor(value: unknown): Author | undefined {
  return value === 'merchant' || value === 'bot' || value === 'agent' || value === 'system'
    ? value
    : undefined
}

function parseHolder(value: unknown): Holder | undefined {
  return value === 'bot' || value === 'queue' || value === 'agent' ? value : undefined
}

function parseChoices(value: unknown): Choice[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((choice: unknown) =>
    isFields(choice) && typeof choice['id'] === 'string' && typeof choice['label'] === 'string'
      ? [{ id: choice['id'], label: choice['label'] }]
      : [],
  )
}

function parsePictures(value: unknown): Picture[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((picture: unknown) => {
    if (!isFields(picture) || !isPictureId(picture['id'])) return []
    const { id, width, height, removed } = picture
    return isSeq(width) && isSeq(height) ? [{ id, width, height, removed: removed === true }] : []
  })
}

/** An id goes into an address: anything but the letters and digits the server makes is refused here. */
function isPictureId(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9]{1,64}$/.test(value)
}

/** Reads JSON without throwing: anything unreadable is undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function parseLine(value: unknown): Line | undefined {
  if (!isFields(value)) return undefined
  const author = parseAuthor(value['author'])
  const at = typeof value['at'] === 'string' ? Date.parse(value['at']) : Number.NaN
  if (author === undefined || !isSeq(value['seq']) || typeof value['text'] !== 'string' || Number.isNaN(at))
    return undefined
  const choices = parseChoices(value['choices'])
  const pictures = parsePictures(value['attachments'])
  const name = value['name']
  const line = {
    seq: value['seq'],
    author,
    text: value['text'],
    at,
    ...(typeof name === 'string' ? { name } : {}),
    ...(pictures.length > 0 ? { pictures } : {}),
  }
  return choices.length > 0 ? { ...line, choices } : line
}

export function parseStatus(value: unknown): Status {
  if (!isFields(value)) return {}
  const holder = parseHolder(value['holder'])
  const waiting = parseWaiting(value['waiting'])
  const serving = parseServing(value['serving'])
  const { readSeq, rateable } = value
  return {
    ...(isSeq(readSeq) ? { readSeq } : {}),
    ...(isSeq(rateable) ? { rateable } : {}),
    ...(isSeq(value['processedSeq']) ? { processedSeq: value['processedSeq'] } : {}),
    ...(holder === undefined ? {} : { holder }),
    ...(waiting === undefined ? {} : { waiting }),
    ...(serving === undefined ? {} : { serving }),
  }
}

function parseServing(value: unknown): Serving | undefined {
  if (!isFields(value) || typeof value['name'] !== 'string') return undefined
  return { name: value['name'], isHere: value['isHere'] === true }
}

function parseWaiting(value: unknown): Waiting | undefined {
  if (!isFields(value) || !isSeq(value['position'])) return undefined
  const minutes = value['minutes']
  return { position: value['position'], ...(isSeq(minutes) ? { minutes } : {}) }
}

export function parsePage(value: unknown): Page | undefined {
  if (!isFields(value) || !Array.isArray(value['messages']) || !isSeq(value['lastSeq'])) return undefined
  const lines = value['messages'].flatMap((message: unknown) => parseLine(message) ?? [])
  return { lines, lastSeq: value['lastSeq'], status: parseStatus(value) }
}

/** The seq a message was stored under. */
export function parseStored(value: unknown): number | undefined {
  return isFields(value) && isSeq(value['seq']) ? value['seq'] : undefined
}

/** The id the server gave to an uploaded picture. */
export function parseBrought(value: unknown): string | undefined {
  return isFields(value) && isPictureId(value['attachmentId']) ? value['attachmentId'] : undefined
}

/** A token goes into a header: anything but 16–512 visible ASCII characters is refused here. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{16,512}$/.test(value)
}

function parseWords(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function parseGrant(value: unknown): SessionGrant | undefined {
  if (!isFields(value) || !isToken(value['sessionToken']) || typeof value['conversationId'] !== 'string')
    return undefined
  const config = isFields(value['config']) ? value['config'] : {}
  return {
    token: value['sessionToken'],
    conversationId: value['conversationId'],
    greeting: parseWords(config['greeting']),
    providerName: parseWords(config['name']),
    hotline: parseWords(config['hotline']),
  }
}

/** Reads back what `session.ts` keeps in the browser's storage, which anyone at that browser may have edited. */
export function parseKeptGrant(value: unknown): SessionGrant | undefined {
  if (!isFields(value)) return undefined
  const { token, conversationId, greeting, providerName, hotline } = value
  return parseGrant({
    sessionToken: token,
    conversationId,
    config: { greeting, name: providerName, hotline },
  })
}

/** A picture of ours on its way: `key` names its bytes in this browser, `attachmentId` is there once the server has it. */
export type OutgoingPicture = {
  readonly key: string
  readonly width: number
  readonly height: number
  readonly attachmentId?: string
}

export type OutgoingText = {
  readonly kind: 'text'
  readonly text: string
  readonly pictures?: readonly OutgoingPicture[]
}

export type OutgoingContent =
  | OutgoingText
  | { readonly kind: 'choice'; readonly id: string; readonly promptSeq: number; readonly label: string }

/** A message waiting in the browser's storage. */
export type KeptMessage = {
  readonly id: string
  readonly content: OutgoingContent
  readonly createdAt: number
  readonly afterSeq: number
  /** True once it was posted: from then on the server may have it, whatever we heard. */
  readonly attempted: boolean
  /** Why the server refused it; empty when it gave no reason. */
  readonly problem?: string | undefined
}

function parseOutgoingPictures(value: unknown): OutgoingPicture[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((picture: unknown) => {
    if (!isFields(picture) || typeof picture['key'] !== 'string') return []
    const { key, width, height, attachmentId } = picture
    if (!isSeq(width) || !isSeq(height)) return []
    return [{ key, width, height, ...(isPictureId(attachmentId) ? { attachmentId } : {}) }]
  })
}

function parseContent(value: unknown): OutgoingContent | undefined {
  if (!isFields(value)) return undefined
  if (value['kind'] === 'text' && typeof value['text'] === 'string') {
    const pictures = parseOutgoingPictures(value['pictures'])
    return { kind: 'text', text: value['text'], ...(pictures.length > 0 ? { pictures } : {}) }
  }
  const { id, promptSeq, label } = value
  if (value['kind'] !== 'choice' || typeof id !== 'string' || !isSeq(promptSeq) || typeof label !== 'string')
    return undefined
  return { kind: 'choice', id, promptSeq, label }
}

export function parseKeptMessage(value: unknown): KeptMessage | undefined {
  if (!isFields(value)) return undefined
  const content = parseContent(value['content'])
  const { id, createdAt, afterSeq, attempted, problem } = value
  if (content === undefined || typeof id !== 'string' || typeof createdAt !== 'number' || !isSeq(afterSeq))
    return undefined
  return {
    id,
    content,
    createdAt,
    afterSeq,
    attempted: attempted === true,
    problem: typeof problem === 'string' ? problem : undefined,
  }
}

/** The sentence of an RFC 9457 problem that a person may read. */
export function parseProblemDetail(value: unknown): string | undefined {
  return isFields(value) ? parseWords(value['detail']) : undefined
}
