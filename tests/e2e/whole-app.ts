import { createIds, systemClock } from '../../src/app/ids.ts'
import type { Log } from '../../src/app/log.ts'
import { loadConfig } from '../../src/config.ts'
import type { Clock } from '../../src/app/ports.ts'
import type { Content } from '../../src/core/content.ts'
import type { Limits } from '../../src/http/limits.ts'
import { assemble } from '../../src/server-app.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { shippedContent } from '../fixtures/content.ts'
import { PASSWORD } from '../fixtures/running-server.ts'

export const ADMIN = 'owner@shop.example'

export type WholeApp = {
  readonly url: string
  /** Every log line as it would be written. */
  readonly logged: readonly string[]
  close(): Promise<void>
}

/** Starts the product as `main` does, on a free port and a folder of the test's own. */
export async function startWholeApp(
  folder: string,
  options: {
    readonly content?: Content
    readonly limits?: Partial<Limits>
    readonly assetsDir?: string
    /** Variables besides port and admin. */
    readonly environment?: Readonly<Record<string, string>>
    readonly clock?: Clock
  } = {},
): Promise<WholeApp> {
  const logged: string[] = []
  const write = (event: string, fields?: object): void => {
    logged.push(JSON.stringify({ event, ...fields }))
  }
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const clock = options.clock ?? systemClock
  const store = await openLowdbStore(folder, { clock })
  const env = {
    PORT: '0',
    POSDESK_ADMIN_EMAIL: ADMIN,
    POSDESK_ADMIN_PASSWORD: PASSWORD,
    ...options.environment,
  }
  const { server, startWork } = await assemble({
    config: loadConfig(env),
    content: options.content ?? shippedContent(),
    store,
    clock,
    ids: createIds(),
    log,
    version: 'test',
    ...(options.assetsDir === undefined ? {} : { assetsDir: options.assetsDir }),
    limits: { messageBurst: 1000, sessionsPerMinute: 1000, ...options.limits },
  })
  const { url, ready } = await server.listen()
  await ready
  const stopWork = startWork()
  return {
    url,
    logged,
    async close() {
      await stopWork()
      await server.close(2000)
      await store.close()
    },
  }
}
