import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { attachmentsContract, bytesOf, pictureId, pictureOf } from '../contracts/attachments.contract.ts'
import { openedLowdb } from '../fixtures/opened-lowdb.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'

const clock = { now: () => 1_764_000_000_000 }

attachmentsContract('the embedded store', openedLowdb)

attachmentsContract('the store in memory', async () => {
  const store = new MemoryStore()
  return { store, reopen: async () => store, cleanup: async () => {} }
})

describe('pictures as files', () => {
  let dir: string
  let store: Store

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'posdesk-pictures-'))
    store = await openLowdbStore(dir, { clock })
  })
  afterEach(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })

  const pictureFiles = async (): Promise<string[]> =>
    (await readdir(join(dir, 'attachments'), { recursive: true })).filter((name) => name.endsWith('.picture'))

  it('lie in the store’s folder under our own ids, unsent ones apart', async () => {
    for (const n of [1, 2]) await store.attachments.save(pictureOf(n), bytesOf(n))
    await store.attachments.markSent([pictureId(2)])
    const files = (await pictureFiles()).sort()
    expect(files).toHaveLength(2)
    expect(files[0]).toMatch(/^[0-9a-f]{2}\/picture0{7}0{11}2\.picture$/)
    expect(files[1]).toMatch(/^unsent\/picture0{7}0{11}1\.1000\.picture$/)
  })

  it('are never served altered: whichever byte is changed is noticed and named', async () => {
    await store.attachments.save(pictureOf(1), bytesOf(1))
    const [name = ''] = await pictureFiles()
    const path = join(dir, 'attachments', name)
    const whole = await readFile(path)
    for (let at = 0; at < whole.length; at += 97) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 0x20
      await writeFile(path, changed)
      await expect(store.attachments.read(pictureId(1)), `byte ${at}`).rejects.toMatchObject({
        code: 'internal',
      })
    }
    for (const length of [0, 10, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, length))
      await expect(store.attachments.read(pictureId(1))).rejects.toThrow(path)
    }
  })

  it('do not survive as half-written files', async () => {
    const litter = join(dir, 'attachments', 'unsent', 'x.1000.picture.abc.tmp')
    await writeFile(litter, 'half')
    await store.close()
    store = await openLowdbStore(dir, { clock })
    expect(await readdir(join(dir, 'attachments', 'unsent'))).toEqual([])
  })

  it('are taken no more once the store is closed', async () => {
    await store.close()
    await expect(store.attachments.save(pictureOf(1), bytesOf(1))).rejects.toMatchObject({
      code: 'unavailable',
    })
  })
})
