import { createServer as createHttpServer, STATUS_CODES, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import express from 'express'
import { Desk } from '../app/desk.ts'
import type { Log } from '../app/log.ts'
import { LogIn } from '../app/log-in.ts'
import { StaffDirectory } from '../app/manage-staff.ts'
import type { MessageHub } from '../app/message-hub.ts'
import type { Passwords } from '../app/passwords.ts'
import type { Bus, Clock, Ids, Store } from '../app/ports.ts'
import type { SavePicture } from '../app/picture-ports.ts'
import type { SlackChannel } from '../app/slack-channel.ts'
import { StaffSessions } from '../app/staff-sessions.ts'
import type { OutboxSender } from '../app/send-outgoing.ts'
import { createTakePush } from '../app/take-push.ts'
import { findServing } from '../app/serving.ts'
import { createTyping } from '../app/typing.ts'
import { findWaiting } from '../app/waiting.ts'
import type { WebChannel } from '../app/web-channel.ts'
import type { WechatChannel } from '../app/wechat-channel.ts'
import type { DeskContent } from '../core/content.ts'
import { AppError } from '../core/errors.ts'
import { createDeskCookies } from './cookies.ts'
import { createDeskActRoutes } from './desk-acts.ts'
import { createDeskEventsRoute } from './desk-events.ts'
import { createDeskExportRoutes } from './desk-export.ts'
import { createDeskStaffRoutes } from './desk-staff.ts'
import { createDeskViewRoutes } from './desk-views.ts'
import { createDeskRoutes } from './desk.ts'
import { prepareDrain } from './drain.ts'
import { Guards } from './guards.ts'
import { BARE_HEADERS, secureHeaders } from './headers.ts'
import { createHealthRoutes } from './health.ts'
import { createJsonReader } from './json-body.ts'
import { createLagWatch } from './lag.ts'
import { LateHub } from './late-hub.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { createMetrics } from './metrics.ts'
import { mountRoutes } from './mount-routes.ts'
import { describeApi } from './openapi.ts'
import { createPageRoutes } from './pages.ts'
import { createPictureRoutes } from './pictures.ts'
import { Presence } from './presence.ts'
import { RequestError } from './request-error.ts'
import { RouteMaker, type Route } from './route.ts'
import { createSlackRoutes } from './slack.ts'
import { toProblem } from './to-problem.ts'
import { createRawReader } from './raw-body.ts'
import { createUploadReader } from './upload-body.ts'
import { Watchers } from './watchers.ts'
import { createWechatRoutes } from './wechat.ts'
import { createWidgetRoutes, type Welcome } from './widget.ts'

export type ServerNeeds = {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly web: WebChannel
  /** Absent: Slack is off and its addresses do not exist. */
  readonly slack?: SlackChannel
  /** Absent when the channel is not configured: then its address is none. */
  readonly wechat?: { readonly channel: WechatChannel; readonly outbox: OutboxSender }
  readonly passwords: Passwords
  readonly savePicture: SavePicture
  /** Read anew for each act of the desk. */
  readonly content: () => DeskContent
  /** Secret of the known-device marks, from `store.secret`. */
  readonly deviceSecret: string
  /** Loads the hub; called once, as soon as the port listens. Requests that need it wait. */
  readonly loadHub: () => Promise<MessageHub>
  readonly welcome: Welcome
  /** Folder of built browser files. */
  readonly assetsDir: string
  readonly version: string
  readonly settings: ServerSettings
  readonly limits?: Partial<Limits>
  /** Delay of the event loop in ms; measured when absent. */
  readonly lagMs?: () => number
}

export type ServerSettings = {
  readonly host: string
  readonly port: number
  readonly publicUrl?: string
  readonly allowedOrigins: readonly string[]
  readonly trustProxy: number
  readonly opsToken?: string
}

export type PosdeskServer = {
  /** Routes with their policies, as they are served. */
  readonly routes: readonly Route[]
  /** Opens the port. `ready` resolves once the hub has loaded, and rejects when it cannot. */
  listen(): Promise<{ readonly url: string; readonly ready: Promise<void> }>
  /**
   * Stops cleanly: takes no new connections, ends long-polls and streams with what there is, and waits for requests
   * in work, at most `graceMs`. The hub and the store stay the caller's to close.
   */
  close(graceMs: number): Promise<void>
}

/** Builds the server. Throws when a route has no policy. */
export async function createServer(needs: ServerNeeds): Promise<PosdeskServer> {
  const { settings } = needs
  const limits: Limits = { ...DEFAULT_LIMITS, ...needs.limits }
  const isHttps = settings.publicUrl?.startsWith('https:') ?? false
  const watchers = new Watchers(limits.watchersPerNetwork)
  const metrics = createMetrics(needs.store, watchers, needs.clock)
  const lag = createLagWatch()
  const lagMs = needs.lagMs ?? lag.lagMs
  const hub = new LateHub(needs.loadHub)

  const cookies = createDeskCookies(isHttps)
  const sessions = new StaffSessions(needs.store, needs.clock, needs.ids)
  const { publicUrl, opsToken } = settings
  const guards = new Guards({ web: needs.web, sessions, cookies, publicUrl, opsToken })
  const timeoutMs = limits.bodyTimeoutMs
  const readBody = createJsonReader({ maxBytes: limits.bodyBytes, maxDepth: limits.jsonDepth, timeoutMs })
  const make = new RouteMaker(guards, readBody)
  const presence = new Presence(needs.clock)
  const desk = new Desk(needs)
  const typing = createTyping()
  let isStopping = false
  const slackRoutes = (): Route[] => {
    if (needs.slack === undefined) return []
    const readRaw = createRawReader({ maxBytes: limits.pushBytes, timeoutMs })
    return createSlackRoutes(make, { ...needs, slack: needs.slack, hub: () => hub.get(), readRaw })
  }
  const wechatRoutes = (): Route[] => {
    if (needs.wechat === undefined) return []
    const take = createTakePush({
      ...needs,
      ...needs.wechat,
      hub: () => hub.get(),
      answerWithinMs: limits.wechatAnswerMs,
    })
    const readRaw = createRawReader({ maxBytes: limits.bodyBytes, timeoutMs })
    return createWechatRoutes(make, { ...needs.wechat, take, readRaw, log: needs.log })
  }
  const routes: Route[] = [
    ...createWidgetRoutes(make, {
      ...needs,
      waiting: findWaiting(needs),
      serving: findServing({ ...needs, isAt: (agent, ticket) => presence.has(agent, ticket) }),
      typing,
      limits,
      watchers,
      hub: () => hub.get(),
      isOverloaded: () => lagMs() > limits.sheddingLagMs,
    }),
    ...slackRoutes(),
    ...createDeskRoutes(make, {
      store: needs.store,
      clock: needs.clock,
      sessions,
      cookies,
      logIn: new LogIn({ ...needs, sessions }),
    }),
    ...createDeskActRoutes(make, { ...needs, presence, typing, desk }),
    ...createPictureRoutes(make, {
      ...needs,
      limits,
      desk,
      readUpload: createUploadReader({ maxBytes: limits.uploadBytes }),
    }),
    ...createDeskStaffRoutes(make, { ...needs, directory: new StaffDirectory(needs) }),
    ...createDeskExportRoutes(make, { ...needs, limits }),
    ...createDeskViewRoutes(make, needs),
    createDeskEventsRoute(make, {
      ...needs,
      limits,
      watchers,
      presence,
      typing,
      isLoggedIn: (request) => guards.isLoggedIn(request),
    }),
    ...wechatRoutes(),
    ...createHealthRoutes(make, {
      store: needs.store,
      metrics,
      isServing: () => hub.isLoaded && !isStopping,
      describeApi: () => (description ??= describeApi(apiOf(routes), needs.version)),
    }),
    ...(await createPageRoutes(make, needs.assetsDir, settings.allowedOrigins)),
  ]
  let description: string | undefined

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('trust proxy', settings.trustProxy)
  app.use(secureHeaders(isHttps))
  app.use((request, response, next) => {
    // Tells kept-alive clients to go before the sockets are taken away.
    if (isStopping) response.setHeader('Connection', 'close')
    const needsHost = request.headers.host === undefined && request.httpVersion !== '1.0'
    next(needsHost ? new AppError('invalid', 'the Host header is missing') : undefined)
  })
  mountRoutes(app, routes, { ids: needs.ids, log: needs.log, metrics })

  const server = createHttpServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.connectionsCheckMs,
      keepAliveTimeout: limits.keepAliveMs,
      // Refused above, as a problem and with all headers.
      requireHostHeader: false,
    },
    app,
  )
  server.maxHeadersCount = limits.headerCount
  server.maxConnections = limits.connections
  const drain = prepareDrain(server)
  server.on('clientError', (error, socket) => answerUnparsed(error, socket, needs.ids.id()))

  return {
    routes,
    async listen() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(settings.port, settings.host, () => {
          server.off('error', reject)
          resolve()
        })
      }).catch((error: unknown) => {
        throw new AppError('unavailable', `cannot listen on ${settings.host}:${settings.port}`, {
          cause: error,
        })
      })
      // Loading the hub holds up the event loop once: that is no overload, and nobody is sent away for it.
      return { url: urlOf(server), ready: hub.load().then(lag.start) }
    },
    async close(graceMs) {
      isStopping = true
      lag.stop()
      const drained = drain(graceMs)
      watchers.stopAll()
      await drained
    },
  }
}

/** Routes of the API, without the browser's files. */
function apiOf(routes: readonly Route[]): Route[] {
  const types = /^(?:(?:application|text)\/(?:json|event-stream|plain)|image\/\*)$/
  return routes.filter(({ answer, path }) => path.startsWith('/desk/v1/') || types.test(answer.type))
}

function answerUnparsed(error: Error, socket: Duplex, requestId: string): void {
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) {
    socket.destroy()
    return
  }
  const code = 'code' in error ? error.code : undefined
  const failure =
    code === 'HPE_HEADER_OVERFLOW'
      ? new RequestError('headers_too_large', 'the headers are too large')
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new RequestError('timeout', 'the request took too long to arrive')
        : new AppError('invalid', 'the request is not valid HTTP')
  const { status, body } = toProblem(failure, requestId)
  const text = JSON.stringify(body)
  const headers = {
    ...BARE_HEADERS,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    Connection: 'close',
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${text}`)
}

function urlOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new AppError('internal', 'the server has no port')
  return `http://${hostForUrl(address)}:${address.port}`
}

function hostForUrl({ address, family }: AddressInfo): string {
  if (address === '::' || address === '0.0.0.0') return 'localhost'
  return family === 'IPv6' ? `[${address}]` : address
}
