import type { Priority, TicketReason } from './ticket.ts'

/** What a turn decided, as data: for the log, the metrics and whoever watches. Already part of the conversation. */
export type Effect =
  | {
      readonly kind: 'ticket.opened'
      readonly number: string
      readonly priority: Priority
      readonly reason: TicketReason
    }
  | { readonly kind: 'ticket.raised'; readonly number: string; readonly priority: Priority }
  | { readonly kind: 'conversation.handed_off'; readonly epoch: number }
  | { readonly kind: 'flow.started'; readonly flow: string }
  | { readonly kind: 'flow.ended'; readonly flow: string; readonly end: string }
  | { readonly kind: 'problem.closed'; readonly flow: string }
