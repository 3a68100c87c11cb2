import type { z } from 'zod'
import { retryDelivery } from '../app/deliveries.ts'
import type { Desk } from '../app/desk.ts'
import { type Bus, type Clock, ROLES, type Store, type TicketRow } from '../app/ports.ts'
import type { Typing } from '../app/typing.ts'
import { attachmentId } from '../core/ids.ts'
import type { Viewer } from '../app/staff-sessions.ts'
import { ClaimBody, NoteBody, PresenceBody, ReplyBody, ResolveBody, TransferBody } from './desk-schema.ts'
import type { Presence } from './presence.ts'
import { renderMovedTicket } from './render.ts'
import { Nothing, type Route, type RouteMaker } from './route.ts'
import { MovedTicketAnswer, SeqAnswer } from './schema.ts'
import { getConversation, getTicket } from '../app/access.ts'

export type DeskActNeeds = {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly desk: Desk
  readonly presence: Presence
  readonly typing: Typing
}

/** What staff do with one ticket: contract.md §3. */
export function createDeskActRoutes(make: RouteMaker, needs: DeskActNeeds): Route[] {
  const { store, desk, presence, typing } = needs
  const json = 'application/json'

  function act<Body extends z.ZodType>(
    name: string,
    summary: string,
    body: Body,
    run: (viewer: Viewer, id: string, body: z.output<Body>) => Promise<TicketRow>,
  ): Route {
    return make.forStaff(
      ROLES,
      {
        method: 'post',
        path: `/desk/v1/tickets/:id/${name}`,
        summary,
        body,
        query: Nothing,
        answer: { status: 200, type: json, schema: MovedTicketAnswer },
      },
      async (call, viewer) => {
        const row = await run(viewer, String(call.request.params['id']), call.body)
        return { status: 200, json: renderMovedTicket(row, await store.listStaff()) }
      },
    )
  }

  const reply = make.forStaff(
    ROLES,
    {
      method: 'post',
      path: '/desk/v1/tickets/:id/reply',
      summary: 'Answers the merchant; the same clientMsgId gives the first answer again',
      body: ReplyBody,
      query: Nothing,
      answer: { status: 200, type: json, schema: SeqAnswer },
    },
    async ({ request, body }, viewer) => {
      const { clientMsgId, text = '', attachmentIds = [], epoch } = body
      const said = {
        clientMsgId,
        text,
        attachmentIds: attachmentIds.map(attachmentId),
        ...(epoch === undefined ? {} : { epoch }),
      }
      return { status: 200, json: { seq: await desk.reply(viewer, String(request.params['id']), said) } }
    },
  )

  const note = make.forStaff(
    ROLES,
    {
      method: 'post',
      path: '/desk/v1/tickets/:id/notes',
      summary: 'Writes a private note on the ticket; the same clientMsgId gives the first note again',
      body: NoteBody,
      query: Nothing,
      answer: { status: 200, type: json, schema: SeqAnswer },
    },
    async ({ request, body: { text, clientMsgId } }, viewer) => {
      const said = { text, ...(clientMsgId === undefined ? {} : { clientMsgId }) }
      return { status: 200, json: { seq: await desk.note(viewer, String(request.params['id']), said) } }
    },
  )

  const sendAgain = make.forStaff(
    ROLES,
    {
      method: 'post',
      path: '/desk/v1/conversations/:id/outbox/:seq/retry',
      summary: 'Sends a line once more that did not arrive; only for the holder, a lead or an admin',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: json, schema: SeqAnswer },
    },
    async ({ request }, viewer) => {
      const { id, seq } = request.params
      const line = /^\d{1,15}$/.test(String(seq)) ? Number(seq) : 0
      await retryDelivery(needs, viewer, String(id), line)
      return { status: 200, json: { seq: line } }
    },
  )

  const tellPresence = make.forStaff(
    ROLES,
    {
      method: 'post',
      path: '/desk/v1/tickets/:id/presence',
      summary: 'Tells that somebody looks at the ticket, types, or has left',
      body: PresenceBody,
      query: Nothing,
      answer: { status: 200, type: json, schema: Nothing },
    },
    async ({ request, body }, viewer) => {
      const { ticket, conversationId } = await getTicket(store, viewer, String(request.params['id']))
      presence.tell(ticket.id, viewer.member, body.state)
      if (body.state === 'typing' && ticket.assignee === viewer.member.id) {
        const { channel, merchantKey } = await getConversation(store, viewer, conversationId)
        typing.tell({ channel, merchantKey }, 'agent')
      }
      return { status: 200, json: {} }
    },
  )

  return [
    act('claim', 'Takes the ticket', ClaimBody, (viewer, id, { version }) => desk.claim(viewer, id, version)),
    act('release', 'Puts the ticket back into the queue', Nothing, (viewer, id) => desk.release(viewer, id)),
    act('transfer', 'Gives the ticket to another agent', TransferBody, (viewer, id, { agentId }) =>
      desk.transfer(viewer, id, agentId),
    ),
    act(
      'resolve',
      'Closes the case with the fix that worked',
      ResolveBody,
      (viewer, id, { fix, note: why }) =>
        desk.resolve(viewer, id, {
          ...(fix === undefined ? {} : { fix }),
          ...(why === undefined ? {} : { note: why }),
        }),
    ),
    act('handback', 'Gives the talk back to the bot', Nothing, (viewer, id) => desk.handBack(viewer, id)),
    reply,
    note,
    sendAgain,
    tellPresence,
  ]
}
