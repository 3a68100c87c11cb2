import { RateLimiterMemory } from 'rate-limiter-flexible'
import { MAX_TEXT_CHARACTERS } from '../app/message-text.ts'
import type { MessageHub } from '../app/message-hub.ts'
import { markRead } from '../app/mark-read.ts'
import type { Bus, Clock, Store } from '../app/ports.ts'
import type { Typing } from '../app/typing.ts'
import { rateHelp } from '../app/rate-help.ts'
import { readStatus } from '../app/read-lines.ts'
import { waitForLines, watchLines } from '../app/watch-lines.ts'
import type { FindServing } from '../app/serving.ts'
import type { FindWaiting } from '../app/waiting.ts'
import type { WebChannel } from '../app/web-channel.ts'
import type { DeskContent } from '../core/content.ts'
import { AppError } from '../core/errors.ts'
import { admit } from './admit.ts'
import type { Limits } from './limits.ts'
import { MessageRate } from './message-rate.ts'
import { onceIn } from './once-in.ts'
import { networkOf } from './network.ts'
import { renderMessages } from './render.ts'
import { Nothing, type Route, type RouteMaker } from './route.ts'
import { pageSize, SeqAnswer } from './schema.ts'
import {
  MessagesAnswer,
  MessagesQuery,
  RatingBody,
  ReadBody,
  SessionAnswer,
  StreamQuery,
  TypingBody,
} from './widget-schema.ts'
import { sendStream } from './send-stream.ts'
import type { Watchers } from './watchers.ts'

/** What the panel shows before anything is said. */
export type Welcome = {
  readonly greeting: string
  readonly name?: string
  readonly hotline?: string
  readonly locale: string
}

export type WidgetNeeds = {
  readonly store: Store
  readonly bus: Bus
  readonly typing: Typing
  readonly clock: Clock
  readonly content: () => DeskContent
  readonly web: WebChannel
  readonly hub: () => Promise<MessageHub>
  readonly waiting: FindWaiting
  readonly serving: FindServing
  readonly welcome: Welcome
  readonly limits: Limits
  readonly watchers: Watchers
  readonly isOverloaded: () => boolean
}

/** Signs that come faster say nothing new. */
const TYPING_EVERY_MS = 2_000

