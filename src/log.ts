import { pino, type DestinationStream } from 'pino'
import type { Log, LogFields } from './app/log.ts'
import type { LogLevel } from './config.ts'
import { AppError } from './core/errors.ts'

const MAX_FIELD = 200
const MAX_STACK = 4_000

/** Makes the log: one JSON object a line with the event, the time and allow-listed fields only. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const logger = destination ? pino(options, destination) : pino(options)
  return {
    debug: (event, fields) => logger.debug(allowed(fields), event),
    info: (event, fields) => logger.info(allowed(fields), event),
    warn: (event, fields) => logger.warn(allowed(fields), event),
    error: (event, fields) => logger.error(allowed(fields), event),
  }
}

function allowed(fields: LogFields = {}): Record<string, unknown> {
  // Named one by one: a field that some caller smuggles in at run time stays out.
  const { requestId, method, route, status, code, channel, conversationId, ticketId, agentId } = fields
  const { seq, count, ms, url, reason, file, error } = fields
  const texts = {
    requestId,
    method,
    route,
    code,
    channel,
    conversationId,
    ticketId,
    agentId,
    url,
    reason,
    file,
  }
  const capped = Object.entries(texts).map(([name, text]) => [name, text?.slice(0, MAX_FIELD)])
  return {
    ...Object.fromEntries(capped),
    status,
    seq,
    count,
    ms: ms === undefined ? undefined : Math.round(ms * 10) / 10,
    error: error === undefined ? undefined : describeError(error, 0),
  }
}

function describeError(error: unknown, depth: number): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  return {
    name: error.name,
    code: error instanceof AppError ? error.code : undefined,
    message: error.message.slice(0, MAX_FIELD),
    stack: error.stack?.slice(0, MAX_STACK),
    cause: error.cause === undefined || depth >= 3 ? undefined : describeError(error.cause, depth + 1),
  }
}
