import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/app/ids.ts'
import type { Store } from '../../src/app/ports.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { claimEntry, recordOutcome } from '../../src/core/outbox-lane.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { caseOf, talkId } from '../contracts/shop-talk.ts'
import { afterLines, pushed } from '../fixtures/push-talk.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const NUMBER = '261125-00001'
const noodles = pushed(1)
let folder = ''

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posdesk-outbox-'))
  const store = await openLowdbStore(folder, { clock: systemClock })
  const failed = { kind: 'failed', reason: 'unreachable' } as const
  await store.turn(noodles, () => ({
    conversation: become({ ...talk(), tickets: [caseOf(1)] }, 2, failed),
    result: 0,
  }))
  await store.close()
})

afterEach(() => rmSync(folder, { recursive: true }))

function talk(): Conversation {
  const base = afterLines(undefined, noodles, 1, ['merchant', 'bot', 'bot', 'agent'], systemClock.now())
  return become(become(base, 3, { kind: 'sent' }), 4, { kind: 'unknown', reason: 'no_answer' })
}

function become(
  conversation: Conversation,
  seq: number,
  outcome: Parameters<typeof recordOutcome>[2],
): Conversation {
  const settings = { now: systemClock.now(), random: 0 }
  return recordOutcome(claimEntry(conversation, seq), seq, outcome, settings)
}

/** Runs the command as its npm script does, on the folder of the test. */
function outbox(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'cli/outbox', ...args], {
      env: { ...process.env, POSDESK_DATA_DIR: folder },
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('close', (code) => done({ code, out, err }))
  })
}

/** Opens the folder as a server does. */
async function withStore<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openLowdbStore(folder, { clock: systemClock })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

const states = () =>
  withStore(async (store) =>
    ((await store.findConversation(talkId(1)))?.outbox ?? []).map(({ seq, state }) => `${seq} ${state}`),
  )

describe('the outbox command', () => {
  it('lists what did not arrive for sure, for people and for machines, without a word of anybody', async () => {
    const people = await outbox()
    expect(people.code).toBe(0)
    const rows = people.out
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/u))
    expect(rows[0]?.slice(0, 5)).toEqual(['ticket', 'channel', 'seq', 'author', 'state'])
    expect(rows[1]?.slice(0, 6)).toEqual([NUMBER, 'slack', '2', 'bot', 'failed', 'unreachable'])
    expect(rows[2]?.slice(0, 6)).toEqual([NUMBER, 'slack', '4', 'agent', 'unknown', 'no_answer'])
    expect(rows).toHaveLength(3)
    const machines = await outbox('list', '--json')
    const found: unknown = JSON.parse(machines.out)
    expect(found).toMatchObject([
      { conversationId: talkId(1), ticket: NUMBER, seq: 2, state: 'failed', attempts: 0 },
      { seq: 4, author: 'agent', state: 'unknown' },
    ])
    expect(people.out + machines.out).not.toMatch(/第.句/u)
  })

  it('queues one line once more, by the ticket’s number, or all that are stuck, by the conversation', async () => {
    expect(await outbox('retry', NUMBER, '2')).toMatchObject({ code: 0, out: 'queued: 2\n' })
    expect(await states()).toEqual(['2 queued', '3 sent', '4 unknown'])
    expect(await outbox('retry', talkId(1))).toMatchObject({ code: 0, out: 'queued: 4\n' })
    expect(await states()).toEqual(['2 queued', '3 sent', '4 queued'])
  })

  it.each([
    [['retry', NUMBER, '3'], /line 3 is sent/u],
    [['retry', NUMBER, '99'], /line 99 is not in the outbox/u],
    [['retry', '261125-99999'], /"261125-99999" is no ticket number/u],
    [['retry', '../../etc/passwd'], /is no ticket number/u],
    [['retry'], /^outbox \[list\]/u],
    [['retry', NUMBER, 'two'], /^outbox \[list\]/u],
    [['send'], /^outbox \[list\]/u],
  ])('refuses %j and changes nothing', async (args, message) => {
    const { code, out, err } = await outbox(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
    expect(await states()).toEqual(['2 failed', '3 sent', '4 unknown'])
  })

  it('leaves a folder that a server holds alone, and says where to go', async () => {
    await withStore(async () => {
      const { code, err } = await outbox()
      expect(code).toBe(2)
      expect(err).toMatch(/in use by process \d+.*in the console/u)
    })
  })
})