/** The merchant's side: contract.md §2. */
export function createWidgetRoutes(make: RouteMaker, needs: WidgetNeeds): Route[] {
  const { store, bus, typing, web, watchers, limits } = needs
  const sources = { store, bus, waiting: needs.waiting, serving: needs.serving }
  const mayTell = onceIn(TYPING_EVERY_MS, needs.clock)
  const openings = new RateLimiterMemory({ points: limits.sessionsPerMinute, duration: 60 })
  const rate = new MessageRate(limits.messageBurst, needs.clock)

  const startSession = make.forAnyone(
    {
      method: 'post',
      path: '/widget/v1/session',
      summary: 'Starts an anonymous session',
      body: web.bodies.session,
      query: Nothing,
      answer: { status: 201, type: 'application/json', schema: SessionAnswer },
    },
    async ({ request, body }) => {
      if (needs.isOverloaded()) {
        throw new AppError('unavailable', 'too busy for new sessions just now', { retryAfterMs: 2_000 })
      }
      await admit(openings, networkOf(request), 'too many new sessions from this address')
      const { token, session } = web.startSession(body)
      const current = await store.findCurrent(session.address)
      const { greeting, name, hotline, locale } = needs.welcome
      return {
        status: 201,
        json: {
          sessionToken: token,
          conversationId: current?.id ?? session.firstConversationId,
          lastSeq: current?.lastSeq ?? 0,
          config: { greeting, name, hotline, locale, limits: { text: MAX_TEXT_CHARACTERS } },
        },
      }
    },
  )

  const postMessage = make.forSession(
    {
      method: 'post',
      path: '/widget/v1/messages',
      summary: 'Takes one message; answers once it is stored and its turn is complete',
      body: web.bodies.message,
      query: Nothing,
      answer: { status: 200, type: 'application/json', schema: SeqAnswer },
    },
    async ({ body }, session) => {
      rate.charge(session.address.merchantKey, body.clientMsgId)
      const hub = await needs.hub()
      const { seq } = await hub.receive(web.parseMessage(session, body))
      return { status: 200, json: { seq } }
    },
  )

  const getMessages = make.forSession(
    {
      method: 'get',
      path: '/widget/v1/messages',
      summary: 'Reads lines after a seq, waiting for the next one if wished',
      body: Nothing,
      query: MessagesQuery,
      answer: { status: 200, type: 'application/json', schema: MessagesAnswer },
    },
    async ({ request, response, query }, session) => {
      const waitMs = Math.min((query.wait ?? 0) * 1000, limits.longestWaitMs)
      const wish = { after: query.after ?? 0, limit: pageSize(query.limit), waitMs }
      if (waitMs === 0) {
        const signal = AbortSignal.abort()
        return {
          status: 200,
          json: renderMessages(await waitForLines(sources, session.address, { ...wish, signal })),
        }
      }
      const { signal, leave } = watchers.enter(networkOf(request))
      response.once('close', leave)
      try {
        const page = await waitForLines(sources, session.address, { ...wish, signal })
        return { status: 200, json: renderMessages(page) }
      } finally {
        leave()
      }
    },
  )

  const getStream = make.forSession(
    {
      method: 'get',
      path: '/widget/v1/stream',
      summary: 'Follows the talk as an event stream',
      body: Nothing,
      query: StreamQuery,
      answer: { status: 200, type: 'text/event-stream' },
    },
    async ({ request, response, query }, session) => {
      const after = lastEventId(request.headers['last-event-id']) ?? query.after ?? 0
      // The store is asked once before the head is sent: a failing one answers with a status, not a broken stream.
      await readStatus(sources, session.address)
      const { signal, leave } = watchers.enter(networkOf(request))
      response.once('close', leave)
      try {
        const events = watchLines({ ...sources, typing }, session.address, after, {
          heartbeatMs: limits.heartbeatMs,
          signal,
        })
        await sendStream(response, web, events, limits.stalledReaderMs)
        return 'sent'
      } finally {
        leave()
      }
    },
  )

  const postRating = make.forSession(
    {
      method: 'post',
      path: '/widget/v1/rating',
      summary: 'Says how the last help was: 1 (bad) to 5 (good), and a word',
      body: RatingBody,
      query: Nothing,
      answer: { status: 200, type: 'application/json', schema: Nothing },
    },
    async ({ body }, session) => {
      const { score, comment } = body
      await rateHelp(needs, session.address, { score, ...(comment === undefined ? {} : { comment }) })
      return { status: 200, json: {} }
    },
  )

  const postTyping = make.forSession(
    {
      method: 'post',
      path: '/widget/v1/typing',
      summary: 'Tells the staff that the merchant is writing; forgotten after some seconds',
      body: TypingBody,
      query: Nothing,
      answer: { status: 200, type: 'application/json', schema: Nothing },
    },
    async ({ body }, session) => {
      if (body.typing !== false && mayTell(session.address.merchantKey))
        typing.tell(session.address, 'merchant')
      return { status: 200, json: {} }
    },
  )

  const postRead = make.forSession(
    {
      method: 'post',
      path: '/widget/v1/read',
      summary: 'Says up to which seq the merchant has seen the talk',
      body: ReadBody,
      query: Nothing,
      answer: { status: 200, type: 'application/json', schema: Nothing },
    },
    async ({ body }, session) => {
      await markRead(needs, session.address, body.seq)
      return { status: 200, json: {} }
    },
  )

  return [startSession, postMessage, getMessages, getStream, postRating, postTyping, postRead]
}

function lastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header)) {
    throw new AppError('invalid', 'the Last-Event-ID header must be the seq of a message')
  }
  return Number(header)
}
