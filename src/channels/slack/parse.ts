import { z } from 'zod'
import { cleanedText } from '../../app/message-text.ts'
import type { MerchantAddress } from '../../app/ports.ts'
import type { SlackClick, SlackEvent } from '../../app/slack-channel.ts'
import { AppError } from '../../core/errors.ts'
import type { Unreadable } from '../../core/unreadable.ts'
import { unescapeText } from './markup.ts'

/** Ids become part of the merchant's key: letters and digits only. */
const id = z.string().regex(/^[A-Z0-9]{1,40}$/)
const ts = z.string().regex(/^\d{1,20}\.\d{1,20}$/)
const text = z.string().catch('')

/** Subtypes in which a person says something; all others tell of edits, joins and the like. */
const SPOKEN = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message'])
const FILE_KINDS: ReadonlyMap<string, Unreadable> = new Map([
  ['image', 'picture'],
  ['audio', 'voice'],
  ['video', 'video'],
])

const SharedFile = z.object({ mimetype: text, url_private_download: text, url_private: text })

const MessageEvent = z.object({
  type: z.enum(['message', 'app_mention']),
  subtype: z.string().optional(),
  hidden: z.boolean().optional(),
  bot_id: z.string().nullish(),
  user: id,
  channel: id,
  channel_type: z.string().optional(),
  ts,
  thread_ts: ts.optional(),
  text,
  files: z.array(SharedFile).optional().catch(undefined),
})

const Envelope = z.discriminatedUnion('type', [
  z.object({ type: z.literal('url_verification'), challenge: z.string().max(1_000) }),
  z.object({
    type: z.literal('event_callback'),
    team_id: id,
    event: z.object({ type: z.string() }),
    authorizations: z
      .array(z.object({ user_id: text }))
      .optional()
      .catch(undefined),
  }),
])

/** What every envelope has, read first: kinds that are new to us are none of our business. */
const AnyEnvelope = z.object({ type: z.string(), event: z.unknown().optional() })

/** Reads the body of a verified event. Throws `invalid` for what is not as Slack writes it. Pure. */
export function parseEvent(body: Uint8Array): SlackEvent {
  const json = jsonOf(decode(body))
  const { type, event } = checked(AnyEnvelope, json, 'event')
  if (type !== 'url_verification' && type !== 'event_callback') return { kind: 'ignored' }
  const envelope = checked(Envelope, json, 'event')
  if (envelope.type === 'url_verification') return { kind: 'challenge', challenge: envelope.challenge }
  const ownIds = (envelope.authorizations ?? []).map(({ user_id }) => user_id)
  return isSpoken(event, ownIds)
    ? spoken(envelope.team_id, checked(MessageEvent, event, 'message'), ownIds)
    : { kind: 'ignored' }
}

const MaybeMessage = z.object({
  type: z.string(),
  subtype: z.unknown().optional(),
  hidden: z.unknown().optional(),
  bot_id: z.unknown().optional(),
  bot_profile: z.unknown().optional(),
  user: z.unknown().optional(),
})

/** Says whether a person other than the bot said something. */
function isSpoken(event: unknown, ownIds: readonly string[]): boolean {
  const parsed = MaybeMessage.safeParse(event)
  if (!parsed.success) return false
  const { type, subtype, hidden, bot_id: botId, bot_profile: botProfile, user } = parsed.data
  if (type !== 'message' && type !== 'app_mention') return false
  if (subtype !== undefined && (typeof subtype !== 'string' || !SPOKEN.has(subtype))) return false
  if (hidden === true || botId != null || botProfile != null) return false
  return typeof user === 'string' && !ownIds.includes(user)
}

