declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type ConversationId = Branded<'ConversationId'>
export type TicketId = Branded<'TicketId'>
export type AgentId = Branded<'AgentId'>
export type AttachmentId = Branded<'AttachmentId'>

const OWN_ID = /^[a-z0-9]{26}$/

/** Says whether a string has the form of an id made here: 26 lower-case letters and digits (about 134 bits). */
export function isOwnId(text: string): boolean {
  return OWN_ID.test(text)
}

/* eslint-disable @typescript-eslint/consistent-type-assertions -- the one place where a string becomes an id */

/** Brands a string as a conversation id. The caller has made it or checked it with `isOwnId`. */
export function conversationId(text: string): ConversationId {
  return text as ConversationId
}

/** Brands a string as a ticket id. The caller has made it or checked it with `isOwnId`. */
export function ticketId(text: string): TicketId {
  return text as TicketId
}

/** Brands a string as an agent id. The caller has made it or checked it with `isOwnId`. */
export function agentId(text: string): AgentId {
  return text as AgentId
}

/** Brands a string as an attachment id. The caller has made it or checked it with `isOwnId`. */
export function attachmentId(text: string): AttachmentId {
  return text as AttachmentId
}
