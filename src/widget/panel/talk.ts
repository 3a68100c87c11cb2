import type {
  Holder,
  KeptMessage,
  Line,
  OutgoingContent,
  OutgoingPicture,
  Serving,
  Status,
  Waiting,
} from './wire.ts'

/**
 * Where a message of ours is: `waiting` for its turn, `sending`, `delayed` (did not get through, will be tried
 * again), `failed` (refused), `stored` (the server has it under `seq`, the line itself is still on its way here).
 */
export type SendState = 'waiting' | 'sending' | 'delayed' | 'failed' | 'stored'

export type Outgoing = KeptMessage & {
  readonly state: SendState
  readonly seq?: number
  /** How much of its pictures is uploaded, in percent. */
  readonly progress?: number
}

/** All the panel knows of the talk. A value: the functions below give a new one. */
export type Talk = {
  /** Stored lines by rising seq, each seq once. */
  readonly lines: readonly Line[]
  /** Our messages that are not among `lines`, oldest first. */
  readonly outgoing: readonly Outgoing[]
  /** Seq → key of the row that already shows this line, so that it goes on in the same place on the screen. */
  readonly keys: ReadonlyMap<number, string>
  readonly processedSeq: number
  readonly holder: Holder
  /** Where the merchant stands while nobody of the staff is there yet. */
  readonly waiting?: Waiting
  /** Who of the staff holds the talk. */
  readonly serving?: Serving
  /** Up to here the merchant has seen what staff wrote, as the server knows it. */
  readonly readSeq?: number
  /** First seq of a talk the bot may be rated for. */
  readonly rateable?: number
  /** True once the stored history is known, empty or not. */
  readonly loaded: boolean
  /** True when an earlier conversation could not be gone on with. */
  readonly restarted: boolean
  readonly greeting?: { readonly text: string; readonly at: number }
}

export const GREETING_KEY = 'greeting'

export function emptyTalk(): Talk {
  const keys = new Map<number, string>()
  return { lines: [], outgoing: [], keys, processedSeq: 0, holder: 'bot', loaded: false, restarted: false }
}

/** The seq to read on from. */
export function cursorOf(talk: Talk): number {
  return talk.lines[talk.lines.length - 1]?.seq ?? 0
}

/**
 * Adds stored lines in any order, known ones included: a seq is kept once, in its newest wording. A line that one of
 * our messages was stored under takes that message's place.
 */
export function withLines(talk: Talk, added: readonly Line[]): Talk {
  if (added.length === 0) return talk
  const bySeq = new Map(talk.lines.map((line) => [line.seq, line]))
  for (const line of added) bySeq.set(line.seq, line)
  const lines = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  const keys = new Map(talk.keys)
  if (showsGreeting(talk) && bySeq.get(1)?.author === 'bot') keys.set(1, GREETING_KEY)
  return settle({ ...talk, lines, keys })
}

export function withStatus(talk: Talk, status: Status): Talk {
  const processedSeq = Math.max(talk.processedSeq, status.processedSeq ?? 0)
  const holder = status.holder ?? talk.holder
  // A status that names its holder is whole: what it leaves out is no longer so.
  const known = status.holder === undefined ? { ...talk, ...status } : status
  const waiting = holder === 'queue' ? (known.waiting ?? talk.waiting) : undefined
  const { serving } = known
  const readSeq = Math.max(talk.readSeq ?? 0, status.readSeq ?? 0)
  const { rateable } = known
  const isSame =
    processedSeq === talk.processedSeq &&
    holder === talk.holder &&
    waiting?.position === talk.waiting?.position &&
    waiting?.minutes === talk.waiting?.minutes &&
    serving?.name === talk.serving?.name &&
    serving?.isHere === talk.serving?.isHere &&
    readSeq === (talk.readSeq ?? 0) &&
    rateable === talk.rateable
  if (isSame) return talk
  const {
    waiting: oldWaiting,
    serving: oldServing,
    readSeq: oldReadSeq,
    rateable: oldRateable,
    ...rest
  } = talk
  void [oldWaiting, oldServing, oldReadSeq, oldRateable]
  return {
    ...rest,
    processedSeq,
    holder,
    ...(waiting === undefined ? {} : { waiting }),
    ...(serving === undefined ? {} : { serving }),
    ...(readSeq === 0 ? {} : { readSeq }),
    ...(rateable === undefined ? {} : { rateable }),
  }
}

export function withOutgoing(talk: Talk, message: Outgoing): Talk {
  return talk.outgoing.some((known) => known.id === message.id)
    ? talk
    : { ...talk, outgoing: [...talk.outgoing, message] }
}