function spoken(team: string, event: z.output<typeof MessageEvent>, ownIds: readonly string[]): SlackEvent {
  const { channel, ts: at } = event
  const words = cleanedText(unescapeText(event.text, ownIds))
  const [file] = event.files ?? []
  if (words === undefined && file === undefined) return { kind: 'ignored' }
  return {
    kind: 'message',
    pictures: (event.files ?? []).flatMap(addressOfPicture),
    message: {
      address: addressOf(team, channel, threadOf(event)),
      // One text can come as two events (a mention in a channel that is read anyway): both have the same channel and time.
      dedupeKey: `slack:${team}:${channel}:${at}`,
      content:
        words === undefined ? { kind: 'unreadable', what: kindOf(file) } : { kind: 'text', text: words },
    },
  }
}

/** In a channel every talk is a thread; in a direct message only where the merchant opened one. */
function threadOf(event: z.output<typeof MessageEvent>): string | undefined {
  const isDirect =
    event.channel_type === 'im' || (event.channel_type === undefined && event.channel.startsWith('D'))
  return event.thread_ts ?? (isDirect ? undefined : event.ts)
}

function addressOfPicture({
  mimetype,
  url_private_download: download,
  url_private: shown,
}: z.output<typeof SharedFile>): readonly string[] {
  const address = download === '' ? shown : download
  return kindOf({ mimetype }) === 'picture' && address !== '' ? [address] : []
}

function kindOf(file: { readonly mimetype: string } | undefined): Unreadable {
  const [type = ''] = file?.mimetype.split('/') ?? []
  return FILE_KINDS.get(type) ?? 'file'
}

const Click = z.object({
  team: z.object({ id }),
  user: z.object({ id }),
  channel: z.object({ id }),
  container: z.object({ message_ts: ts, thread_ts: ts.optional() }),
  message: z.object({ thread_ts: ts.optional() }).optional().catch(undefined),
  actions: z
    .array(
      z.object({
        block_id: text,
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).optional().catch(undefined),
        text: z.object({ text }).optional().catch(undefined),
        action_ts: ts,
      }),
    )
    .min(1),
})

/** Reads the body of a verified act; `undefined` for one that is no press of a choice. Throws `invalid`. Pure. */
export function parseClick(body: Uint8Array): SlackClick | undefined {
  const payload = new URLSearchParams(decode(body)).get('payload')
  if (payload === null) throw new AppError('invalid', 'the act has no payload')
  const json = jsonOf(payload)
  if (checked(z.object({ type: z.string() }), json, 'act').type !== 'block_actions') return undefined
  const click = checked(Click, json, 'act')
  const { team, user, channel, container } = click
  const [action] = click.actions
  const choiceId = action?.selected_option?.value ?? action?.value
  if (action === undefined || choiceId === undefined || choiceId === '') return undefined
  const promptSeq = /^prompt:(\d{1,12})(?::|$)/.exec(action.block_id)?.[1]
  return {
    address: addressOf(team.id, channel.id, container.thread_ts ?? click.message?.thread_ts),
    dedupeKey: `slack:${team.id}:${user.id}:${container.message_ts}:${action.action_ts}`,
    choiceId,
    label: cleanedText(action.text?.text ?? choiceId) ?? choiceId,
    ...(promptSeq === undefined ? {} : { promptSeq: Number(promptSeq) }),
    messageId: container.message_ts,
  }
}

/** Where a merchant's lines go, from the key made here. Pure. */
export function targetOf({ merchantKey }: MerchantAddress): {
  readonly team: string
  readonly channel: string
  readonly thread?: string
} {
  const [team = '', channel = '', thread] = merchantKey.split(':')
  return { team, channel, ...(thread === undefined ? {} : { thread }) }
}

function addressOf(team: string, channel: string, thread: string | undefined): MerchantAddress {
  return {
    channel: 'slack',
    merchantKey: [team, channel, ...(thread === undefined ? [] : [thread])].join(':'),
  }
}

function decode(body: Uint8Array): string {
  return new TextDecoder('utf-8').decode(body)
}

function jsonOf(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Without the parser's own message: it quotes the body.
    throw new AppError('invalid', 'the body is not valid JSON')
  }
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new AppError(
    'invalid',
    `the ${what} is not as Slack writes it${where === '' ? '' : `, at "${where}"`}`,
  )
}
