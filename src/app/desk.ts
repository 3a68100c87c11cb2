import { addNote, reply } from '../core/desk/reply.ts'
import { removePicture } from '../core/desk/remove-picture.ts'
import type { DeskContent } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { claim, type DeskAct, handBack, release, resolve, transfer } from '../core/desk/change-hands.ts'
import { AppError } from '../core/errors.ts'
import { agentId, type AttachmentId, attachmentId, isOwnId } from '../core/ids.ts'
import { mask } from '../core/privacy/mask.ts'
import type { Attachment } from '../core/transcript.ts'
import { getConversation, getTicket } from './access.ts'
import { changeConversation } from './change-conversation.ts'
import type { AuditAction, Bus, Clock, Store, TicketRow } from './ports.ts'
import type { SavePicture } from './picture-ports.ts'
import { type SentPictures, sendPictures } from './sent-pictures.ts'
import type { Viewer } from './staff-sessions.ts'

export type DeskNeeds = {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly content: () => DeskContent
  readonly savePicture: SavePicture
}

type Decided<Result> = { readonly conversation?: Conversation; readonly result: Result }

/**
 * What staff do with tickets. Every act is one turn of the store, so that of two at once one wins; all throw
 * `not_found` for a ticket that is not there, `conflict` when it is not the caller's to act on any more.
 */
export class Desk {
  readonly #needs: DeskNeeds

  constructor(needs: DeskNeeds) {
    this.#needs = needs
  }

  /** Takes a ticket. Throws `conflict` for an old `version`, naming who was faster. */
  async claim(viewer: Viewer, id: string, version: number): Promise<TicketRow> {
    return this.#move(viewer, id, 'claim', (current, act) => claim(current, act, version))
  }

  /** Puts a ticket back into the queue; lead and admin may do it for others. */
  async release(viewer: Viewer, id: string): Promise<TicketRow> {
    return this.#move(viewer, id, 'release', (current, act) => release(current, act, movesAny(viewer)))
  }

  /** Gives a ticket to another agent; lead and admin may move any. Throws `invalid` for an agent who cannot take it. */
  async transfer(viewer: Viewer, id: string, to: string): Promise<TicketRow> {
    const staff = await this.#needs.store.listStaff()
    await getTicket(this.#needs.store, viewer, id)
    const taker = isOwnId(to) ? staff.find((one) => one.id === agentId(to)) : undefined
    if (taker === undefined || taker.disabled) {
      throw new AppError('invalid', 'agentId: there is no such agent, or the account is disabled')
    }
    return this.#move(viewer, id, 'transfer', (current, act) =>
      transfer(current, act, taker, movesAny(viewer)),
    )
  }

