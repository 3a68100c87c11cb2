import type { ChatPostMessageArguments, WebClient } from '@slack/web-api'
import type { SendOutcome } from '../../core/outbox.ts'
import type { AttachmentStore } from '../../app/picture-ports.ts'
import type { Bus, Clock } from '../../app/ports.ts'
import type { SlackChannel } from '../../app/slack-channel.ts'
import type { Conversation } from '../../core/conversation.ts'
import type { Attachment, TranscriptLine } from '../../core/transcript.ts'
import { createSlackClient } from './client.ts'
import { fetchFile, uploadPictures } from './files.ts'
import { type Failure, failureOf } from './outcome.ts'
import { renderNotice } from './notice.ts'
import { Pace } from './pace.ts'
import { parseClick, parseEvent, targetOf } from './parse.ts'
import { renderAnswered, renderComment, renderLine, renderPlain, type SlackText } from './render.ts'
import { checkFreshness, verifySlack } from './verify.ts'

export type SlackChannelOptions = {
  readonly signingSecret: string
  readonly botToken: string
  /** Scheme, host and port of the Web API; Slack's own when absent. */
  readonly apiBase?: string
  readonly attachments: AttachmentStore
  readonly bus: Bus
  readonly clock: Clock
  /** Told of refusals that stop the whole workspace, and of buttons that could not be taken away. */
  readonly onError: (error: unknown) => void
}

/** Makes the Slack channel. */
export function createSlackChannel(options: SlackChannelOptions): SlackChannel {
  const { signingSecret, botToken, apiBase, attachments, bus, clock, onError } = options
  const client = createSlackClient(botToken, apiBase)
  const pace = new Pace()

  async function post(message: Posting): Promise<SendOutcome> {
    const { ts } = await client.chat.postMessage({ ...message, unfurl_links: false, unfurl_media: false })
    return { kind: 'sent', ...(ts === undefined ? {} : { providerMessageId: ts }) }
  }

  function fail(error: unknown): Failure {
    const failure = failureOf(error, clock.now())
    const { outcome } = failure
    if (failure.scope === 'workspace') {
      if (outcome.kind === 'retry') pace.holdAll(clock.now() + (outcome.afterMs ?? 0))
      if (outcome.kind === 'parked') {
        pace.holdAll(outcome.until ?? 0)
        onError(error)
      }
    }
    return failure
  }

  /** Takes the channel's place and sends; `plainly` is tried where Slack refuses the blocks. */
  async function inTurn(
    channel: string,
    send: () => Promise<SendOutcome>,
    plainly?: () => Promise<SendOutcome>,
  ): Promise<SendOutcome> {
    const now = clock.now()
    const waitMs = pace.notBefore(channel) - now
    if (waitMs > 0) return { kind: 'retry', afterMs: waitMs, reason: 'rate' }
    pace.take(channel, now)
    try {
      return await send()
    } catch (error) {
      const { outcome, isContent } = fail(error)
      if (!isContent || plainly === undefined) return outcome
    }
    try {
      return await plainly()
    } catch (error) {
      return fail(error).outcome
    }
  }

  function sendText(place: Place, line: TranscriptLine): Promise<SendOutcome> {
    return inTurn(
      place.channel,
      () => post({ ...place, ...renderLine(line) }),
      () => post({ ...place, ...renderPlain(line) }),
    )
  }

  /** Pictures with their words as one message of Slack's. Uploading shows nothing yet: only the last call does. */
  async function showPictures(
    { channel, thread_ts: thread }: Place,
    line: TranscriptLine,
    pictures: readonly Attachment[],
  ): Promise<SendOutcome> {
    const uploaded = await uploadPictures(client, pictures, { attachments, now: clock.now() })
    if (!('files' in uploaded)) return uploaded
    const comment = renderComment(line)
    const place = thread === undefined ? { channel_id: channel } : { channel_id: channel, thread_ts: thread }
    await client.files.completeUploadExternal({
      ...place,
      files: [...uploaded.files],
      ...(comment === undefined ? {} : { initial_comment: comment }),
    })
    return { kind: 'sent' }
  }

  return {
    name: 'slack',
    async deliver(address, lines) {
      bus.publish({ address, lastSeq: lines.at(-1)?.seq ?? 0 })
    },
    send(conversation, line) {
      const place = placeOf(conversation, line)
      const pictures = (line.attachments ?? []).filter(({ removed }) => removed !== true)
      return pictures.length === 0
        ? sendText(place, line)
        : inTurn(place.channel, () => showPictures(place, line, pictures))
    },
    fetchPicture: (address) => fetchFile(address, { token: botToken, apiBase }),
    postNotice: (channel, notice) => inTurn(channel, () => post({ channel, ...renderNotice(notice) })),
    // Threads of one channel share its pace.
    notBefore: (address) => pace.notBefore(targetOf(address).channel),
    checkFreshness: ({ timestamp }) => checkFreshness(timestamp, clock.now()),
    verify: (signature, body) => verifySlack(signingSecret, signature, body, clock.now()),
    parseEvent,
    parseClick,
    closeChoices: (conversation, line, note) => closeChoices(client, conversation, line, { note, onError }),
  }
}

async function closeChoices(
  client: WebClient,
  conversation: Conversation,
  line: TranscriptLine,
  { note, onError }: { readonly note: string | undefined; readonly onError: (error: unknown) => void },
): Promise<void> {
  const ts = conversation.outbox?.find(({ seq }) => seq === line.seq)?.providerMessageId
  if (ts === undefined || line.choices === undefined) return
  try {
    await client.chat.update({ channel: targetOf(conversation).channel, ts, ...renderAnswered(line, note) })
  } catch (error) {
    onError(error)
  }
}

type Place = Pick<ChatPostMessageArguments, 'metadata'> & {
  readonly channel: string
  readonly thread_ts?: string
}
type Posting = Place & SlackText

function placeOf(conversation: Conversation, { seq }: TranscriptLine): Place {
  const { channel, thread } = targetOf(conversation)
  return {
    channel,
    ...(thread === undefined ? {} : { thread_ts: thread }),
    // By this a person can tell a message that arrived twice from one that was written twice.
    metadata: { event_type: 'helpdesk_out', event_payload: { outbox_id: `${conversation.id}:${seq}` } },
  }
}
