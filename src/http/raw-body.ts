import express, { type Request, type Response } from 'express'
import { AppError } from '../core/errors.ts'
import { RequestError } from './request-error.ts'

export type ReadRaw = (request: Request, response: Response) => Promise<Buffer>

/**
 * Makes the reader of bodies as they came: at most `maxBytes`, not compressed, whole within `timeoutMs`. Rejects with
 * `invalid`.
 */
export function createRawReader({
  maxBytes,
  timeoutMs,
}: {
  readonly maxBytes: number
  readonly timeoutMs: number
}): ReadRaw {
  const readRaw = express.raw({ limit: maxBytes, type: () => true, inflate: false })
  return (request, response) => inTime(readBytes(readRaw, request, response), request, response, timeoutMs)
}

function readBytes(
  readRaw: ReturnType<typeof express.raw>,
  request: Request,
  response: Response,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    readRaw(request, response, (failure: unknown) => {
      if (failure !== undefined) reject(asRequestError(failure))
      else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))
    })
  })
}

/** Who sends the body too slowly is cut off with a word: the server's own patience is that of uploads. */
async function inTime(
  reading: Promise<Buffer>,
  request: Request,
  response: Response,
  timeoutMs: number,
): Promise<Buffer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      response.setHeader('Connection', 'close')
      response.once('finish', () => request.destroy())
      reject(new RequestError('timeout', 'the request took too long to arrive'))
    }, timeoutMs)
  })
  try {
    return await Promise.race([reading, late])
  } finally {
    clearTimeout(timer)
  }
}

/** body-parser tells its failures apart by `type`. */
function asRequestError(failure: unknown): unknown {
  const type = typeof failure === 'object' && failure !== null && 'type' in failure ? failure.type : undefined
  switch (type) {
    case 'entity.too.large':
      return new RequestError('too_large', 'the body is too large')
    case 'encoding.unsupported':
      return new RequestError('wrong_type', 'compressed bodies are not taken')
    case 'request.aborted':
    case 'request.size.invalid':
      return new AppError('invalid', 'the body ended before its announced length')
    default:
      return failure
  }
}
