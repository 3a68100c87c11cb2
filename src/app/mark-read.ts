import { markedRead } from '../core/desk/mark-read.ts'
import type { Bus, MerchantAddress, Store } from './ports.ts'

/**
 * Notes up to which seq a merchant has seen the talk. Written only when lines of staff are among what is new, so that
 * reading costs no write; idempotent, never goes back. Rejects as the store does.
 */
export async function markRead(
  { store, bus }: { readonly store: Store; readonly bus: Bus },
  address: MerchantAddress,
  seq: number,
): Promise<void> {
  const current = await store.findCurrent(address)
  if (current === undefined || markedRead(current, seq) === undefined) return
  const lastSeq = await store.turn(address, (talk) => {
    const marked = talk === undefined ? undefined : markedRead(talk, seq)
    return marked === undefined ? { result: undefined } : { conversation: marked, result: marked.lastSeq }
  })
  if (lastSeq !== undefined) bus.publish({ address, lastSeq })
}
