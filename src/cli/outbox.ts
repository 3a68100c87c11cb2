import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { findByName, listUnsent, sendAgain, type UnsentLine } from '../app/deliveries.ts'
import { systemClock } from '../app/ids.ts'
import type { Store } from '../app/ports.ts'
import { loadConfig } from '../config.ts'
import { projectRoot } from '../content/project.ts'
import { AppError } from '../core/errors.ts'
import { openLowdbStore } from '../store/lowdb/open.ts'

const USAGE = `outbox [list] [--json]          lines that did not reach their merchant for sure, newest conversations first
outbox retry TICKET|CONVERSATION [SEQ]   queues a line, or all that failed, once more; sent at the next start
Works on the data folder while no server runs. A running server holds the folder: there, staff use the console.`
const MOST_CONVERSATIONS = 1_000
/** States from which a line may be sent once more. */
const STUCK = ['parked', 'failed', 'expired', 'unknown']

/** Looks at deliveries and queues them once more. Resolves to the exit code: 2 for what cannot be done. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  const [verb = 'list', name, seq, ...rest] = positionals
  const isList = verb === 'list' && name === undefined
  const isRetry = verb === 'retry' && name !== undefined && rest.length === 0 && /^\d*$/u.test(seq ?? '')
  if (values.help === true || !(isList || isRetry)) {
    process[values.help === true ? 'stdout' : 'stderr'].write(`${USAGE}\n`)
    return values.help === true ? 0 : 2
  }
  return withStore((store) =>
    isRetry
      ? retry(store, name, seq === undefined ? undefined : Number(seq))
      : list(store, values.json === true),
  )
}

async function withStore(work: (store: Store) => Promise<void>): Promise<number> {
  try {
    const store = await openFolder()
    await work(store).finally(() => store.close())
    return 0
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error
    process.stderr.write(`outbox: ${error.message}\n`)
    return 2
  }
}

async function openFolder(): Promise<Store> {
  const folder = resolve(projectRoot, loadConfig(process.env).dataDir)
  try {
    return await openLowdbStore(folder, { clock: systemClock })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    const message = `${error.message}. While the server runs, look at deliveries and send again in the console`
    throw new AppError('conflict', message, { cause: error })
  }
}

async function list(store: Store, asJson: boolean): Promise<void> {
  const lines = await listUnsent(store, MOST_CONVERSATIONS)
  if (asJson) {
    process.stdout.write(`${JSON.stringify(lines.map(toJson))}\n`)
    return
  }
  const rows = lines.map((line) => {
    const { ticket, conversationId, channel, seq, author, state, reason, attempts, createdAt } = toJson(line)
    return [
      ticket ?? conversationId,
      channel,
      String(seq),
      author,
      state,
      reason ?? '',
      String(attempts),
      createdAt,
    ]
  })
  const heading = ['ticket', 'channel', 'seq', 'author', 'state', 'reason', 'tries', 'since']
  process.stdout.write(rows.length === 0 ? 'nothing is waiting or lost\n' : table([heading, ...rows]))
}

async function retry(store: Store, name: string, seq: number | undefined): Promise<void> {
  const conversation = await findByName(store, name)
  const stuck = (conversation.outbox ?? []).filter(({ state }) => STUCK.includes(state))
  const seqs = seq === undefined ? stuck.map((entry) => entry.seq) : [seq]
  if (seqs.length === 0)
    throw new AppError('conflict', `nothing of ${name} is parked, failed, expired or unknown`)
  await sendAgain({ store, clock: systemClock }, conversation, seqs)
  process.stdout.write(`queued: ${seqs.join(' ')}\n`)
}

function toJson({ conversation, entry }: UnsentLine) {
  const { seq, state, reason, attempts, createdAt, nextAt, expiresAt } = entry
  const ticket = conversation.tickets.at(-1)?.number
  return {
    conversationId: conversation.id,
    ...(ticket === undefined ? {} : { ticket }),
    channel: conversation.channel,
    seq,
    author: conversation.transcript.find((line) => line.seq === seq)?.author ?? 'bot',
    state,
    ...(reason === undefined ? {} : { reason }),
    attempts,
    createdAt: new Date(createdAt).toISOString(),
    nextAt: new Date(nextAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  }
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return `${rows.map(line).join('\n')}\n`
}
