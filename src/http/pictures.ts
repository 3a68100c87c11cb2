import type { Response } from 'express'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Desk } from '../app/desk.ts'
import { PictureError } from '../app/picture-error.ts'
import { type Clock, ROLES, type Store } from '../app/ports.ts'
import type { SavePicture } from '../app/picture-ports.ts'
import { readOwnPicture, readPictureAsStaff, type ReadPicture } from '../app/read-picture.ts'
import type { Attachment } from '../core/transcript.ts'
import { admit } from './admit.ts'
import { Gate } from './gate.ts'
import type { Limits } from './limits.ts'
import { networkOf } from './network.ts'
import { RequestError } from './request-error.ts'
import { type Answer, type Exchange, Nothing, type Route, type RouteMaker } from './route.ts'
import { AttachmentAnswer } from './widget-schema.ts'
import type { ReadUpload } from './upload-body.ts'

export type PictureNeeds = {
  readonly store: Store
  readonly clock: Clock
  readonly savePicture: SavePicture
  readonly desk: Desk
  readonly readUpload: ReadUpload
  readonly limits: Limits
}

const EXTENSIONS = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' } as const

/** Pictures, brought and looked at: contract.md §2 and §3. */
export function createPictureRoutes(make: RouteMaker, needs: PictureNeeds): Route[] {
  const { store, desk, limits } = needs
  const uploads = new RateLimiterMemory({ points: limits.uploadsPerMinute, duration: 60 })
  const arriving = new Gate(limits.uploadsAtOnce, limits.uploadsAtOncePerNetwork)
  const leaving = new Gate(limits.picturesAtOnce, limits.picturesAtOncePerNetwork)
  const brought = { status: 201, type: 'application/json', schema: AttachmentAnswer }
  const shown = { status: 200, type: 'image/*' }

  /** Reads the file of a form and keeps it; the network's limits come before the first byte. */
  async function take(
    { request }: Exchange,
    keep: (bytes: Uint8Array) => Promise<Attachment>,
  ): Promise<Answer> {
    const network = networkOf(request)
    await admit(uploads, network, 'too many pictures from this address')
    const { id, mime, width, height } = await arriving.run(network, async () =>
      keep(await needs.readUpload(request)).catch(asRequestError),
    )
    return { status: 201, json: { attachmentId: id, mime, width, height } }
  }

  const upload = make.uploadForSession(
    {
      path: '/widget/v1/attachments',
      summary: 'Takes one JPEG, PNG or WebP picture; a message then names its attachmentId',
      answer: brought,
    },
    (exchange, session) => take(exchange, (bytes) => needs.savePicture(session.address, bytes)),
  )

  const look = make.forSession(
    {
      method: 'get',
      path: '/widget/v1/attachments/:id',
      summary: 'Shows a picture of the session’s own talk',
      body: Nothing,
      query: Nothing,
      answer: shown,
    },
    ({ request, response }, session) =>
      leaving.run(networkOf(request), async () =>
        sendPicture(response, await readOwnPicture(store, session.address, String(request.params['id']))),
      ),
  )

  const uploadAsStaff = make.uploadForStaff(
    ROLES,
    {
      path: '/desk/v1/tickets/:id/attachments',
      summary: 'Takes one picture for an answer; only from who holds the ticket',
      answer: brought,
    },
    (exchange, viewer) =>
      take(exchange, (bytes) => desk.savePicture(viewer, String(exchange.request.params['id']), bytes)),
  )

  const lookAsStaff = make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/attachments/:id',
      summary: 'Shows a picture; the look is audited',
      body: Nothing,
      query: Nothing,
      answer: shown,
    },
    ({ request, response }, viewer) =>
      leaving.run(networkOf(request), async () =>
        sendPicture(response, await readPictureAsStaff(needs, viewer, String(request.params['id']))),
      ),
  )

  const remove = make.forStaff(
    ROLES,
    {
      method: 'post',
      path: '/desk/v1/tickets/:id/attachments/:attachmentId/remove',
      summary: 'Takes a picture away that shows a card or a paper, and asks for another one',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: 'application/json', schema: Nothing },
    },
    async ({ request }, viewer) => {
      await desk.removePicture(viewer, String(request.params['id']), String(request.params['attachmentId']))
      return { status: 200, json: {} }
    },
  )

  return [upload, look, uploadAsStaff, lookAsStaff, remove]
}

/** Bytes of the wrong kind have a status of their own. */
function asRequestError(error: unknown): never {
  if (!(error instanceof PictureError) || error.fault === 'broken') throw error
  throw new RequestError(error.fault === 'type' ? 'wrong_type' : 'too_large', error.message)
}

/** Whatever the bytes were made to look like, a browser shows them as a picture or not at all. */
async function sendPicture(response: Response, { attachment, data }: ReadPicture): Promise<Answer> {
  const { id, mime } = attachment
  response.writeHead(200, {
    'Content-Type': mime,
    'Content-Length': data.length,
    'Content-Disposition': `inline; filename="${id}.${EXTENSIONS[mime]}"`,
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'Cache-Control': 'private, max-age=3600, immutable',
  })
  const sent = new Promise<void>((resolve) => response.once('close', resolve))
  response.end(response.req.method === 'HEAD' ? undefined : data)
  await sent
  return 'sent'
}
