/** Limits of the HTTP edge; each has a test. Times are milliseconds, sizes bytes. */
export type Limits = {
  readonly bodyBytes: number
  /** What vendors push: a long message comes several times over, as text and as blocks. */
  readonly pushBytes: number
  readonly jsonDepth: number
  readonly headerBytes: number
  readonly headerCount: number
  readonly connections: number
  readonly headersTimeoutMs: number
  /** For the whole request, uploads included. */
  readonly requestTimeoutMs: number
  /** For a JSON body. */
  readonly bodyTimeoutMs: number
  readonly connectionsCheckMs: number
  readonly keepAliveMs: number
  /** New widget sessions of one network in a minute. */
  readonly sessionsPerMinute: number
  /** After this an answer is too late for the response to WeChat, which hangs up after five seconds. */
  readonly wechatAnswerMs: number
  /** Messages a session may send at once; one comes back each second. */
  readonly messageBurst: number
  /** Streams and long-polls one network (an IPv4 address, an IPv6 /64) may hold open. */
  readonly watchersPerNetwork: number
  readonly uploadBytes: number
  /** Pictures one network may bring in a minute, good ones and bad. */
  readonly uploadsPerMinute: number
  /** Pictures on their way in, held in memory while they come. */
  readonly uploadsAtOnce: number
  readonly uploadsAtOncePerNetwork: number
  /** Pictures on their way out. */
  readonly picturesAtOnce: number
  readonly picturesAtOncePerNetwork: number
  readonly longestWaitMs: number
  readonly heartbeatMs: number
  /** A reader that takes nothing for this long is cut off; it resumes by its last id. */
  readonly stalledReaderMs: number
  /** Above this delay of the event loop no new anonymous sessions are opened. */
  readonly sheddingLagMs: number
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 64 * 1024,
  pushBytes: 1024 * 1024,
  jsonDepth: 32,
  headerBytes: 8 * 1024,
  headerCount: 64,
  connections: 12_000,
  headersTimeoutMs: 10_000,
  // 10 MB in a minute: 1.4 Mbit/s, what a shop's weak 4G still gives.
  requestTimeoutMs: 60_000,
  bodyTimeoutMs: 15_000,
  connectionsCheckMs: 5_000,
  keepAliveMs: 10_000,
  sessionsPerMinute: 100,
  wechatAnswerMs: 3_500,
  messageBurst: 5,
  // A shopping mall shares one address: room for 60 panels.
  watchersPerNetwork: 60,
  uploadBytes: 10 * 1024 * 1024,
  uploadsPerMinute: 30,
  uploadsAtOnce: 24,
  uploadsAtOncePerNetwork: 6,
  picturesAtOnce: 48,
  picturesAtOncePerNetwork: 16,
  longestWaitMs: 25_000,
  heartbeatMs: 15_000,
  stalledReaderMs: 30_000,
  sheddingLagMs: 200,
}
