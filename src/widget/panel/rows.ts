import { GREETING_KEY, guessStored, picturesOf, showsGreeting, wordsOf } from './talk.ts'
import type { Outgoing, SendState, Talk } from './talk.ts'
import type { Author, Choice, OutgoingPicture } from './wire.ts'

export type TimeRow = {
  readonly kind: 'time'
  readonly key: string
  readonly at: number
  readonly newDay: boolean
}

/** A picture in a row: by `key` from this browser, by `id` from the server. */
export type RowPicture = {
  readonly key?: string
  readonly id?: string
  readonly width: number
  readonly height: number
  readonly removed: boolean
}

export type LineRow = {
  readonly kind: 'line'
  readonly key: string
  readonly author: Author
  readonly text: string
  /** The agent's name. */
  readonly name?: string
  /** Seq of the stored line; absent while only we know of it. */
  readonly seq?: number
  /** True for the first of several lines of one author: it carries the name. */
  readonly opensGroup: boolean
  readonly choices: number
  readonly pictures: readonly RowPicture[]
  readonly send?: {
    readonly id: string
    readonly state: SendState
    readonly problem: string | undefined
    readonly progress: number | undefined
  }
}

/** Says that this conversation is a new one. */
export type RestartRow = { readonly kind: 'restart'; readonly key: string }

export type Row = TimeRow | LineRow | RestartRow

/** A pause after which a line gets the time above it. */
const PAUSE_MS = 5 * 60_000

type Entry = { readonly place: number; readonly at?: number; readonly row: LineRow }

/** Puts the talk into the order it is shown in, with times and groups. Pure; days are the merchant's own. */
export function toRows(talk: Talk): Row[] {
  const entries = [...greetingEntry(talk), ...storedEntries(talk), ...outgoingEntries(talk)]
  entries.sort((a, b) => a.place - b.place)
  const rows: Row[] = talk.restarted ? [{ kind: 'restart', key: 'restart' }] : []
  let before: { readonly author: Author; readonly at?: number } | undefined
  for (const { row, at } of entries) {
    const time = timeRow(row.key, before?.at, at)
    if (time !== undefined) rows.push(time)
    rows.push({ ...row, opensGroup: time !== undefined || before?.author !== row.author })
    const lastAt = at ?? before?.at
    before = { author: row.author, ...(lastAt === undefined ? {} : { at: lastAt }) }
  }
  return rows
}

/** Unsent lines have no server time, and clocks differ: they never open a time group. */
function timeRow(key: string, before: number | undefined, at: number | undefined): TimeRow | undefined {
  if (at === undefined) return undefined
  const newDay = before === undefined || new Date(before).toDateString() !== new Date(at).toDateString()
  if (!newDay && at - before < PAUSE_MS) return undefined
  return { kind: 'time', key: `time-${key}`, at, newDay }
}

function greetingEntry(talk: Talk): Entry[] {
  if (!showsGreeting(talk) || talk.greeting === undefined) return []
  const { text } = talk.greeting
  const at = Math.min(talk.greeting.at, talk.lines[0]?.at ?? talk.greeting.at)
  return [{ place: 0, at, row: line(GREETING_KEY, 'bot', text) }]
}

function storedEntries(talk: Talk): Entry[] {
  const guesses = guessStored(talk)
  return talk.lines.map(({ seq, author, text, name, at, choices, pictures = [] }) => {
    const key = talk.keys.get(seq) ?? guesses.get(seq)?.id ?? `seq-${String(seq)}`
    const named = name === undefined ? {} : { name }
    const row = { ...line(key, author, text), ...named, seq, choices: choices?.length ?? 0, pictures }
    return { place: seq, at, row }
  })
}

function outgoingEntries(talk: Talk): Entry[] {
  const guessed = new Set([...guessStored(talk).values()].map((message) => message.id))
  return talk.outgoing
    .filter((message) => !guessed.has(message.id))
    .map((message) => {
      const { id, state, problem, progress } = message
      const row = {
        ...line(id, 'merchant', wordsOf(message.content)),
        pictures: picturesOf(message.content).map(outgoingPicture),
        send: { id, state, problem, progress },
      }
      return { place: placeOf(message), row }
    })
}

/**
 * A refused message stays where it was written, though never above the greeting, which is stored as seq 1 only with
 * the first message. One on its way stays last until the server gives it a place.
 */
function placeOf(message: Outgoing): number {
  if (message.seq !== undefined) return message.seq
  return message.state === 'failed' ? Math.max(message.afterSeq, 1) + 0.5 : Number.MAX_VALUE
}

function outgoingPicture({ key, width, height, attachmentId }: OutgoingPicture): RowPicture {
  const id = attachmentId === undefined ? {} : { id: attachmentId }
  return { key, ...id, width, height, removed: false }
}

function line(key: string, author: Author, text: string): LineRow {
  return { kind: 'line', key, author, text, opensGroup: true, choices: 0, pictures: [] }
}

/**
 * The question whose buttons may be pressed: the newest line with choices, as long as the merchant has written
 * nothing after it and no agent has taken over.
 */
export function openPrompt(
  talk: Talk,
): { readonly seq: number; readonly choices: readonly Choice[] } | undefined {
  if (talk.holder === 'agent') return undefined
  const newest = [...talk.lines]
    .reverse()
    .find((row) => row.author === 'merchant' || row.choices !== undefined)
  if (newest?.choices === undefined || newest.author === 'merchant') return undefined
  const answered = talk.outgoing.some((message) => message.state !== 'failed')
  return answered ? undefined : { seq: newest.seq, choices: newest.choices }
}
