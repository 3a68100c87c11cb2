import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Rewriting, Store } from '../../src/app/ports.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { afterErasure, erased, erasedLine, isErasable, withoutMerchant } from '../../src/core/erase.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { caseOf, quietTalk, shop, take, talkId, withMessage } from '../contracts/shop-talk.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'

const clock = { now: () => 1_764_000_000_000 }
const CANARY = 'kanarienvogel'
const ERASURE: Rewriting = {
  isWanted: isErasable,
  line: erasedLine,
  conversation: erased,
  finish: afterErasure,
}

async function leave(store: Store, n: number): Promise<void> {
  await store.turn(shop(n), (current) => ({
    conversation: withoutMerchant(current ?? quietTalk(shop(n), talkId(n)), 1),
    result: undefined,
  }))
}

/** A talk long enough for closed parts, a later one, and a ticket whose card says who it is. */
async function talkMuch(store: Store, n: number, says: string): Promise<void> {
  for (let message = 0; message < 130; message += 1) {
    await store.turn(shop(n), take(shop(n), talkId(n), `m-${message}`, `${says} ${message}`))
  }
  await store.turn(shop(n), (current) => {
    const next = withMessage(quietTalk(shop(n), talkId(n + 50), current), 'last', says)
    const ticket = caseOf(n, { status: 'resolved', fix: says })
    const card = { ...ticket.card, slots: { contact_name: says } }
    return { conversation: { ...next, tickets: [{ ...ticket, card }] }, result: undefined }
  })
}

describe('rewriting in the embedded store', () => {
  let dir: string
  let store: Store

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'posdesk-rewrite-'))
    store = await openLowdbStore(dir, { clock })
  })
  afterEach(async () => {
    await store.close()
    rmSync(dir, { recursive: true })
  })

  const filesWith = (text: string): readonly string[] =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const path = join(dir, name)
      return statSync(path).isFile() && readFileSync(path).includes(text)
    })

  it('leaves no byte of what was, in no file, and touches nobody else', async () => {
    await talkMuch(store, 1, CANARY)
    await talkMuch(store, 2, 'nachbar')
    await store.close()
    store = await openLowdbStore(dir, { clock })
    await leave(store, 1)
    const neighbours = filesWith('nachbar')
    expect(filesWith(CANARY).length).toBeGreaterThanOrEqual(4)
    expect(await store.rewrite(shop(1), ERASURE)).toBe(true)
    expect(filesWith(CANARY)).toEqual([])
    expect(filesWith('nachbar')).toEqual(neighbours)
    expect(await store.readLines(shop(1), 0, 1_000)).toHaveLength(262)
    await store.close()
    expect(filesWith(CANARY)).toEqual([])
    store = await openLowdbStore(dir, { clock })
    expect((await store.listTickets({ q: CANARY, limit: 9 })).rows).toEqual([])
    const lines = await store.readLines(shop(1), 0, 1_000)
    expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 262 }, (_, index) => index + 1))
  })

  it('removes damaged versions that were kept aside', async () => {
    await talkMuch(store, 1, CANARY)
    await leave(store, 1)
    await store.close()
    const path = filesWith(CANARY).find((name) => name.endsWith(`${talkId(51)}.json`)) ?? ''
    writeFileSync(join(dir, path), readFileSync(join(dir, path), 'utf8').replace(CANARY, `${CANARY}!`))
    store = await openLowdbStore(dir, { clock })
    await leave(store, 1)
    expect(filesWith(CANARY).some((name) => name.endsWith('.corrupt'))).toBe(true)
    expect(await store.rewrite(shop(1), ERASURE)).toBe(true)
    expect(filesWith(CANARY)).toEqual([])
  })
})

describe.each<[string, () => Promise<Store>]>([
  ['in memory', async () => new MemoryStore()],
  ['in files', () => openLowdbStore(mkdtempSync(join(tmpdir(), 'posdesk-rewrite-')), { clock })],
])('a rewriting %s', (_name, open) => {
  it('is done once, and only where it is wanted', async () => {
    const store = await open()
    await store.turn(shop(1), take(shop(1), talkId(1), 'first'))
    expect(await store.rewrite(shop(1), ERASURE)).toBe(false)
    expect(await store.rewrite(shop(9), ERASURE)).toBe(false)
    expect((await store.readLines(shop(1), 0, 9))[0]?.text).toBe('first')
    await leave(store, 1)
    expect(await store.rewrite(shop(1), ERASURE)).toBe(true)
    expect(await store.rewrite(shop(1), ERASURE)).toBe(false)
    const current: Conversation | undefined = await store.findCurrent(shop(1))
    expect([current?.leftAt, current?.dialogue.heard]).toEqual([undefined, []])
    await store.close()
  })
})