  async resolve(viewer: Viewer, id: string, done: { fix?: string; note?: string }): Promise<TicketRow> {
    return this.#move(viewer, id, 'resolve', (current, act) => {
      const noted =
        done.note === undefined ? current : addNote(current, act, { text: hidden(done.note) }).conversation
      return resolve(noted, act, done.fix === undefined ? undefined : hidden(done.fix))
    })
  }

  async handBack(viewer: Viewer, id: string): Promise<TicketRow> {
    return this.#move(viewer, id, 'handback', handBack)
  }

  /** Answers the merchant. Idempotent by `clientMsgId`: a copy gives the first seq again. */
  async reply(
    viewer: Viewer,
    id: string,
    said: { clientMsgId: string; text: string; attachmentIds?: readonly AttachmentId[]; epoch?: number },
  ): Promise<number> {
    const { attachments, refusal } = await this.#sendPictures(viewer, id, said.attachmentIds ?? [])
    return this.#act(viewer, id, 'reply', (current, act) => {
      const text = hidden(said.text, current)
      const key = keyOf(viewer, said.clientMsgId)
      const { conversation, seq } = reply(current, act, {
        text,
        ...(attachments.length === 0 ? {} : { attachments }),
        ...(refusal === undefined ? {} : { refusal }),
        key,
        ...(said.epoch === undefined ? {} : { epoch: said.epoch }),
      })
      return { ...(conversation === undefined ? {} : { conversation }), result: seq }
    })
  }

  /**
   * Checks and keeps a picture for an answer to this ticket. Throws `conflict` unless the caller holds it, and as
   * `SavePicture` does.
   */
  async savePicture(viewer: Viewer, id: string, bytes: Uint8Array): Promise<Attachment> {
    const { store, savePicture } = this.#needs
    const { ticket, conversationId } = await getTicket(store, viewer, id)
    if (ticket.assignee !== viewer.member.id) {
      throw new AppError('conflict', 'only who holds the ticket answers it; claim it first')
    }
    const { channel, merchantKey } = await getConversation(store, viewer, conversationId)
    return savePicture({ channel, merchantKey }, bytes, viewer.member.id)
  }

  /**
   * Takes a picture away that shows a card or a paper, for good, and asks the merchant for another one. Anyone of the
   * staff may; once more is nothing. Throws `not_found` for a picture of another talk.
   */
  async removePicture(viewer: Viewer, id: string, picture: string): Promise<void> {
    const { store } = this.#needs
    const { conversationId } = await getTicket(store, viewer, id)
    const talk = await getConversation(store, viewer, conversationId)
    const attachment = isOwnId(picture) ? attachmentId(picture) : undefined
    const found = attachment && (await store.attachments.find(attachment))
    const isOfTalk = found?.address.channel === talk.channel && found.address.merchantKey === talk.merchantKey
    if (attachment === undefined || !isOfTalk) throw new AppError('not_found', 'there is no such picture')
    await this.#act(viewer, id, 'remove_picture', (current, act) => ({
      ...asChange(removePicture(current, act, attachment)),
      result: undefined,
    }))
    await store.attachments.remove(attachment)
  }

  /** Writes a private note. With a `clientMsgId` idempotent: a copy gives the first note's seq again. */
  async note(viewer: Viewer, id: string, said: { text: string; clientMsgId?: string }): Promise<number> {
    return this.#act(viewer, id, 'note', (current, act) => {
      const key = said.clientMsgId === undefined ? {} : { key: keyOf(viewer, said.clientMsgId) }
      const { conversation, seq } = addNote(current, act, { text: hidden(said.text), ...key })
      return { ...(conversation === undefined ? {} : { conversation }), result: seq }
    })
  }

  async #sendPictures(viewer: Viewer, id: string, ids: readonly AttachmentId[]): Promise<SentPictures> {
    if (ids.length === 0) return { attachments: [] }
    const { store } = this.#needs
    const { conversationId } = await getTicket(store, viewer, id)
    const { channel, merchantKey } = await getConversation(store, viewer, conversationId)
    return sendPictures(store, { channel, merchantKey }, ids, viewer.member.id)
  }

  async #move(
    viewer: Viewer,
    id: string,
    action: AuditAction,
    decide: (current: Conversation | undefined, act: DeskAct) => Conversation,
  ): Promise<TicketRow> {
    await this.#act(viewer, id, action, (current, act) => ({
      conversation: decide(current, act),
      result: undefined,
    }))
    return getTicket(this.#needs.store, viewer, id)
  }

  async #act<Result>(
    viewer: Viewer,
    id: string,
    action: AuditAction,
    decide: (current: Conversation | undefined, act: DeskAct) => Decided<Result>,
  ): Promise<Result> {
    const { store, bus, clock, content } = this.#needs
    const row = await getTicket(store, viewer, id)
    const staff = await store.listStaff()
    const { channel, merchantKey } = await getConversation(store, viewer, row.conversationId)
    const address = { channel, merchantKey }
    const { id: memberId, name } = viewer.member
    const act: DeskAct = {
      ticketId: row.ticket.id,
      agent: { id: memberId, name },
      now: clock.now(),
      nameOf: (other) => staff.find((one) => one.id === other)?.name ?? 'somebody else',
      content: content(),
    }
    const { result, conversation } = await changeConversation(this.#needs, address, act.now, (current) => {
      const decided = decide(current, act)
      if (decided.conversation === undefined) return decided
      return { ...decided, audit: { at: act.now, agentId: memberId, action, ticketId: row.ticket.id } }
    })
    if (conversation !== undefined) bus.publish({ address, lastSeq: conversation.lastSeq })
    return result
  }
}

function asChange(conversation: Conversation | undefined): { readonly conversation?: Conversation } {
  return conversation === undefined ? {} : { conversation }
}

function keyOf({ member }: Viewer, clientMsgId: string): string {
  return `agent:${member.id}:${clientMsgId}`
}

function movesAny(viewer: Viewer): boolean {
  return viewer.member.role !== 'agent'
}

/**
 * Staff text as it is stored: card data and secrets masked, and the merchant's own number; other numbers, such as a
 * technician's, must reach the merchant.
 */
function hidden(text: string, conversation?: Conversation): string {
  const { text: masked } = mask(text, { phones: 'keep' })
  const phone = conversation?.dialogue.slots['contact_phone']
  if (phone === undefined) return masked
  const own = String(phone)
  return masked.replaceAll(own, mask(own, { phones: 'mask' }).text)
}
