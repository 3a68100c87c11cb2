import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { storeContract } from '../contracts/store.contract.ts'

const clock = { now: () => 1_764_000_000_000 }

storeContract('the embedded store', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'posdesk-store-'))
  let store = await openLowdbStore(dir, { clock })
  return {
    store,
    async reopen() {
      await store.close()
      store = await openLowdbStore(dir, { clock })
      return store
    },
    async cleanup() {
      await store.close()
      await rm(dir, { recursive: true })
    },
  }
})
