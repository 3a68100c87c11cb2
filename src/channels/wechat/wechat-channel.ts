import type { AttachmentStore } from '../../app/picture-ports.ts'
import type { SendOutcome } from '../../core/outbox.ts'
import type { Bus, Clock } from '../../app/ports.ts'
import type { WechatChannel } from '../../app/wechat-channel.ts'
import type { Content } from '../../core/content.ts'
import type { Conversation } from '../../core/conversation.ts'
import { mayBotPush } from '../../core/quota.ts'
import type { TranscriptLine } from '../../core/transcript.ts'
import { WechatApi, type ApiResult, type WechatApiOptions } from './api.ts'
import { type EnvelopeSettings, WechatEnvelope } from './envelope.ts'
import { CHANNEL_PAUSE_MS, policyOf } from './errcodes.ts'
import { outcomeOf } from './outcome.ts'
import { parsePush } from './parse.ts'
import { type Message, prepareMessages } from './prepare.ts'
import { bytesOf, MAX_MESSAGE_BYTES, renderLines, splitText } from './render.ts'
import { cdata, readXmlFields } from './xml.ts'

export type WechatChannelOptions = EnvelopeSettings &
  Omit<WechatApiOptions, 'clock'> & {
    /** Makes the merchants' keys of their openids; from `store.secret`. */
    readonly keySecret: string
    readonly clock: Clock
    readonly bus: Bus
    readonly content: () => Pick<Content, 'replies'>
    readonly attachments: AttachmentStore
    /** Told what a human must mend: the account's settings or our code. Codes only. */
    readonly onAlert: (alert: { readonly errcode: number; readonly reason: string }) => void
  }

/** Makes the channel of one official account. */
export function createWechatChannel(options: WechatChannelOptions): WechatChannel {
  return new OfficialAccount(options)
}

class OfficialAccount implements WechatChannel {
  readonly name = 'wechat'
  readonly #options: WechatChannelOptions
  readonly #envelope: WechatEnvelope
  readonly #api: WechatApi
  /** While the account or this server may not send, nothing is tried. */
  #pause: { readonly until: number; readonly outcome: SendOutcome } | undefined

  constructor(options: WechatChannelOptions) {
    this.#options = options
    this.#envelope = new WechatEnvelope(options)
    this.#api = new WechatApi(options)
  }

  checkAddress: WechatChannel['checkAddress'] = (query) => {
    this.#envelope.checkAddress(query, this.#now)
  }

  open: WechatChannel['open'] = (query, body) => {
    const opened = this.#envelope.open(query, body, this.#now)
    const { account, ...push } = parsePush(readXmlFields(opened.xml), this.#options.keySecret)
    return {
      push,
      renderAnswer: (text) => {
        const now = this.#now
        const xml = answerXml({ to: push.contact.reach, from: account, text, now })
        return this.#envelope.seal(xml, opened, query.nonce, now)
      },
    }
  }

  renderLines: WechatChannel['renderLines'] = (conversation, lines) =>
    renderLines(conversation, lines, this.#options.content().replies.choose_number)

  countFitting: WechatChannel['countFitting'] = (conversation, lines) => {
    let count = lines.length
    while (count > 0 && !this.#fits(conversation, lines.slice(0, count))) count -= 1
    return count
  }

  deliver: WechatChannel['deliver'] = async (address, lines) => {
    this.#options.bus.publish({ address, lastSeq: lines.at(-1)?.seq ?? 0 })
  }

  async send(conversation: Conversation, line: TranscriptLine): Promise<SendOutcome> {
    const { reach, quota } = conversation
    const now = this.#now
    if (reach === undefined) return { kind: 'failed', reason: 'unsubscribed' }
    if (line.author !== 'agent' && !mayBotPush(quota, now))
      return { kind: 'parked', reason: 'kept_for_staff' }
    if (this.#pause !== undefined && this.#pause.until > now) return this.#pause.outcome
    const prepared = await prepareMessages(
      splitText(this.renderLines(conversation, [line])),
      line.attachments ?? [],
      {
        api: this.#api,
        attachments: this.#options.attachments,
        outcomeOf: (result) => this.#outcomeOf(result),
      },
    )
    return 'outcome' in prepared ? prepared.outcome : this.#sendMessages(reach, prepared.messages)
  }

  fetchPicture: WechatChannel['fetchPicture'] = async (mediaId) => {
    const result = await this.#api.getMedia(mediaId)
    return result.kind === 'bytes' ? result.bytes : undefined
  }

  showTyping: WechatChannel['showTyping'] = async ({ reach }) => {
    await this.#api.showTyping(reach)
  }

  async #sendMessages(reach: string, messages: readonly Message[]): Promise<SendOutcome> {
    for (const [index, message] of messages.entries()) {
      const outcome = this.#outcomeOf(
        message.kind === 'text'
          ? await this.#api.sendText(reach, message.text)
          : await this.#api.sendPicture(reach, message.mediaId),
      )
      if (outcome.kind === 'sent') continue
      // To send the rest later would say the beginning twice.
      return index === 0 ? outcome : { kind: 'unknown', reason: 'partly_sent' }
    }
    return { kind: 'sent', messages: messages.length }
  }

  #outcomeOf(result: ApiResult): SendOutcome {
    const outcome = outcomeOf(result, this.#now)
    this.#heed(result, outcome)
    return outcome
  }

  #heed(result: ApiResult, outcome: SendOutcome): void {
    if (result.kind !== 'refused') return
    const { alerts, stopsChannel, action, reason } = policyOf(result.errcode)
    if (stopsChannel === true) this.#pause = { until: this.#now + CHANNEL_PAUSE_MS, outcome }
    // A token refused twice in a row is not one that ran out.
    if (alerts === true || action === 'token') this.#options.onAlert({ errcode: result.errcode, reason })
  }

  #fits(conversation: Conversation, lines: readonly TranscriptLine[]): boolean {
    return bytesOf(this.renderLines(conversation, lines)) <= MAX_MESSAGE_BYTES
  }

  get #now(): number {
    return this.#options.clock.now()
  }
}

function answerXml(answer: { to: string; from: string; text: string; now: number }): string {
  return (
    `<xml><ToUserName>${cdata(answer.to)}</ToUserName><FromUserName>${cdata(answer.from)}</FromUserName>` +
    `<CreateTime>${Math.floor(answer.now / 1000)}</CreateTime><MsgType>${cdata('text')}</MsgType>` +
    `<Content>${cdata(answer.text)}</Content></xml>`
  )
}
