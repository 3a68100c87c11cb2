import type { ErrorCode } from '../core/errors.ts'

/** The only facts that may enter a log: ids, names, numbers. What people wrote is not among them. */
export type LogFields = {
  readonly requestId?: string | undefined
  readonly method?: string | undefined
  /** Route pattern, never the address that was asked for. */
  readonly route?: string | undefined
  readonly status?: number | undefined
  readonly code?: ErrorCode | undefined
  readonly channel?: string | undefined
  readonly conversationId?: string | undefined
  readonly ticketId?: string | undefined
  readonly agentId?: string | undefined
  readonly seq?: number | undefined
  readonly count?: number | undefined
  readonly ms?: number | undefined
  readonly url?: string | undefined
  /** A fixed word that tells apart the causes of one event. */
  readonly reason?: string | undefined
  readonly file?: string | undefined
  readonly error?: unknown
}

/** Where events are told. Event names are dotted and in the past tense: `ticket.opened`. Never throws. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}
