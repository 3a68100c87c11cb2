import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { idFromBytes } from '../../app/ids.ts'
import { cleanedText } from '../../app/message-text.ts'
import { validated } from '../../app/validated.ts'
import type { WechatContent, WechatPush } from '../../app/wechat-channel.ts'
import type { Contact } from '../../core/contact.ts'
import { AppError } from '../../core/errors.ts'
import type { QuotaGrant } from '../../core/quota.ts'
import type { Unreadable } from '../../core/unreadable.ts'

const digits = z.string().regex(/^\d{1,20}$/, 'must be a whole number')
const text = z.string()

/** Events after which WeChat takes three messages within a minute. */
const GRANTING_EVENTS: ReadonlySet<string> = new Set([
  'subscribe',
  'SCAN',
  'CLICK',
  'scancode_push',
  'scancode_waitmsg',
])

/** The fields we know; WeChat adds others at will. */
const Push = z.object({
  ToUserName: text.regex(/^[\w@.-]{1,64}$/, 'must be the id of an account'),
  FromUserName: text.regex(/^[\w@.-]{1,64}$/, 'must be an openid'),
  CreateTime: digits,
  MsgType: text.min(1),
  MsgId: digits.optional(),
  Content: text.optional(),
  bizmsgmenuid: text.optional(),
  MediaId: text.optional(),
  Recognition: text.optional(),
  Label: text.optional(),
  Title: text.optional(),
  Event: text.optional(),
  EventKey: text.optional(),
})
type Fields = z.output<typeof Push>

/** A push with the account it was sent to, which the answer comes from. */
export type ParsedPush = WechatPush & { readonly account: string }

/**
 * Makes a push of the fields of its XML. Pure. `secret` makes the merchant's key, which tells nothing of the openid.
 *
 * Texts are cleaned of what no store can carry and cut at our own limit, never refused. Throws `invalid` for fields
 * that name no sender or no kind.
 */
export function parsePush(xml: ReadonlyMap<string, string>, secret: string): ParsedPush {
  const fields = validated(Push, Object.fromEntries(xml), 'message')
  return {
    account: fields.ToUserName,
    address: { channel: 'wechat', merchantKey: merchantKeyOf(fields.FromUserName, secret) },
    dedupeKey: `wechat:${fields.MsgId ?? digestOf(fields, secret)}`,
    contact: contactOf(fields),
    content: contentOf(fields),
  }
}

/** The merchant key of a follower: always the same, and telling nothing of who it is. Pure. */
export function merchantKeyOf(openid: string, secret: string): string {
  const key = idFromBytes(createHmac('sha512', secret).update(`wechat:${openid}`).digest())
  if (key === undefined) throw new AppError('internal', 'no id could be made for a follower')
  return key
}

function contentOf(fields: Fields): WechatContent {
  switch (fields.MsgType) {
    case 'text':
      return said(fields.Content, menuIdOf(fields))
    case 'voice':
      return fields.Recognition?.trim() ? said(fields.Recognition) : unreadable('voice')
    case 'image':
      return fields.MediaId ? { kind: 'picture', mediaId: fields.MediaId } : unreadable('picture')
    case 'location':
      return placeOf(fields)
    case 'video':
    case 'shortvideo':
      return unreadable('video')
    case 'link':
      return unreadable('link')
    case 'event':
      return eventOf(fields)
    default:
      return unreadable('other')
  }
}

function eventOf({ Event: event, EventKey: key }: Fields): WechatContent {
  switch (event) {
    case 'subscribe':
    case 'SCAN':
      return { kind: 'followed' }
    case 'unsubscribe':
      return { kind: 'unfollowed' }
    case 'CLICK':
      // The key of a menu button is what a merchant would say.
      return key?.trim() ? said(key) : { kind: 'ignored' }
    case undefined:
    default:
      return { kind: 'ignored' }
  }
}

function said(words: string | undefined, menuId?: string): WechatContent {
  const text = cleanedText(words ?? '')
  if (text === undefined) return unreadable('other')
  return { kind: 'text', text, numbered: menuId === undefined ? {} : { menuId } }
}

function placeOf({ Label: label }: Fields): WechatContent {
  const words = cleanedText(label ?? '')
  return { kind: 'unreadable', what: 'location', ...(words === undefined ? {} : { words }) }
}

function unreadable(what: Unreadable): WechatContent {
  return { kind: 'unreadable', what }
}

/** What the merchant tapped in a menu message. WeChat sends “0” or nothing at times: then the words must do. */
function menuIdOf({ bizmsgmenuid: id }: Fields): string | undefined {
  return id === undefined || id === '' || id === '0' ? undefined : id
}

function contactOf(fields: Fields): Contact {
  const grants = grantOf(fields)
  return { reach: fields.FromUserName, ...(grants === undefined ? {} : { grants }) }
}

/** What this push lets us send, by WeChat's rules. */
function grantOf(fields: Fields): QuotaGrant | undefined {
  if (fields.MsgType !== 'event') return menuIdOf(fields) === undefined ? 'message' : 'moment'
  return GRANTING_EVENTS.has(fields.Event ?? '') ? 'moment' : undefined
}

/** Events have no id of their own; their sender, time and kind are the same in each copy. */
function digestOf(fields: Fields, secret: string): string {
  const { FromUserName, CreateTime, MsgType, Event, EventKey, Content } = fields
  const parts = [FromUserName, CreateTime, MsgType, Event, EventKey, Content].map((part) => part ?? '')
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url')
}
