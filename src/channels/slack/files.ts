import type { WebClient } from '@slack/web-api'
import type { AttachmentStore } from '../../app/picture-ports.ts'
import type { SendOutcome } from '../../core/outbox.ts'
import type { Attachment } from '../../core/transcript.ts'
import { readAtMost } from '../read-at-most.ts'
import { failureOf } from './outcome.ts'

/** Slack waits three seconds for its answer, and a picture is fetched before that. */
const FETCH_WITHIN_MS = 2_000
const UPLOAD_WITHIN_MS = 5_000
const MAX_PICTURE_BYTES = 10 * 1024 * 1024

/**
 * Fetches a file a merchant sent. The token goes to Slack alone: an address elsewhere is not asked. Undefined when
 * there is nothing to be had in time.
 */
export async function fetchFile(
  address: string,
  { token, apiBase }: { readonly token: string; readonly apiBase: string | undefined },
): Promise<Uint8Array | undefined> {
  if (!isOfSlack(address, apiBase)) return undefined
  try {
    const response = await fetch(address, {
      headers: { Authorization: `Bearer ${token}` },
      // Without the scope files:read Slack sends on to its log-in page.
      redirect: 'error',
      signal: AbortSignal.timeout(FETCH_WITHIN_MS),
    })
    return response.status === 200 ? await readAtMost(response, MAX_PICTURE_BYTES) : undefined
  } catch {
    return undefined
  }
}

function isOfSlack(address: string, apiBase: string | undefined): boolean {
  if (!URL.canParse(address)) return false
  const { origin, protocol, hostname } = new URL(address)
  if (apiBase !== undefined) return origin === new URL(apiBase).origin
  return protocol === 'https:' && hostname === 'files.slack.com'
}

/** Slack's ids of uploaded files, or why there are none: so far nobody has seen anything. */
export type Uploaded = { readonly files: readonly [{ id: string }, ...{ id: string }[]] } | SendOutcome

/** Uploads the pictures of a line, to be shown by `files.completeUploadExternal`. */
export async function uploadPictures(
  client: WebClient,
  pictures: readonly Attachment[],
  { attachments, now }: { readonly attachments: AttachmentStore; readonly now: number },
): Promise<Uploaded> {
  const files: { id: string }[] = []
  try {
    for (const { id } of pictures) {
      const found = await attachments.read(id)
      if (found === undefined) return { kind: 'failed', reason: 'line_missing' }
      files.push({ id: await uploadOne(client, found.data, found.attachment.mime) })
    }
  } catch (error) {
    return notUploaded(failureOf(error, now).outcome)
  }
  const [first, ...others] = files
  return first === undefined ? { kind: 'failed', reason: 'line_missing' } : { files: [first, ...others] }
}

async function uploadOne(client: WebClient, data: Uint8Array, mime: string): Promise<string> {
  const filename = `picture.${mime.replace('image/', '')}`
  const { upload_url: address, file_id: id } = await client.files.getUploadURLExternal({
    filename,
    length: data.length,
  })
  if (address === undefined || id === undefined) throw new Error('Slack gave no place to upload to')
  const signal = AbortSignal.timeout(UPLOAD_WITHIN_MS)
  const response = await fetch(address, { method: 'POST', body: new Uint8Array(data), signal })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`Slack took no upload: ${response.status}`)
  return id
}

/** An upload reaches no merchant: whatever became of it, the line surely was not sent. */
function notUploaded(outcome: SendOutcome): SendOutcome {
  switch (outcome.kind) {
    case 'unknown':
    case 'sent':
      return { kind: 'retry', reason: 'network' }
    case 'parked':
      // Text still goes out: what is missing is the scope files:write.
      return { kind: 'failed', reason: 'no_permission' }
    case 'retry':
    case 'failed':
      return outcome
  }
}
