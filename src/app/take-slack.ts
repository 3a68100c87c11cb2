import type { Content } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { AppError } from '../core/errors.ts'
import type { AttachmentId } from '../core/ids.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import { keyOf } from './in-hand.ts'
import { keepPicture } from './keep-picture.ts'
import type { MessageHub } from './message-hub.ts'
import type { InboundMessage } from './channel-ports.ts'
import type { SavePicture } from './picture-ports.ts'
import type { Store } from './ports.ts'
import type { SlackChannel, SlackClick } from './slack-channel.ts'

export type TakeSlackNeeds = {
  readonly store: Store
  readonly channel: SlackChannel
  readonly hub: () => Promise<MessageHub>
  readonly content: () => Pick<Content, 'replies'>
  readonly savePicture: SavePicture
}

/** Pictures of one message that are fetched; Slack waits three seconds for all of it. */
const MOST_PICTURES = 4

/**
 * The use cases for what Slack pushes. Both resolve once all of it is stored, and reject with `unavailable` or
 * `too_many` when it is not, so that Slack pushes it again; a copy changes nothing. Answers go out by the outbox.
 */
export class TakeSlack {
  readonly #needs: TakeSlackNeeds
  readonly #clicks = new Map<string, Promise<void>>()

  constructor(needs: TakeSlackNeeds) {
    this.#needs = needs
  }

  /** Takes a message with its pictures; buttons of the question it answered go away. */
  async message(message: InboundMessage, pictures: readonly string[]): Promise<void> {
    const hub = await this.#needs.hub()
    const shown = await this.#withPictures(message, pictures)
    const { conversation, seq, repeated } = await hub.receive(shown)
    if (repeated) return
    const asked = conversation.transcript.findLast((line) => line.seq < seq && line.choices !== undefined)
    if (asked !== undefined && !isOpen(conversation, asked)) this.#close(conversation, asked, undefined)
  }

  /** The message with what could be fetched of its pictures. */
  async #withPictures(message: InboundMessage, pictures: readonly string[]): Promise<InboundMessage> {
    const { store, channel, savePicture } = this.#needs
    const { address, dedupeKey, content } = message
    if (pictures.length === 0) return message
    const current = await store.findCurrent(address)
    if (current?.dedupe.some(({ key }) => key === dedupeKey) === true) return message
    const fetched = await Promise.all(
      pictures.slice(0, MOST_PICTURES).map((picture) => channel.fetchPicture(picture)),
    )
    const attachmentIds: AttachmentId[] = []
    for (const bytes of fetched) {
      const id = bytes && (await keepPicture(savePicture, address, bytes))
      if (id !== undefined) attachmentIds.push(id)
    }
    if (attachmentIds.length === 0) return message
    const text = content.kind === 'text' ? content.text : ''
    return { ...message, content: { kind: 'text', text, attachmentIds } }
  }

  /**
   * Takes a press of a button. Presses of one merchant are taken in order, so that the second tap of a hasty finger
   * finds the question answered and is told so.
   */
  async click(click: SlackClick): Promise<void> {
    const key = keyOf(click.address)
    const before = this.#clicks.get(key) ?? Promise.resolve()
    const work = before.catch(() => undefined).then(() => this.#click(click))
    this.#clicks.set(key, work)
    try {
      await work
    } finally {
      if (this.#clicks.get(key) === work) this.#clicks.delete(key)
    }
  }

  async #click(click: SlackClick): Promise<void> {
    const { store, hub } = this.#needs
    const current = await store.findCurrent(click.address)
    if (current === undefined || current.dedupe.some(({ key }) => key === click.dedupeKey)) return
    const asked = questionOf(current, click)
    const choice = asked?.choices?.find(({ id }) => id === click.choiceId)
    if (asked === undefined || choice === undefined) return
    if (!isOpen(current, asked)) {
      this.#closeAnswered(current, asked)
      return
    }
    const { address, dedupeKey } = click
    const content = { kind: 'choice', id: choice.id, promptSeq: asked.seq } as const
    try {
      const { conversation } = await (await hub()).receive({ address, dedupeKey, content })
      this.#close(conversation, asked, `✓ ${choice.label}`)
    } catch (error) {
      // The talk has ended meanwhile: the question went with it.
      if (!(error instanceof AppError) || error.code !== 'invalid') throw error
      this.#closeAnswered(current, asked)
    }
  }

  #closeAnswered(conversation: Conversation, line: TranscriptLine): void {
    this.#close(conversation, line, this.#needs.content().replies.choice_answered)
  }

  /** Slack waits three seconds for its answer: the buttons go away beside it. */
  #close(conversation: Conversation, line: TranscriptLine, note: string | undefined): void {
    void this.#needs.channel.closeChoices(conversation, line, note)
  }
}

/** The line whose button was pressed: as the button says, or by Slack's id of the message. */
function questionOf(conversation: Conversation, click: SlackClick): TranscriptLine | undefined {
  const seq =
    click.promptSeq ??
    conversation.outbox?.find(({ providerMessageId }) => providerMessageId === click.messageId)?.seq
  return conversation.transcript.find((line) => line.seq === seq)
}

function isOpen({ dialogue }: Conversation, { seq }: TranscriptLine): boolean {
  return dialogue.offered?.seq === seq
}