/** Changes one of our messages; an id that is no longer there changes nothing. */
export function withMessage(talk: Talk, id: string, change: (message: Outgoing) => Outgoing): Talk {
  return {
    ...talk,
    outgoing: talk.outgoing.map((message) => (message.id === id ? change(message) : message)),
  }
}

/** Notes that the server stored a message under `seq`. */
export function withStored(talk: Talk, id: string, seq: number): Talk {
  return settle(withMessage(talk, id, (message) => ({ ...message, state: 'stored', seq })))
}

export function withoutMessage(talk: Talk, id: string): Talk {
  return { ...talk, outgoing: talk.outgoing.filter((message) => message.id !== id) }
}

/**
 * The talk after the session was lost: a fresh conversation that has seen nothing, with what was not yet sent. A
 * choice answered a question the new conversation does not know, so its label goes as text; pictures go up again.
 */
export function withNewSession(talk: Talk): Talk {
  const outgoing = talk.outgoing
    .filter((message) => message.state !== 'stored')
    .map((message) => ({
      ...message,
      content: withoutUploads(toText(message.content)),
      afterSeq: 0,
      attempted: false,
    }))
  return { ...emptyTalk(), outgoing, restarted: true }
}

/** The pictures of a message as if none were uploaded yet. */
export function withoutUploads(content: OutgoingContent): OutgoingContent {
  if (content.kind !== 'text' || content.pictures === undefined) return content
  const pictures = content.pictures.map(({ key, width, height }) => ({ key, width, height }))
  return { ...content, pictures }
}

function toText(content: OutgoingContent): OutgoingContent {
  return content.kind === 'text' ? content : { kind: 'text', text: content.label }
}

export function picturesOf(content: OutgoingContent): readonly OutgoingPicture[] {
  return content.kind === 'text' ? (content.pictures ?? []) : []
}

export function wordsOf(content: OutgoingContent): string {
  return content.kind === 'text' ? content.text : content.label
}

/** Drops each message whose stored line has arrived, and lets that line keep the message's key. */
function settle(talk: Talk): Talk {
  const known = new Set(talk.lines.map((line) => line.seq))
  const keys = new Map(talk.keys)
  const outgoing = talk.outgoing.filter((message) => {
    if (message.seq === undefined || !known.has(message.seq)) return true
    keys.set(message.seq, message.id)
    return false
  })
  return { ...talk, outgoing, keys }
}

/** True while the greeting is shown from the session's settings, because its stored line is not here. */
export function showsGreeting(talk: Talk): boolean {
  const first = talk.lines[0]
  if (talk.greeting === undefined || !talk.loaded) return false
  return first === undefined || (first.seq === 1 && first.author === 'merchant')
}

/** True while the bot still owes an answer to something the server has or is being given. */
export function isAnswerDue(talk: Talk): boolean {
  if (talk.holder === 'agent') return false
  const ownSeqs = [
    ...talk.outgoing.map((message) => message.seq ?? 0),
    ...talk.lines.map((line) => (line.author === 'merchant' ? line.seq : 0)),
  ]
  return (
    // A picture on its way up is not with the bot yet.
    talk.outgoing.some((message) => message.state === 'sending' && message.attempted) ||
    ownSeqs.some((seq) => seq > talk.processedSeq)
  )
}

/**
 * Guesses which stored lines are messages whose answer has not come (yet, or ever): without it such a message would
 * be seen twice until its retry is answered. The guess only decides what is shown; the answer's seq decides for good.
 */
export function guessStored(talk: Talk): ReadonlyMap<number, Outgoing> {
  const guesses = new Map<number, Outgoing>()
  for (const message of talk.outgoing) {
    if (!message.attempted || message.seq !== undefined || message.state === 'failed') continue
    const match = talk.lines.find(
      (line) =>
        line.author === 'merchant' &&
        line.seq > message.afterSeq &&
        !talk.keys.has(line.seq) &&
        !guesses.has(line.seq) &&
        couldBe(message.content, line),
    )
    if (match !== undefined) guesses.set(match.seq, message)
  }
  return guesses
}

/** The server masks card numbers and the like as `****1234` or `[已隐藏]`: such a line may read otherwise than sent. */
function couldBe(content: OutgoingContent, line: Line): boolean {
  const brought = picturesOf(content).map(({ attachmentId }) => attachmentId)
  const shown = (line.pictures ?? []).map(({ id }) => id)
  if (brought.join() !== shown.join()) return false
  const [sent, stored] = [wordsOf(content), line.text]
  return sent.trim() === stored.trim() || stored.includes('****') || /\[[^\]]+\]/.test(stored)
}
