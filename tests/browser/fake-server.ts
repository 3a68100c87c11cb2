import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { FakeConversation, GREETING } from './fake-conversation.ts'

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; frame-src 'self'"
const FILES = new Map([
  ['/', 'shop.html'],
  ['/chat', 'chat.html'],
  ['/panel.js', 'panel.js'],
  ['/panel.css', 'panel.css'],
  ['/widget.js', 'widget.js'],
  ['/assets/shop.css', 'shop.css'],
  ['/assets/icon.svg', 'icon.svg'],
])
const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

const Session = z.strictObject({ locale: z.string().optional(), identityToken: z.string().optional() })
const Message = z.union([
  z.strictObject({ clientMsgId: z.string().min(1), text: z.string().min(1).max(4_000) }),
  z.strictObject({
    clientMsgId: z.string().min(1),
    choice: z.strictObject({ id: z.string(), promptSeq: z.number() }),
  }),
])

type Refusal = {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly retryAfter?: number
}

/**
 * The merchant side of the contract in memory, with switches for what can go wrong on the way. What it has accepted
 * it never forgets, through restarts too: `conversations` is the truth the browser is compared with.
 */
export class FakeServer {
  readonly conversations: FakeConversation[] = []
  /** Answers that are dropped after the message was accepted: the connection is cut instead. */
  loseAnswers = 0
  /** Refuses this many message posts. */
  refusePosts: { left: number; with: Refusal } | undefined
  /** Cuts each new stream at once. */
  breaksStreams = false
  /** While true, messages are taken but their answers are kept back; `releaseAnswers` sends them. */
  holdsAnswers = false
  /** Every request, `METHOD path`. */
  readonly requests: string[] = []
  readonly #assets: string
  readonly #byToken = new Map<string, FakeConversation>()
  readonly #sockets = new Set<Socket>()
  readonly #streams = new Set<ServerResponse>()
  readonly #heldAnswers: (() => void)[] = []
  #server: Server | undefined
  #port = 0

  constructor(assets: string) {
    this.#assets = assets
  }

  get origin(): string {
    return `http://127.0.0.1:${String(this.#port)}`
  }

  get conversation(): FakeConversation {
    const newest = this.conversations[this.conversations.length - 1]
    if (newest === undefined) throw new Error('no merchant has opened a session yet')
    return newest
  }

  get streamCount(): number {
    return this.#streams.size
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response))
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = portOf(server.address())
    this.#server = server
  }

  /** Kills every connection at once, as a crash does. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    const closed = new Promise<void>((resolve) =>
      server === undefined ? resolve() : server.close(() => resolve()),
    )
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** Cuts every connection, and goes on. Gives how many there were. */
  cutConnections(): number {
    const cut = this.#sockets.size
    for (const socket of this.#sockets) socket.destroy()
    return cut
  }

  releaseAnswers(): void {
    this.holdsAnswers = false
    for (const answer of this.#heldAnswers.splice(0)) answer()
  }

  forgetSessions(): void {
    this.#byToken.clear()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin)
    const route = `${request.method ?? ''} ${url.pathname}`
    this.requests.push(route)
    response.setHeader('Content-Security-Policy', CSP)
    if (route === 'POST /widget/v1/session') return this.#openSession(request, response)
    if (url.pathname.startsWith('/widget/v1/')) {
      const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
      const conversation = this.#byToken.get(token)
      if (conversation === undefined)
        return refuse(response, { status: 401, code: 'unauthorized', detail: '会话已失效' })
      if (route === 'POST /widget/v1/messages') return this.#post(request, response, conversation)
      if (route === 'GET /widget/v1/messages') return this.#read(url, response, conversation)
      if (route === 'GET /widget/v1/stream') return this.#stream(request, response, conversation)
    }
    return this.#file(url.pathname, response)
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const name = FILES.get(path)
    if (name === undefined) return refuse(response, { status: 404, code: 'not_found', detail: path })
    response.setHeader('Content-Type', TYPES[name.split('.').pop() ?? ''] ?? '')
    response.end(await readFile(join(this.#assets, name)))
  }

  async #openSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!Session.safeParse(await readJson(request)).success)
      return refuse(response, { status: 400, code: 'invalid', detail: 'body' })
    const conversation = new FakeConversation()
    const sessionToken = randomBytes(32).toString('hex')
    this.conversations.push(conversation)
    this.#byToken.set(sessionToken, conversation)
    const conversationId = `conversation-${String(this.conversations.length)}`
    json(response, 201, { sessionToken, conversationId, lastSeq: 0, config: { greeting: GREETING } })
  }

  async #post(
    request: IncomingMessage,
    response: ServerResponse,
    conversation: FakeConversation,
  ): Promise<void> {
    const message = Message.safeParse(await readJson(request))
    if (this.refusePosts !== undefined && this.refusePosts.left > 0) {
      this.refusePosts.left -= 1
      return refuse(response, this.refusePosts.with)
    }
    if (!message.success) return refuse(response, { status: 400, code: 'invalid', detail: '消息格式不对' })
    const { clientMsgId, ...words } = message.data
    const seq = conversation.receive(clientMsgId, words)
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1
      response.destroy()
      return
    }
    const answer = () => json(response, 200, { seq })
    if (this.holdsAnswers) this.#heldAnswers.push(answer)
    else answer()
  }

  async #read(url: URL, response: ServerResponse, conversation: FakeConversation): Promise<void> {
    const after = Number(url.searchParams.get('after'))
    const limit = Number(url.searchParams.get('limit'))
    const waitMs = Number(url.searchParams.get('wait') ?? '0') * 1_000
    if (conversation.lastSeq <= after && waitMs > 0) await news(conversation, response, waitMs)
    const messages = conversation.lines.filter((line) => line.seq > after).slice(0, limit)
    json(response, 200, { messages, lastSeq: conversation.lastSeq, ...conversation.status })
  }

  #stream(request: IncomingMessage, response: ServerResponse, conversation: FakeConversation): void {
    if (this.breaksStreams) return void response.destroy()
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
    })
    response.write('retry: 3000\n\n')
    this.#streams.add(response)
    let sent = Number(request.headers['last-event-id'] ?? '0')
    const flush = () => {
      for (const line of conversation.lines.slice(sent)) {
        response.write(`id: ${String(line.seq)}\nevent: message\ndata: ${JSON.stringify(line)}\n\n`)
        sent = line.seq
      }
    }
    const tellStatus = () => response.write(`event: status\ndata: ${JSON.stringify(conversation.status)}\n\n`)
    const tellTyping = () => response.write('event: typing\ndata: {}\n\n')
    flush()
    tellStatus()
    conversation.on('line', flush).on('status', tellStatus).on('typing', tellTyping)
    const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), 15_000)
    response.on('close', () => {
      clearInterval(heartbeat)
      conversation.off('line', flush).off('status', tellStatus).off('typing', tellTyping)
      this.#streams.delete(response)
    })
  }
}

function news(conversation: FakeConversation, response: ServerResponse, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      conversation.off('line', done).off('status', done)
      resolve()
    }
    const timer = setTimeout(done, waitMs)
    conversation.on('line', done).on('status', done)
    response.on('close', done)
  })
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the fake server has no port')
  return address.port
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

function refuse(response: ServerResponse, { status, code, detail, retryAfter }: Refusal): void {
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter))
  response.writeHead(status, { 'Content-Type': 'application/problem+json' })
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, detail, code, requestId: 'r' }))
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
