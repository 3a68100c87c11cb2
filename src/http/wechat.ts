import type { Request, Response } from 'express'
import type { Log } from '../app/log.ts'
import type { PushAnswer, TakePush } from '../app/take-push.ts'
import type { WechatChannel, WechatQuery } from '../app/wechat-channel.ts'
import { AppError } from '../core/errors.ts'
import type { ReadRaw } from './raw-body.ts'
import type { Route, RouteMaker } from './route.ts'

/** What WeChat takes for “received, nothing to show”. */
const RECEIVED = 'success'
const PATH = '/channels/wechat'

export type WechatNeeds = {
  readonly channel: WechatChannel
  readonly take: TakePush
  readonly readRaw: ReadRaw
  readonly log: Log
}

/** Where WeChat calls: contract.md §4. */
export function createWechatRoutes(make: RouteMaker, needs: WechatNeeds): Route[] {
  const { channel, take, readRaw, log } = needs
  const answer = { status: 200, type: 'text/plain' }

  const check = make.forProvider(
    { method: 'get', path: PATH, summary: 'WeChat checks that this address is ours', answer },
    async ({ request, response }) => {
      channel.checkAddress(queryOf(request))
      await end(response, 200, 'text/plain', textOf(request, 'echostr') ?? '')
      return 'sent'
    },
  )

  const push = make.forProvider(
    { method: 'post', path: PATH, summary: 'WeChat pushes what a merchant wrote or did', answer },
    async ({ request, response, requestId }) => {
      let isOpen = true
      response.once('close', () => (isOpen = false))
      const body = (await readRaw(request, response)).toString('utf8')
      const opened = channel.open(queryOf(request), body)
      let answered: PushAnswer | undefined
      try {
        answered = await take(opened.push, () => isOpen)
      } catch (error) {
        await refuse(response, error, (fields) => log.error('wechat.push_failed', { ...fields, requestId }))
        return 'sent'
      }
      if (answered === undefined) {
        await end(response, 200, 'text/plain', RECEIVED)
        return 'sent'
      }
      const wasWritten = await end(response, 200, 'application/xml', opened.renderAnswer(answered.text))
      await answered
        .done(wasWritten)
        .catch((error: unknown) => log.error('wechat.outcome_not_stored', { error, requestId }))
      return 'sent'
    },
  )

  return [check, push]
}

/** An empty refusal: WeChat pushes the message again, and would show the merchant any other text as a failure. */
async function refuse(
  response: Response,
  error: unknown,
  report: (fields: { error: unknown }) => void,
): Promise<void> {
  const code = error instanceof AppError ? error.code : 'internal'
  report({ error })
  await end(response, code === 'unavailable' || code === 'too_many' ? 503 : 500, 'text/plain', '')
}

/** Ends a response; resolves to whether all of it was handed to a connection that still stood. */
function end(response: Response, status: number, type: string, text: string): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false)
  return new Promise((resolve) => {
    response.once('finish', () => resolve(true))
    response.once('close', () => resolve(false))
    response.writeHead(status, {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Length': Buffer.byteLength(text),
    })
    response.end(text)
  })
}

function queryOf(request: Request): WechatQuery {
  const [timestamp, nonce] = [textOf(request, 'timestamp'), textOf(request, 'nonce')]
  if (timestamp === undefined || nonce === undefined) {
    throw new AppError('forbidden', 'the signature is missing or wrong')
  }
  return {
    timestamp,
    nonce,
    signature: textOf(request, 'signature'),
    msgSignature: textOf(request, 'msg_signature'),
    encryptType: textOf(request, 'encrypt_type'),
  }
}

/** A value of the query that stands there once; twice, it is nothing. */
function textOf(request: Request, name: string): string | undefined {
  const value = request.query[name]
  return typeof value === 'string' ? value : undefined
}
