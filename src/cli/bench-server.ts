import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'

import { createIds, systemClock } from '../app/ids.ts'
import type { Log } from '../app/log.ts'
import type { Received } from '../app/channel-ports.ts'
import { loadConfig } from '../config.ts'
import { loadProject } from '../content/load-project.ts'
import { projectContent } from '../content/project.ts'
import { emptyDialogue } from '../core/conversation.ts'
import { conversationId } from '../core/ids.ts'
import { assemble } from '../server-app.ts'
import { nodeFs } from '../store/lowdb/durable-fs.ts'
import { DurableWriter } from '../store/lowdb/durable-writer.ts'
import { openLowdbStore } from '../store/lowdb/open.ts'

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const NO_LIMIT = 1_000_000_000

/**
 * Serves for the benchmark until stdin ends: `full` is the product with its limits lifted, `bare BYTES` the same
 * Express and Botkit with one durable write of that many bytes and nothing in between.
 */
export async function run(args: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'posdesk-bench-'))
  const stop = new Promise<void>((resolve) => {
    process.stdin.on('end', resolve).resume()
  })
  try {
    if (args[0] === 'full') await serveFull(folder, stop)
    else await serveBare(folder, Number(args[1] ?? 4000), stop)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

async function serveFull(folder: string, stop: Promise<void>): Promise<void> {
  const store = await openLowdbStore(folder, { clock: systemClock })
  const { server } = await assemble({
    config: loadConfig({ PORT: '0', POSDESK_ADMIN_PASSWORD: 'a long password for a bench' }),
    content: loadProject(projectContent()),
    store,
    clock: systemClock,
    ids: createIds(),
    log: SILENT,
    version: 'bench',
    limits: { messageBurst: NO_LIMIT, sessionsPerMinute: NO_LIMIT, sheddingLagMs: NO_LIMIT },
  })
  const { url, ready } = await server.listen()
  await ready
  process.stdout.write(`${JSON.stringify({ url, folder })}\n`)
  await stop
  await server.close(1000)
  await store.close()
}

async function serveBare(folder: string, bytes: number, stop: Promise<void>): Promise<void> {
  const { createHub } = await import('../channels/botkit/hub.ts')
  const writer = new DurableWriter(nodeFs, () => {})
  const payload = Buffer.alloc(bytes, 'x')
  const hub = createHub({
    channels: [{ name: 'web', deliver: async () => {} }],
    deadlineMs: 10_000,
    onError: () => {},
    receive: async ({ address }): Promise<Received> => {
      await writer.write(join(folder, address.merchantKey), payload)
      return bareAnswer(address.merchantKey)
    },
  })
  let count = 0
  const app = express()
  app.post('/widget/v1/messages', express.json(), (request, response, next) => {
    const merchantKey = String(request.headers.authorization).slice('Bearer '.length)
    count++
    hub
      .receive({
        address: { channel: 'web', merchantKey },
        dedupeKey: String(count),
        content: { kind: 'text', text: 'bench' },
      })
      .then(({ seq }) => response.end(JSON.stringify({ seq })), next)
  })
  const server = app.listen(0, '127.0.0.1', () => {
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}`, folder })}\n`)
  })
  await stop
  server.closeAllConnections()
  server.close()
}

function bareAnswer(merchantKey: string): Received {
  return {
    seq: 1,
    repeated: false,
    replies: [{ seq: 2, author: 'bot', text: 'ok', at: 0 }],
    conversation: {
      id: conversationId(merchantKey),
      channel: 'web',
      merchantKey,
      createdAt: 0,
      updatedAt: 0,
      holder: 'bot',
      epoch: 1,
      dialogue: emptyDialogue(),
      firstSeq: 1,
      lastSeq: 2,
      processedSeq: 1,
      transcript: [],
      tickets: [],
      dedupe: [],
      conversations: 1,
    },
  }
}
