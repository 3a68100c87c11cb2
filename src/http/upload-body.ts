import { Busboy } from '@fastify/busboy'
import type { Request } from 'express'
import { AppError } from '../core/errors.ts'
import { RequestError } from './request-error.ts'

/** The bytes of the one file in a form. */
export type ReadUpload = (request: Request) => Promise<Uint8Array>

/** What a form holds around its file: borders and a few lines of head. */
const AROUND_BYTES = 8 * 1024

/**
 * Makes the reader of uploads: a form with one file of at most `maxBytes` and nothing else. What is too large is
 * refused as soon as it is seen, and the rest of it is thrown away as it comes. Rejects with `invalid`.
 */
export function createUploadReader({ maxBytes }: { readonly maxBytes: number }): ReadUpload {
  return (request) => {
    const type = request.headers['content-type'] ?? ''
    if (!/^multipart\/form-data\s*;/i.test(type) || request.headers['content-encoding'] !== undefined) {
      return refused(
        request,
        new RequestError('wrong_type', 'the body must be multipart/form-data with a file'),
      )
    }
    if (Number(request.headers['content-length'] ?? 0) > maxBytes + AROUND_BYTES) {
      return refused(request, tooLarge(maxBytes))
    }
    return readFile(request, type, maxBytes)
  }
}

/** Nobody will read it: let it pass, so that the sender gets the answer and the connection stays usable. */
function refused(request: Request, error: AppError): Promise<never> {
  request.resume()
  return Promise.reject(error)
}

function readFile(request: Request, type: string, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let hasFile = false
    const fail = (error: AppError): void => {
      request.unpipe()
      request.resume()
      reject(error)
    }
    const unreadable = (): void => fail(new AppError('invalid', 'the form cannot be read'))
    const form = parserOf(type, maxBytes)
    if (form === undefined) {
      unreadable()
      return
    }
    form.on('file', (_field, file) => {
      hasFile = true
      file.on('data', (chunk: Buffer) => chunks.push(chunk))
      file.on('limit', () => fail(tooLarge(maxBytes)))
      file.on('error', unreadable)
    })
    form.on('field', () => fail(new AppError('invalid', 'the form must hold a file and nothing else')))
    form.on('filesLimit', () => fail(new AppError('invalid', 'one file at a time, please')))
    form.on('error', unreadable)
    form.on('finish', () => {
      if (hasFile) resolve(Buffer.concat(chunks))
      else fail(new AppError('invalid', 'there is no file in the form'))
    })
    request.on('close', () => {
      if (!request.complete) fail(new AppError('invalid', 'the body ended before its announced length'))
    })
    request.pipe(form)
  })
}

/** The parser throws for a form without a border. */
function parserOf(type: string, maxBytes: number): InstanceType<typeof Busboy> | undefined {
  const limits = { files: 1, fields: 1, parts: 3, fileSize: maxBytes, fieldSize: 1024, headerPairs: 20 }
  try {
    return new Busboy({ headers: { 'content-type': type }, limits: { ...limits, headerSize: 4096 } })
  } catch {
    return undefined
  }
}

function tooLarge(maxBytes: number): RequestError {
  return new RequestError(
    'too_large',
    `the file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB, the most that is taken`,
  )
}
