import type { MerchantAddress } from './ports.ts'

export type TypingSide = 'merchant' | 'agent'

/** Passing signs that somebody is writing, in this process and never stored. */
export interface Typing {
  tell(address: MerchantAddress, by: TypingSide): void
  /** Calls `listener` for each sign in that merchant's talk until the returned function is called. */
  subscribe(address: MerchantAddress, listener: (by: TypingSide) => void): () => void
  subscribeAll(listener: (address: MerchantAddress, by: TypingSide) => void): () => void
}

type Listener = (address: MerchantAddress, by: TypingSide) => void

/** Makes the passing signs that somebody is writing. A listener that throws keeps no other from hearing. */
export function createTyping(): Typing {
  const listeners = new Set<Listener>()
  const subscribeAll = (listener: Listener): (() => void) => {
    const own: Listener = (address, by) => listener(address, by)
    listeners.add(own)
    return () => void listeners.delete(own)
  }
  return {
    tell(address, by) {
      for (const listener of [...listeners]) {
        try {
          listener(address, by)
        } catch {
          // A sign is worth nothing a second later: there is nobody to tell.
        }
      }
    },
    subscribeAll,
    subscribe: (wanted, listener) =>
      subscribeAll(({ channel, merchantKey }, by) => {
        if (channel === wanted.channel && merchantKey === wanted.merchantKey) listener(by)
      }),
  }
}
