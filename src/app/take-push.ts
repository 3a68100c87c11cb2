import type { Conversation } from '../core/conversation.ts'
import { type FollowersNeeds, partWithFollower, welcomeFollower } from './followers.ts'
import { keepPicture } from './keep-picture.ts'
import type { MessageHub } from './message-hub.ts'
import type { SavePicture } from './picture-ports.ts'
import type { InboundMessage } from './channel-ports.ts'
import type { OutboxSender, PassiveAnswer } from './send-outgoing.ts'
import type { WechatChannel, WechatPush } from './wechat-channel.ts'
import { AppError } from '../core/errors.ts'

/** How long an answer whose connection broke is kept for WeChat's own repetition, before it is pushed. */
const REPEAT_WITHIN_MS = 6_000

export type TakePushNeeds = FollowersNeeds & {
  readonly channel: WechatChannel
  readonly hub: () => Promise<MessageHub>
  readonly outbox: OutboxSender
  readonly savePicture: SavePicture
  /** How long an answer may take to be given in the response. */
  readonly answerWithinMs: number
}

/** An answer to put into the response. Call `done` once it is known whether the connection stood until the end. */
export type PushAnswer = { readonly text: string; done(wasWritten: boolean): Promise<void> }

/**
 * What to answer a push with: a text, or nothing when there is nothing to say or it goes out by itself. `isOpen` says
 * whether the connection of this push still stands.
 */
export type TakePush = (push: WechatPush, isOpen: () => boolean) => Promise<PushAnswer | undefined>

/**
 * Makes the use case for what WeChat pushes: one turn for each message however often it is pushed, and its answer in
 * the response when it is ready in time.
 *
 * Resolves only once the message is stored; rejects with `unavailable` when that took too long or the store refuses,
 * so that WeChat pushes it again. A copy waits for the turn in work and gets the answer only where the connection of
 * the first was gone.
 */
export function createTakePush(needs: TakePushNeeds): TakePush {
  const inWork = new Map<string, Promise<unknown>>()
  return async (push, isOpen) => {
    const key = `${push.address.merchantKey}\n${push.dedupeKey}`
    const before = inWork.get(key)
    const work = (before ?? Promise.resolve()).catch(() => undefined).then(() => take(needs, push, isOpen))
    inWork.set(key, work)
    const forget = (): void => {
      if (inWork.get(key) === work) inWork.delete(key)
    }
    work.then(forget, forget)
    return inTime(needs, push, work)
  }
}

async function take(
  needs: TakePushNeeds,
  push: WechatPush,
  isOpen: () => boolean,
): Promise<PushAnswer | undefined> {
  const { address, dedupeKey, contact, content } = push
  switch (content.kind) {
    case 'ignored':
      return undefined
    case 'unfollowed':
      await partWithFollower(needs, push)
      return undefined
    case 'followed':
      return answerOf(needs, await welcomeFollower(needs, push), isOpen)
    case 'picture': {
      const picture = await pictureOf(needs, push, content.mediaId)
      return receive(needs, { address, dedupeKey, contact, content: picture }, isOpen)
    }
    case 'text':
    case 'choice':
    case 'unreadable':
      return receive(needs, { address, dedupeKey, contact, content }, isOpen)
  }
}

/** A message with the picture, fetched and kept; one that nobody can see when that did not work. */
async function pictureOf(
  { store, channel, savePicture }: TakePushNeeds,
  { address, dedupeKey }: WechatPush,
  mediaId: string,
): Promise<InboundMessage['content']> {
  const unseen = { kind: 'unreadable', what: 'picture' } as const
  const current = await store.findCurrent(address)
  if (current?.dedupe.some(({ key }) => key === dedupeKey) === true) return unseen
  const bytes = await channel.fetchPicture(mediaId)
  if (bytes === undefined) return unseen
  const id = await keepPicture(savePicture, address, bytes)
  return id === undefined ? unseen : { kind: 'text', text: '', attachmentIds: [id] }
}

async function receive(
  needs: TakePushNeeds,
  message: InboundMessage,
  isOpen: () => boolean,
): Promise<PushAnswer | undefined> {
  const hub = await needs.hub()
  const { conversation } = await hub.receive(message)
  return answerOf(needs, conversation, isOpen)
}

/** The lines that wait for this merchant, as far as one message holds them. */
async function answerOf(
  { channel, outbox }: TakePushNeeds,
  conversation: Conversation,
  isOpen: () => boolean,
): Promise<PushAnswer | undefined> {
  // Nobody is there to read it: it waits for the next push or goes out by itself.
  if (!isOpen()) return undefined
  const taken = await outbox.takePassive(conversation, conversation.lastSeq, (lines) =>
    channel.countFitting(conversation, lines),
  )
  if (taken === undefined) return undefined
  return {
    text: channel.renderLines(taken.conversation, taken.lines),
    done: (wasWritten) => settle(taken, wasWritten),
  }
}

function settle(taken: PassiveAnswer, wasWritten: boolean): Promise<void> {
  return wasWritten ? taken.sent() : taken.requeue(REPEAT_WITHIN_MS)
}

/** The answer, if it comes while WeChat still waits; one that comes later goes out by itself. */
async function inTime(
  { channel, answerWithinMs }: TakePushNeeds,
  { contact }: WechatPush,
  work: Promise<PushAnswer | undefined>,
): Promise<PushAnswer | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), answerWithinMs)
  })
  try {
    const first = await Promise.race([work, late])
    if (first !== 'late') return first
  } finally {
    clearTimeout(timer)
  }
  void channel.showTyping(contact)
  work.then((answer) => answer?.done(false)).catch(() => undefined)
  throw new AppError('unavailable', 'the message is not stored yet', { retryAfterMs: 1_000 })
}
